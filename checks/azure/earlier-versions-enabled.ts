import { azKey } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { parseDate } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureKeyVersion } from "../../src/model/azure.ts";

export const earlierVersionsEnabled = defineCheck({
  id: "azure/earlier-versions-enabled",
  title: "Every earlier version of the key is enabled",
  resource: "azure.vault-key",
  severity: "critical",
  why: "What was wrapped before a rotation can be unwrapped with the version of that time only. A version that is switched off makes that data unreadable.",
  remediation:
    "Enable the version again. Where it was replaced before Anthropic used the key, say since when the key is in use (`in_use_since`).",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-attributes",
    "https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation",
  ],
  controls: [
    { framework: "CSA CCM", version: "v4", id: "CEK-14", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN01.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["versions", "current_version", "registration", "registered_key"],
  evaluate({ versions, current_version, registration: { in_use_since } }) {
    const { off, before } = disabledVersions(versions, current_version, in_use_since);
    const evidence = {
      listed: versions.map(({ version, enabled }) => ({ version, enabled })),
      current: current_version,
      in_use_since,
    };
    if (off.length > 0) {
      return {
        outcome: "fail",
        message: off.map(({ version }) => `version ${version} is disabled`).join("; "),
        evidence,
      };
    }
    if (versions.every(({ version }) => version !== current_version)) {
      const message = `the list of versions does not have the current version ${current_version}, so it is not the whole`;
      return { outcome: "undecided", on: ["the other versions of the key"], message };
    }
    const told = before.map(({ version }) => version).join(", ");
    const replaced = before.length === 0 ? "" : `; replaced before ${in_use_since}, and disabled: ${told}`;
    return { outcome: "pass", message: `every earlier version that counts is enabled${replaced}`, evidence };
  },

  commands({ versions, current_version, registration: { in_use_since }, registered_key }) {
    const { off } = disabledVersions(versions, current_version, in_use_since);
    return off.map(({ version }) => azKey("set-attributes", registered_key, { version, enabled: "true" }));
  },
});

/**
 * The disabled ones but the current one, and apart those of them that can hold no data: the newest version wraps, so one
 * that already had a successor when the key came into use was never wrapped with. Nothing tells when a version was
 * disabled, and an expired one still unwraps.
 */
function disabledVersions(versions: readonly AzureKeyVersion[], current: string, inUseSince: string | null) {
  const since = inUseSince === null ? undefined : parseDate(inUseSince);
  const wasReplaced = ({ created }: AzureKeyVersion) =>
    since !== undefined && created !== null && versions.some((other) => isBetween(other.created, created, since));
  const disabled = versions.filter(({ version, enabled }) => version !== current && !enabled);
  return { off: disabled.filter((one) => !wasReplaced(one)), before: disabled.filter((one) => wasReplaced(one)) };
}

function isBetween(at: number | null, after: number, before: number): boolean {
  return at !== null && at > after && at < before;
}
