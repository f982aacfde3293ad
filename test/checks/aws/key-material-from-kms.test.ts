import { keyMaterialFromKms } from "../../../checks/aws/key-material-from-kms.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(keyMaterialFromKms, {
  pass: [{ name: "made by AWS KMS", resource: awsKmsKey() }],
  fail: [
    { name: "imported", resource: awsKmsKey({ origin: known("EXTERNAL") }), message: "was imported" },
    { name: "CloudHSM key store", resource: awsKmsKey({ origin: known("AWS_CLOUDHSM") }), message: "AWS CloudHSM" },
    {
      name: "external key store",
      resource: awsKmsKey({ origin: known("EXTERNAL_KEY_STORE") }),
      message: "outside AWS",
    },
    {
      name: "an origin not yet invented",
      resource: awsKmsKey({ origin: known("MOON") }),
      message: "origin is MOON: an origin that is not known",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "origin not reported", resource: awsKmsKey({ origin: unreadable("not-reported", "") }) }],
});
