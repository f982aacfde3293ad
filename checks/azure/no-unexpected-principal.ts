import { deleteAssignments, removeAssignments } from "../../src/access/azure/az-assignments.ts";
import { type AzureHolder, cryptoHolders } from "../../src/access/azure/crypto-holders.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { administrativeGrants, grantsInForce } from "../../src/access/azure/grants-in-force.ts";
import { type AzureLevelFact, azureLevelsRead } from "../../src/access/azure/levels-read.ts";
import { azureApplicationOf } from "../../src/access/azure/published-principal.ts";
import { localRolesUnread } from "../../src/access/azure/vault-only.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureAssignment } from "../../src/model/azure-access.ts";
import type { Facts, FactValues } from "../../src/model/resource.ts";

export const noUnexpectedPrincipal = defineCheck({
  id: "azure/no-unexpected-principal",
  title: "Only Anthropic, those expected and the vault's administrators may use the key",
  resource: "azure.vault-key",
  severity: "medium",
  why: "Whoever else can unwrap with the key can read what it protects, given the wrapped data.",
  remediation:
    "Remove the assignment or the access policy, or register the principal's object id under `expected_principals`. Give those who look after the vault a role that administers it.",
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-guide",
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.3", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "judgement" },
  ],

  scope: existingAzureKey,

  reads: ["registered_key", "registration", "policy_access"],
  mayRead: [
    "published_principal",
    "published_access",
    "vault",
    "assigned_applications",
    "key_access",
    "vault_access",
    "resource_group_access",
    "subscription_access",
    "management_group_access",
    "root_access",
    "denials",
  ],
  evaluate({ registered_key, ...facts }) {
    const { holders, unread } = holdersIn({ registered_key, ...facts });
    const unexpected = holders.filter((one) => one.class === "unexpected").toSorted(byPrincipal);
    if (unexpected.length > 0) {
      const principals = unexpected.map(({ grant: { principal_id, told }, operations }) => ({
        principal: principal_id.toLowerCase(),
        by: told,
        operations,
      }));
      const told = principals.map(({ principal, by }) => `${principal} (${by})`);
      const message = `somebody whom nobody expects may use the key: ${told.join(", ")}`;
      return { outcome: "fail", message, evidence: { principals } };
    }
    const open = [...unread, ...holders.flatMap(({ on }) => on)];
    if (open.length > 0) {
      const message = `nobody who can be seen is unexpected; not read is ${[...new Set(open.map(({ name }) => name))].join(", ")}`;
      return { outcome: "undecided", on: open, message };
    }
    const far = registered_key.kind === "vault" ? "" : `; ${localRolesUnread}`;
    const expected = holders
      .filter((one) => one.class === "expected")
      .map(({ grant }) => grant.principal_id.toLowerCase());
    return {
      outcome: "pass",
      message: `only those expected may use the key${far}`,
      evidence: { expected: [...new Set(expected)].toSorted() },
    };
  },

  commands({ registered_key, published_access, vault, ...facts }) {
    // What is assigned on the vault or above is a matter of other keys too: whoever removes it should know of what.
    const own = holdersIn({ registered_key, ...facts }).holders.flatMap(
      ({ class: comesTo, grant: { level, assignment } }) =>
        comesTo === "unexpected" && level === "key" && assignment !== null ? [assignment] : [],
    );
    if (published_access.state === "unreadable" || published_access.value === null) {
      return deleteAssignments(own.filter(isPersons));
    }
    const { principal, assignments } = published_access.value;
    const context = { key: registered_key, vault, policies: facts.policy_access, reaching: assignments };
    return removeAssignments(own, { principal, ...context });
  },
});

/** Nobody knows which groups the service principal is in. */
function isPersons({ principal_type }: AzureAssignment): boolean {
  return principal_type?.toLowerCase() === "user";
}

type Told = FactValues<"azure.vault-key", "registered_key" | "registration" | "policy_access"> &
  Facts<"azure.vault-key", AzureLevelFact | "published_principal" | "assigned_applications" | "denials">;

function holdersIn(told: Told) {
  const { registered_key, registration, policy_access } = told;
  const { assignments, unread } = azureLevelsRead(told);
  const grants =
    registered_key.kind === "vault" ? grantsInForce(assignments, policy_access) : administrativeGrants(assignments);
  const holders = cryptoHolders(grants, {
    principal: told.published_principal,
    application: azureApplicationOf(registration),
    expected: registration.expected_principals,
    applications: told.assigned_applications,
    denials: told.denials,
  });
  if (!policy_access.in_force) return { holders, unread };
  // No role gives the use of keys then, so that one which could not be read does not either.
  return { holders: holders.filter(({ grant }) => grant.assignment === null), unread: [] };
}

function byPrincipal({ grant: a }: AzureHolder, { grant: b }: AzureHolder): number {
  return `${a.principal_id} ${a.told}` < `${b.principal_id} ${b.told}` ? -1 : 1;
}
