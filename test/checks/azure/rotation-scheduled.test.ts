import { rotationScheduled } from "../../../checks/azure/rotation-scheduled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(rotationScheduled, {
  pass: [
    { name: "a policy that rotates", resource: azureVaultKey(), message: "a rotation policy rotates the key" },
    { name: "in a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    {
      name: "no policy",
      resource: azureVaultKey({ rotation_policy: known(null) }),
      message: "no rotation policy is set",
    },
    {
      name: "a policy that only notifies",
      resource: azureVaultKey({ rotation_policy: known({ rotates: false }) }),
      message: "the rotation policy does not rotate the key",
    },
    { name: "no policy in a managed HSM", resource: azureHsmKey({ rotation_policy: known(null) }) },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [{ name: "not reported", resource: azureVaultKey({ rotation_policy: unreadable("not-reported", "") }) }],
});
