import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { removalsOfAccount, removeBindings } from "../../src/access/gcp/gcloud-removals.ts";
import { asFarAsTheProject, levelsRead } from "../../src/access/gcp/levels-read.ts";
import { bindingsNamingAccount } from "../../src/access/gcp/published-access.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { documentedGcpPermissions, documentedGcpRoles } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";
import type { GcpRole } from "../../src/model/gcp.ts";
import type { GcpLevelAccess } from "../../src/model/gcp-access.ts";

export const serviceAccountLeastPrivilege = defineCheck({
  id: "gcp/service-account-least-privilege",
  title: "The published service account has no permission beyond the two documented roles",
  resource: "gcp.kms-key",
  severity: "high",
  why: "What the account does not need can only be misused: an administrator of the key could hand it to others, and an owner of the project could destroy it.",
  remediation: `Give ${anthropicGcpAccount} ${documentedGcpRoles.join(" and ")} on the key, and remove every other role.`,
  references: [
    "https://cloud.google.com/kms/docs/reference/permissions-and-roles",
    "https://cloud.google.com/iam/docs/using-iam-securely",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-5", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.2", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "IAM-05", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate(facts) {
    const { levels, unread, looked_above } = levelsRead(facts);
    const beyond = rolesBeyond(levels);
    if (beyond.length > 0) {
      const told = beyond.map(({ role, level, permissions, more }) => {
        const rest = more > 0 ? ` and ${more} more` : "";
        return `${role} on ${tellLevel(level)} gives ${permissions.slice(0, 4).join(", ")}${rest}`;
      });
      const roles = beyond.map(({ role, level, permissions, more }) => ({
        role,
        level: tellLevel(level),
        permissions,
        more,
      }));
      return {
        outcome: "fail",
        message: `the account has more than it needs: ${told.join("; ")}`,
        evidence: { roles },
      };
    }
    const open = [
      ...unread.map(({ name, fact }) => ({ name, why: fact })),
      ...bindingsNamingAccount(levels).flatMap(({ binding: { role, permits } }) =>
        permits.state === "unreadable" && !documentedGcpRoles.includes(role)
          ? [{ name: `role:${role}`, why: permits }]
          : [],
      ),
    ];
    if (open.length > 0) {
      const message = `nobody knows what ${open.map(({ name }) => name).join(", ")} would give the account`;
      return { outcome: "undecided", on: open, message };
    }
    const far = looked_above ? "" : `, ${asFarAsTheProject}`;
    const roles = [...new Set(bindingsNamingAccount(levels).map(({ binding }) => binding.role))].toSorted();
    return { outcome: "pass", message: `the account has nothing beyond the two roles${far}`, evidence: { roles } };
  },

  commands({ registered_key, project, ...facts }, { at }) {
    const { levels } = levelsRead(facts);
    const request = accountRequest(registered_key, project, at);
    return removeBindings(removalsOfAccount(rolesBeyond(levels)), { levels, key: registered_key, request });
  },
});

function rolesBeyond(levels: readonly GcpLevelAccess[]) {
  const needed = permissionsOfDocumentedRoles(levels);
  return bindingsNamingAccount(levels).flatMap(({ level, binding }) => {
    const { role, permits } = binding;
    // What Google adds to a documented role is documented with it.
    if (permits.state === "unreadable" || documentedGcpRoles.includes(role)) return [];
    const { permissions, more } = permissionsBeyond(permits.value, needed);
    return permissions.length + more > 0 ? [{ level, binding, role, permissions, more }] : [];
  });
}

/** As they are documented, and as they are today where one is bound somewhere: Google adds to them. */
function permissionsOfDocumentedRoles(levels: readonly GcpLevelAccess[]): ReadonlySet<string> {
  const bound = levels.flatMap(({ bindings }) =>
    bindings.flatMap(({ role, permits }) =>
      permits.state === "known" && documentedGcpRoles.includes(role)
        ? [...permits.value.kms_permissions, ...permits.value.some_others]
        : [],
    ),
  );
  return new Set([...documentedGcpRoles.flatMap((role) => documentedGcpPermissions[role] ?? []), ...bound]);
}

/** Those that are known by name, and how many others there are. */
function permissionsBeyond(
  { deleted, kms_permissions, some_others, other_permissions }: GcpRole,
  needed: ReadonlySet<string>,
) {
  if (deleted) return { permissions: [], more: 0 };
  const permissions = [...kms_permissions, ...some_others].filter((permission) => !needed.has(permission));
  return { permissions, more: other_permissions - some_others.length };
}
