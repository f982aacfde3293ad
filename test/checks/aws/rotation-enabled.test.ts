import { rotationEnabled } from "../../../checks/aws/rotation-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "", { call: "kms:GetKeyRotationStatus" });
const off = known({ enabled: false, period_days: null });

testCheck(rotationEnabled, {
  pass: [
    { name: "on", resource: awsKmsKey(), message: "every 365 days" },
    {
      name: "on, the period not told",
      resource: awsKmsKey({ rotation: known({ enabled: true, period_days: null }) }),
      message: /is on$/,
    },
    { name: "on, for a key switched off", resource: awsKmsKey({ state: known("Disabled") }) },
  ],
  fail: [
    { name: "off", resource: awsKmsKey({ rotation: off }), message: "is off", severity: "low" },
    { name: "off, for a key switched off", resource: awsKmsKey({ rotation: off, state: known("Disabled") }) },
  ],
  "not-applicable": [
    {
      name: "imported material, rotation denied",
      resource: awsKmsKey({ origin: known("EXTERNAL"), rotation: denied }),
    },
    { name: "a custom key store", resource: awsKmsKey({ origin: known("AWS_CLOUDHSM"), rotation: off }) },
    { name: "an external key store", resource: awsKmsKey({ origin: known("EXTERNAL_KEY_STORE") }) },
    { name: "an asymmetric key", resource: awsKmsKey({ spec: known("RSA_2048"), rotation: off }) },
    { name: "deletion pending", resource: awsKmsKey({ state: known("PendingDeletion"), rotation: off }) },
    { name: "deletion pending for replicas", resource: awsKmsKey({ state: known("PendingReplicaDeletion") }) },
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "rotation denied", resource: awsKmsKey({ rotation: denied }) },
    { name: "rotation not read yet", resource: awsKmsKey({ rotation: unreadable("not-read-yet", "") }) },
    { name: "origin not reported", resource: awsKmsKey({ origin: unreadable("not-reported", "") }) },
  ],
});
