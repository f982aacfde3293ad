import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const rsaTypes = ["rsa", "rsa-hsm"];
const leastBits = 3072;

export const keyRsa3072 = defineCheck({
  id: "azure/key-rsa-3072",
  title: "The key is an RSA key of at least 3072 bits",
  resource: "azure.vault-key",
  severity: "high",
  why: "Anthropic wraps with RSA. A key of another type refuses to, and a shorter one protects less than is asked for.",
  remediation:
    "Create a key of type RSA or RSA-HSM with at least 3072 bits (`az keyvault key create … --kty RSA --size 3072 --ops wrapKey unwrapKey`) and register it instead.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-13", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.1", basis: "judgement" },
  ],

  scope: existingAzureKey,

  // Either can prove the failure alone: no type has so few bits and is what it should be.
  reads: [],
  passNeeds: ["key_type", "key_size"],
  evaluate({ key_type, key_size }) {
    const type = key_type.state === "known" ? key_type.value : null;
    const bits = key_size.state === "known" ? key_size.value : null;
    const evidence = { type, bits };
    if (type !== null && !rsaTypes.includes(type.toLowerCase())) {
      return { outcome: "fail", message: `the key's type is ${type}, not RSA`, evidence };
    }
    if (bits === null) {
      const message =
        key_size.state === "known"
          ? "Azure does not say how many bits the key has"
          : "how many bits the key has could not be read";
      return { outcome: "undecided", on: ["key_size"], message };
    }
    return bits < leastBits
      ? { outcome: "fail", message: `the key has ${bits} bits, fewer than ${leastBits}`, evidence }
      : { outcome: "pass", message: `the key is ${type} with ${bits} bits`, evidence };
  },
});
