import { rotationScheduled } from "../../../checks/gcp/rotation-scheduled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey } from "../../support/gcp-kms-key.ts";

const day = 86_400_000;

testCheck(rotationScheduled, {
  pass: [
    { name: "a period and a next time", resource: gcpKmsKey(), message: "every 90 days, next at 2026-12-01T00:00:00Z" },
    {
      name: "a period alone",
      resource: gcpKmsKey({ rotation: known({ period: 365 * day, next: null }) }),
      message: "365 days",
    },
  ],
  fail: [
    {
      name: "no period",
      resource: gcpKmsKey({ rotation: known({ period: null, next: null }) }),
      message: "no rotation period",
    },
  ],
  "not-applicable": [
    { name: "a key that signs", resource: gcpKmsKey({ purpose: known("ASYMMETRIC_SIGN") }) },
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) },
  ],
  unknown: [{ name: "not reported", resource: gcpKmsKey({ rotation: unreadable("not-reported", "") }) }],
});
