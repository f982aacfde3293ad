import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { removalsOfAccount, removeBindings } from "../../src/access/gcp/gcloud-removals.ts";
import { asFarAsTheProject, levelsRead } from "../../src/access/gcp/levels-read.ts";
import { bindingsNamingAccount } from "../../src/access/gcp/published-access.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

export const grantScopedToKey = defineCheck({
  id: "gcp/grant-scoped-to-key",
  title: "The published service account is bound on the key itself and nowhere above",
  resource: "gcp.kms-key",
  severity: "high",
  why: "A binding on the key ring, the project or above gives Anthropic every key there is below, and every one that will be made.",
  remediation: `Give ${anthropicGcpAccount} its roles on the key itself, and on every other key that Anthropic uses; then remove its bindings from the key ring, the project and above.`,
  references: [
    "https://cloud.google.com/iam/docs/resource-hierarchy-access-control",
    "https://cloud.google.com/kms/docs/iam",
  ],
  controls: [
    { framework: "CIS GCP", version: "5.0", id: "1.12", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.3", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate({ ring_access, project_access, ancestor_access }) {
    const { levels, unread, looked_above } = levelsRead({ ring_access, project_access, ancestor_access });
    const above = bindingsNamingAccount(levels);
    if (above.length > 0) {
      const bindings = above.map(({ level, binding: { role } }) => ({ level: tellLevel(level), role }));
      const told = bindings.map(({ level, role }) => `${role} on ${level}`);
      return {
        outcome: "fail",
        message: `the account is bound above the key: ${told.join(", ")}`,
        evidence: { bindings },
      };
    }
    if (unread.length > 0) {
      const message = `nobody knows whether the account is bound on ${unread.map(({ name }) => name).join(", ")}`;
      return { outcome: "undecided", on: unread.map(({ name, fact }) => ({ name, why: fact })), message };
    }
    const far = looked_above ? "" : `, ${asFarAsTheProject}`;
    const evidence = { looked_at: levels.map(({ level }) => level.name), looked_above };
    return { outcome: "pass", message: `the account is bound nowhere above the key${far}`, evidence };
  },

  commands({ registered_key, project, ...facts }, { at }) {
    const { levels } = levelsRead(facts);
    const above = bindingsNamingAccount(levels).filter(({ level }) => level.kind !== "key");
    const request = accountRequest(registered_key, project, at);
    return removeBindings(removalsOfAccount(above), { levels, key: registered_key, request });
  },
});
