import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { gcloudKey } from "../../src/access/gcp/gcloud.ts";
import { shellWord } from "../../src/access/shell-word.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import {
  markerOfOrganization,
  organizationMarkerPrefix,
  organizationMarkerRequired,
} from "../../src/guidance/organization-marker.ts";

export const organizationLabel = defineCheck({
  id: "gcp/organization-label",
  title: "The key is labelled with the customer's organizations and no other",
  resource: "gcp.kms-key",
  severity: "high",
  why: "By the label Anthropic makes sure that a key belongs to the organization that uses it: without it validation refuses the key, and with a stranger's label another organization could use it.",
  remediation:
    "Set the label `anthropic-org-<organization uuid>` = `true`, in lower case, for each of the customer's organizations, and remove such labels for any other.",
  references: ["https://cloud.google.com/kms/docs/creating-managing-labels"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-11", basis: "judgement" },
  ],

  scope: {
    within: existingGcpKey,
    reads: ["registration"],
    excludes({ registration: { organizations } }, { guidance }) {
      if (!organizationMarkerRequired[guidance]) return `guidance ${guidance} asks for no label`;
      return organizations.length === 0 ? "no Anthropic organization is configured: set `organizations`" : undefined;
    },
  },

  reads: ["labels", "registration", "registered_key"],
  evaluate({ labels, registration: { organizations } }) {
    const { missing, foreign } = compare(labels, organizations);
    const found = Object.fromEntries(
      Object.entries(labels).filter(([name]) => name.toLowerCase().startsWith(organizationMarkerPrefix)),
    );
    const evidence = { labels: found, missing, foreign };
    const wrong = [
      ...missing.map((name) => `the label ${name} = true is missing${asItIs(labels, name)}`),
      ...foreign.map((name) => `the label ${name} is for none of the customer's organizations`),
    ];
    return wrong.length === 0
      ? { outcome: "pass", message: "the key is labelled with each of the customer's organizations", evidence }
      : { outcome: "fail", message: wrong.join("; "), evidence };
  },

  commands({ labels, registration: { organizations }, registered_key }) {
    const { missing, foreign } = compare(labels, organizations);
    return [
      ...(missing.length === 0
        ? []
        : [
            `${gcloudKey("update", registered_key)} --update-labels ${shellWord(missing.map((name) => `${name}=true`).join(","))}`,
          ]),
      ...(foreign.length === 0
        ? []
        : [`${gcloudKey("update", registered_key)} --remove-labels ${shellWord(foreign.join(","))}`]),
    ];
  },
});

function compare(labels: Readonly<Record<string, string>>, organizations: readonly string[]) {
  const wanted = organizations.map(markerOfOrganization);
  const names = wanted.map(({ name }) => name);
  return {
    missing: wanted.filter(({ name, value }) => labels[name] !== value).map(({ name }) => name),
    foreign: Object.keys(labels)
      .filter((name) => name.startsWith(organizationMarkerPrefix) && !names.includes(name))
      .toSorted(),
  };
}

function asItIs(labels: Readonly<Record<string, string>>, name: string): string {
  return labels[name] === undefined ? "" : `: its value is "${labels[name]}"`;
}
