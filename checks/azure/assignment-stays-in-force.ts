import {
  type AzureEndings,
  assignmentEndings,
  endOf,
  hasEnd,
  isLasting,
} from "../../src/access/azure/assignment-ends.ts";
import { assignDocumentedRole } from "../../src/access/azure/az-assignments.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { noPrincipal } from "../../src/access/azure/existing-principal.ts";
import { unreadRole } from "../../src/access/azure/levels-read.ts";
import { reachingAssignments } from "../../src/access/azure/reaching-assignments.ts";
import { tellAssignment } from "../../src/access/azure/tell-level.ts";
import { localRolesUnread } from "../../src/access/azure/vault-only.ts";
import { formatDate } from "../../src/access/dates.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { azureNeededActions } from "../../src/guidance/azure-roles.ts";

export const assignmentStaysInForce = defineCheck({
  id: "azure/assignment-stays-in-force",
  title: "What the service principal is assigned has no end",
  resource: "azure.vault-key",
  severity: "high",
  why: "When the assignment ends, Anthropic is locked out, whether anybody remembers it or not.",
  remediation:
    "Give the service principal its role on the key for good, outside Privileged Identity Management; then what ends may end.",
  references: [
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/pim-integration",
    "https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingAzureKey,
    reads: ["published_principal"],
    excludes({ published_principal }) {
      return published_principal === null ? noPrincipal : undefined;
    },
  },

  reads: ["published_principal", "registered_key"],
  mayRead: [
    "published_access",
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
    "assignment_schedules",
    "vault_rbac",
    "vault",
  ],
  evaluate({ published_principal, published_access, registered_key, assignment_schedules, vault_rbac, ...levels }) {
    const isHsm = registered_key.kind === "managed-hsm";
    const far = isHsm ? `; ${localRolesUnread}` : "";
    if (!isHsm && vault_rbac.state === "known" && vault_rbac.value !== true) {
      const message = "access policies, by which the vault goes, have no end";
      return { outcome: "pass", message, evidence: { ending: [] } };
    }
    const { assignments, unread } = reachingAssignments(published_principal, published_access, levels);
    if (assignment_schedules.state === "unreadable" && assignments.length + unread.length > 0) {
      const on = [{ name: "assignment_schedules", why: assignment_schedules }];
      return { outcome: "undecided", on, message: "whether what the service principal is assigned ends is not known" };
    }
    const schedules = assignment_schedules.state === "known" ? assignment_schedules.value : null;
    const answers = assignmentEndings(azureNeededActions, assignments, schedules);
    if (answers.every(isLasting)) {
      const message = `what the service principal needs is assigned without an end${far}`;
      return { outcome: "pass", message, evidence: { ending: [] } };
    }
    const told = endsIn(answers);
    // Where something seems to end, what nobody sees may give it for good; where nothing is seen, it may end.
    const open = [
      ...unread,
      ...assignments.filter((one) => told.length === 0 || endOf(one, schedules).kind === "none").flatMap(unreadRole),
      ...(told.length > 0 && !isHsm && vault_rbac.state === "unreadable"
        ? [{ name: "vault_rbac", why: vault_rbac }]
        : []),
      ...(told.length === 0 ? conditionsIn(answers) : []),
    ];
    if (open.length > 0) {
      const message = "whether what the service principal is assigned stays in force is not known";
      return { outcome: "undecided", on: open, message };
    }
    return told.length > 0
      ? { outcome: "fail", message: told.join("; "), evidence: { ending: told } }
      : { outcome: "pass", message: `nothing that the service principal needs ends${far}`, evidence: { ending: [] } };
  },

  commands({ published_principal, published_access, registered_key, vault, ...levels }) {
    if (published_principal === null) return [];
    const { assignments } = reachingAssignments(published_principal, published_access, levels);
    return assignDocumentedRole(published_principal, registered_key, vault, assignments);
  },
});

function endsIn(answers: readonly AzureEndings[]): readonly string[] {
  const ending = answers.filter(hasEnd).flatMap(({ ends }) => ends);
  const told = ending.map(({ assignment, end }) => {
    const when = end.kind === "ends" && end.at !== null ? `ends at ${formatDate(end.at)}` : "is for a while only";
    return `${tellAssignment(assignment)} ${when}`;
  });
  return [...new Set(told)].toSorted();
}

function conditionsIn(answers: readonly AzureEndings[]): readonly string[] {
  const conditional = answers.flatMap(({ ends }) => ends.filter(({ end }) => end.kind === "conditional"));
  return [...new Set(conditional.map(({ assignment }) => `the condition of ${tellAssignment(assignment)}`))].toSorted();
}
