// Refused: is not assignable to type '"azure.vault-key"'
import { keyExists } from "../../../checks/azure/key-exists.ts";
import { testCheck } from "../../support/check-tester.ts";

const other = { kind: "aws.kms-key", facts: {} } as const;

testCheck(keyExists, {
  pass: [{ name: "of another provider", resource: other }],
  fail: "cannot-happen",
  "not-applicable": "cannot-happen",
  unknown: [{ name: "of another provider", resource: other }],
});
