import { accessJustificationsAllowUse } from "../../../checks/gcp/access-justifications-allow-use.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey } from "../../support/gcp-kms-key.ts";

const allowing = (...allowed_reasons: string[]) => gcpKmsKey({ justifications: known({ allowed_reasons }) });

testCheck(accessJustificationsAllowUse, {
  pass: [
    { name: "no policy", resource: gcpKmsKey() },
    { name: "customer-initiated access", resource: allowing("CUSTOMER_INITIATED_ACCESS") },
    { name: "and others", resource: allowing("CUSTOMER_INITIATED_SUPPORT", "CUSTOMER_INITIATED_ACCESS") },
  ],
  fail: [
    { name: "an empty list", resource: allowing(), message: "an empty list, which refuses every use" },
    {
      name: "other reasons only",
      resource: allowing("GOOGLE_INITIATED_SERVICE"),
      message: "it allows GOOGLE_INITIATED_SERVICE",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "not reported", resource: gcpKmsKey({ justifications: unreadable("not-reported", "") }) }],
});
