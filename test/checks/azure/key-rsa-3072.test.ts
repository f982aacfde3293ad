import { keyRsa3072 } from "../../../checks/azure/key-rsa-3072.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const notReported = unreadable("not-reported", "");
const keyOf = (type: string, size: number | null) => azureVaultKey({ key_type: known(type), key_size: known(size) });

testCheck(keyRsa3072, {
  pass: [
    { name: "RSA-HSM of 3072 bits", resource: azureVaultKey(), message: "RSA-HSM with 3072 bits" },
    { name: "RSA of 3072 bits", resource: keyOf("RSA", 3072) },
    { name: "RSA of 4096 bits", resource: keyOf("RSA", 4096), message: "RSA with 4096 bits" },
    { name: "in other letters", resource: keyOf("rsa-hsm", 4096) },
    { name: "in a managed HSM", resource: azureHsmKey() },
  ],
  fail: [
    { name: "RSA of 2048 bits", resource: keyOf("RSA", 2048), message: "2048 bits, fewer than 3072" },
    { name: "RSA of 3071 bits", resource: keyOf("RSA-HSM", 3071), message: "3071 bits" },
    { name: "an elliptic curve", resource: keyOf("EC", null), message: "the key's type is EC, not RSA" },
    { name: "an elliptic curve in hardware", resource: keyOf("EC-HSM", null), message: "EC-HSM" },
    { name: "a symmetric key", resource: keyOf("oct-HSM", 256), message: "oct-HSM" },
    { name: "a type that is not invented yet", resource: keyOf("RSA-PQ", 8192), message: "RSA-PQ, not RSA" },
    {
      name: "another type, of which no size is known",
      resource: azureVaultKey({ key_type: known("EC"), key_size: notReported }),
      message: "EC",
    },
    {
      name: "too few bits, whatever the type",
      resource: azureVaultKey({ key_type: notReported, key_size: known(2048) }),
      message: "2048 bits",
    },
  ],
  "not-applicable": [
    {
      name: "no such key",
      resource: azureVaultKey({ existence: known("absent"), key_type: unreadable("not-found", "") }),
    },
  ],
  unknown: [
    { name: "the type is not reported", resource: azureVaultKey({ key_type: notReported }), message: "key_type" },
    { name: "the size is not reported", resource: azureVaultKey({ key_size: notReported }) },
    { name: "RSA, and Azure says of no size", resource: keyOf("RSA", null), message: "does not say how many bits" },
    { name: "neither may be read", resource: azureVaultKey({ key_type: denied, key_size: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});
