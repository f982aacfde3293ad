import { destroyDelayIsSafe } from "../../../checks/gcp/destroy-delay-is-safe.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey } from "../../support/gcp-kms-key.ts";

const day = 86_400_000;
const delay = (days: number) => gcpKmsKey({ destroy_delay: known(days * day) });

testCheck(destroyDelayIsSafe, {
  pass: [
    { name: "the usual 30 days", resource: gcpKmsKey(), message: "30 days" },
    { name: "just long enough", resource: delay(7) },
    { name: "one day where that is enough", resource: delay(1), settings: { min_destroy_delay: day } },
  ],
  fail: [
    { name: "one day", resource: delay(1), message: "cannot be changed after creation" },
    { name: "almost long enough", resource: delay(6.5), message: "6.5 days" },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "not reported", resource: gcpKmsKey({ destroy_delay: unreadable("not-reported", "") }) }],
});
