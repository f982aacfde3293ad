import { azKey, canBeListed } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import {
  markerOfOrganization,
  organizationMarkerPrefix,
  organizationMarkerRequired,
} from "../../src/guidance/organization-marker.ts";

type Tags = Readonly<Record<string, string>>;

export const organizationTag = defineCheck({
  id: "azure/organization-tag",
  title: "The key's current version is tagged with the customer's organizations and no other",
  resource: "azure.vault-key",
  severity: "high",
  why: "By the tag Anthropic makes sure that a key belongs to the organization that uses it: without it validation refuses the key, and with a stranger's tag another organization could use it. A tag belongs to one version, and a rotation makes another.",
  remediation:
    "Set the tag `anthropic-org-<organization uuid>` = `true`, in lower case, on the key's current version for each of the customer's organizations, remove such tags for any other, and look again after each rotation.",
  references: ["https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details#key-tags"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["registration"],
    excludes({ registration: { organizations } }, { guidance }) {
      if (!organizationMarkerRequired[guidance]) return `guidance ${guidance} asks for no tag`;
      return organizations.length === 0 ? "no Anthropic organization is configured: set `organizations`" : undefined;
    },
  },

  reads: ["tags", "registration", "registered_key"],
  mayRead: ["current_version"],
  evaluate({ tags, registration: { organizations }, current_version }) {
    const { missing, foreign } = compare(tags, organizations);
    const version = current_version.state === "known" ? current_version.value : null;
    const found = Object.fromEntries(
      Object.entries(tags)
        .filter(([name]) => isMarker(name))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    const evidence = { version, tags: found, missing, foreign };
    const on = version === null ? "the current version" : `the current version (${version})`;
    const wrong = [
      ...missing.map((name) => `the tag ${name} = true is missing${asItIs(tags, name)}`),
      ...foreign.map((name) => `the tag ${name} is for none of the customer's organizations`),
    ];
    return wrong.length === 0
      ? { outcome: "pass", message: `${on} is tagged with each of the customer's organizations`, evidence }
      : { outcome: "fail", message: `on ${on}: ${wrong.join("; ")}`, evidence };
  },

  commands({ tags, registration: { organizations }, registered_key }) {
    const { wanted, missing, foreign } = compare(tags, organizations);
    const misspelt = Object.keys(tags).filter((name) => missing.includes(name.toLowerCase()));
    // What is given takes the place of all tags that there are.
    const kept = Object.entries(tags).filter(([name]) => ![...wanted, ...misspelt, ...foreign].includes(name));
    const all = [...kept, ...wanted.map((name) => [name, "true"] as const)];
    // `az` cuts at the first equals sign.
    if (!all.every(([name]) => canBeListed(name) && !name.includes("="))) return [];
    return [azKey("set-attributes", registered_key, { tags: all.map(([name, value]) => `${name}=${value}`) })];
  },
});

function compare(tags: Tags, organizations: readonly string[]) {
  const wanted = [...new Set(organizations.map((one) => markerOfOrganization(one).name))].toSorted();
  return {
    wanted,
    missing: wanted.filter((name) => tags[name] !== "true"),
    foreign: Object.keys(tags)
      .filter((name) => isMarker(name) && !wanted.includes(name.toLowerCase()))
      .toSorted(),
  };
}

function isMarker(name: string): boolean {
  return name.toLowerCase().startsWith(organizationMarkerPrefix);
}

function asItIs(tags: Tags, name: string): string {
  if (tags[name] !== undefined) return `: its value is "${tags[name]}"`;
  const written = Object.keys(tags).find((one) => one.toLowerCase() === name);
  return written === undefined ? "" : `: it is written ${written}`;
}
