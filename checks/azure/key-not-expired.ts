import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { formatDate, formatDateOrNull } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const year = 365 * 86_400_000;

export const keyNotExpired = defineCheck({
  id: "azure/key-not-expired",
  title: "The key is in force and does not expire soon",
  resource: "azure.vault-key",
  severity: "high",
  why: "Before a key comes into force and after it expires, Azure refuses to wrap with it: Anthropic can write nothing new, while what was wrapped can still be unwrapped.",
  remediation:
    "Rotate the key, or move its expiry further away (`az keyvault key set-attributes … --expires …`); a rotation policy that renews it in time keeps this from coming back.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-attributes",
    "https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation",
  ],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-12", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "3.7.4", basis: "judgement" },
  ],
  conflicts: [
    {
      framework: "CIS Azure Foundations",
      version: "5.0.0",
      id: "8.3.1",
      reason: "The benchmark asks for an expiry date on every key; one that passes unnoticed stops every new write.",
      compensating: [
        "a rotation policy, which makes a new version in time",
        "this check, which announces an expiry ahead (`key_expiry_notice`)",
      ],
    },
  ],

  scope: existingAzureKey,

  reads: ["not_before", "expires", "current_version", "registered_key"],
  evaluate({ not_before, expires, current_version }, { at, settings }) {
    const evidence = {
      version: current_version,
      not_before: formatDateOrNull(not_before),
      expires: formatDateOrNull(expires),
    };
    const wrong = [
      ...(isEarly(not_before, at) ? [`does not come into force before ${evidence.not_before}`] : []),
      ...(isLate(expires, at + settings.key_expiry_notice)
        ? [isLate(expires, at) ? `expired at ${evidence.expires}: it only unwraps` : `expires at ${evidence.expires}`]
        : []),
    ];
    if (wrong.length > 0) {
      return { outcome: "fail", message: `the current version ${wrong.join(", and ")}`, evidence };
    }
    const until = expires === null ? "does not expire" : `expires at ${evidence.expires} only`;
    return { outcome: "pass", message: `the current version is in force and ${until}`, evidence };
  },

  commands({ not_before, expires, current_version: version, registered_key }, { at, settings }) {
    const far = at + settings.key_expiry_notice + year;
    const flags = {
      version,
      ...(isEarly(not_before, at) ? { "not-before": formatDate(at) } : {}),
      ...(isLate(expires, at + settings.key_expiry_notice) ? { expires: formatDate(far) } : {}),
    };
    return [azKey("set-attributes", registered_key, flags)];
  },
});

function isEarly(notBefore: number | null, at: number): boolean {
  return notBefore !== null && notBefore > at;
}

function isLate(expires: number | null, at: number): boolean {
  return expires !== null && expires <= at;
}
