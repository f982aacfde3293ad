import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { removeBindings } from "../../src/access/gcp/gcloud-removals.ts";
import { asFarAsTheProject, levelsRead } from "../../src/access/gcp/levels-read.ts";
import { likenessOfMember } from "../../src/access/gcp/lookalike.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";
import type { GcpLevelAccess } from "../../src/model/gcp-access.ts";

export const noLookalikePrincipal = defineCheck({
  id: "gcp/no-lookalike-principal",
  title: "Nobody who resembles the published service account is bound",
  resource: "gcp.kms-key",
  severity: "critical",
  why: "A member that is almost the published account passes a reader's eye; whoever owns it can use the key in Anthropic's place.",
  remediation: `Put ${anthropicGcpAccount} in the member's place, or remove it; then find out who put it there.`,
  references: [
    "https://cloud.google.com/iam/docs/principal-identifiers",
    "https://cloud.google.com/iam/docs/service-account-overview",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate(facts) {
    const { levels, unread, looked_above } = levelsRead(facts);
    const found = lookalikes(levels);
    if (found.length > 0) {
      const members = found.map(({ member, likeness, role, level }) => ({
        member,
        likeness,
        role,
        level: tellLevel(level),
      }));
      const told = members.map(({ member, likeness, role, level }) => `${member} ${likeness} (${role} on ${level})`);
      return {
        outcome: "fail",
        message: `bound is who resembles the account and is not it: ${told.join("; ")}`,
        evidence: { members },
      };
    }
    if (unread.length > 0) {
      const message = `nobody who can be seen resembles the account; not read is ${unread.map(({ name }) => name).join(", ")}`;
      return { outcome: "undecided", on: unread.map(({ name, fact }) => ({ name, why: fact })), message };
    }
    const far = looked_above ? "" : `, ${asFarAsTheProject}`;
    return {
      outcome: "pass",
      message: `nobody who is bound resembles the published account${far}`,
      evidence: { published: anthropicGcpAccount, looked_above },
    };
  },

  commands({ registered_key, project, ...facts }, { at }) {
    const { levels } = levelsRead(facts);
    const request = accountRequest(registered_key, project, at);
    return removeBindings(lookalikes(levels), { levels, key: registered_key, request });
  },
});

function lookalikes(levels: readonly GcpLevelAccess[]) {
  return levels.flatMap(({ level, bindings }) =>
    bindings.flatMap(({ role, members }) =>
      members.flatMap((member) => {
        const likeness = likenessOfMember(member);
        return likeness === undefined ? [] : [{ level, role, member: member.text, likeness }];
      }),
    ),
  );
}
