import { kmsApiEnabled } from "../../../checks/gcp/kms-api-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey } from "../../support/gcp-kms-key.ts";

const service = (state: string) => known({ service: "cloudkms.googleapis.com", state });
const denied = unreadable("access-denied", "");
const switchedOff = unreadable("api-disabled", "cloudkms.googleapis.com is not enabled in projects/999");

testCheck(kmsApiEnabled, {
  pass: [
    { name: "enabled", resource: gcpKmsKey() },
    {
      name: "nobody says, and Cloud KMS answers",
      resource: gcpKmsKey({ kms_service: denied }),
      message: "answers about the keys",
    },
    {
      name: "enabled, and switched off in another project: that of the service itself",
      resource: gcpKmsKey({ existence: switchedOff }),
    },
  ],
  fail: [
    { name: "disabled", resource: gcpKmsKey({ kms_service: service("DISABLED") }), message: "in state DISABLED" },
    {
      name: "disabled, and so nothing can be read of the key",
      resource: gcpKmsKey({ kms_service: service("DISABLED"), existence: switchedOff }),
      message: "in state DISABLED",
    },
    {
      name: "nobody says but Cloud KMS itself",
      resource: gcpKmsKey({ kms_service: denied, existence: switchedOff }),
      message: "not enabled in projects/999",
    },
    {
      name: "a state that is not invented yet",
      resource: gcpKmsKey({ kms_service: service("FROZEN") }),
      message: "FROZEN",
    },
  ],
  "not-applicable": "cannot-happen",
  unknown: [{ name: "nothing may be read", resource: gcpKmsKey({ kms_service: denied, existence: denied }) }],
});
