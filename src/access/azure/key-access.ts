/** Who can do what with a key in a vault: everybody who is assigned a role at it or above it, or whom an access policy names. */
import type { AzureAccessPolicy } from "../../model/azure.ts";
import type { AzureAssignment, AzureDenial } from "../../model/azure-access.ts";
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { AccessClass, KeyAccess, KeyAccessRow, UnreadableSource } from "../../model/key-access.ts";
import { unreadableSource } from "../unreadable-source.ts";
import { type AzureDenialAnswer, holderDenial, principalDenial } from "./deny.ts";
import { factOf } from "./fact-of.ts";
import { letsThrough } from "./judge-condition.ts";
import { administrationOf, keyActionsOf } from "./key-actions.ts";
import { azureKeyParts } from "./key-name.ts";
import { azureLevelsRead } from "./levels-read.ts";
import { likenessOfApplication } from "./lookalike.ts";
import { policyActions } from "./policy-permissions.ts";
import { tellAssignment } from "./tell-level.ts";

/**
 * Every row that follows from the facts of a key, raw and derived. A managed HSM has roles of its own for what is done
 * with keys: the rows then tell who administers it, and that those roles were not read.
 */
export function azureKeyAccess(facts: FactsByName, key: KeyResource): KeyAccess {
  const read = <N extends keyof AzureVaultKeyFacts>(name: N) => factOf(facts, name);
  const { assignments, unread } = azureLevelsRead({
    key_access: read("key_access"),
    vault_access: read("vault_access"),
    resource_group_access: read("resource_group_access"),
    subscription_access: read("subscription_access"),
    management_group_access: read("management_group_access"),
    root_access: read("root_access"),
  });
  const isHsm = azureKeyParts(key.resource).kind === "managed-hsm";
  const deciding = {
    byRoles: isHsm ? ("no" as const) : rolesDecide(read("vault_rbac")),
    denialOf: denialsFor(read("published_principal"), valueOr(read("denials"), [])),
    classOf: classes(read("published_principal"), read("assigned_applications")),
  };
  const policies = deciding.byRoles === "yes" || isHsm ? [] : valueOr(read("vault_access_policies"), []);
  const needed = [
    ...(isHsm ? [] : (["vault_rbac"] as const)),
    ...(isHsm || deciding.byRoles === "yes" ? [] : (["vault_access_policies"] as const)),
    ...(deciding.byRoles === "no" ? [] : (["denials"] as const)),
    ...(["published_principal", "assigned_applications"] as const),
  ];
  return {
    rows: [
      ...assignments.flatMap((assignment) => rowsOfAssignment(assignment, deciding)),
      ...policies.flatMap((policy) => rowsOfPolicy(policy, deciding)),
    ],
    unreadable: [
      ...unread.flatMap(({ name, why }) => unreadableSource(name, why)),
      ...needed.flatMap((name) => unreadableSource(name, read(name))),
      ...unreadableRoles(assignments),
      ...(isHsm ? [hsmRoles] : []),
    ],
  };
}

/** Whether what is done with keys is decided by roles. */
type ByRoles = "yes" | "no" | "unknown";

function rolesDecide(rbac: Fact<boolean | null>): ByRoles {
  if (rbac.state === "unreadable") return "unknown";
  return rbac.value === true ? "yes" : "no";
}

function valueOr<T>(fact: Fact<T>, instead: T): T {
  return fact.state === "known" ? fact.value : instead;
}

interface Deciding {
  readonly byRoles: ByRoles;
  readonly denialOf: (operation: string, assignment: AzureAssignment) => AzureDenialAnswer;
  readonly classOf: (principal_id: string, is_own: boolean) => AccessClass;
}

/** Of the service principal Azure itself says what is about it. */
function denialsFor(
  published: Fact<AzureVaultKeyFacts["published_principal"]>,
  denials: readonly AzureDenial[],
): Deciding["denialOf"] {
  const own = valueOr(published, null)?.object_id.toLowerCase();
  return (operation, assignment) =>
    assignment.principal_id.toLowerCase() === own
      ? principalDenial(denials, operation)
      : holderDenial(denials, operation, assignment);
}

interface Operation {
  readonly operation: string;
  readonly on: readonly string[];
}

/** What is refused has no row. */
function rowsOfAssignment(assignment: AzureAssignment, deciding: Deciding): readonly KeyAccessRow[] {
  const { principal_id, principal_type, permits, condition, role_definition_id } = assignment;
  const row = {
    ...whoseRow(principal_id, ownTypes.has(principal_type?.toLowerCase() ?? ""), deciding),
    source: { kind: "role-assignment", name: tellAssignment(assignment) },
    conditions: condition === null ? [] : [condition],
  } as const;
  if (permits.state === "unreadable") {
    const on = [`permissions of role ${role_definition_id.split("/").at(-1) ?? role_definition_id}`];
    return [{ ...row, operations: [], decision: "conditional", on }];
  }
  const data = deciding.byRoles === "no" ? [] : keyActionsOf(permits.value);
  return grouped(row, [
    ...data.flatMap((operation) => letThrough(operation, assignment, deciding)),
    // Deny assignments of actions are left out: they take away, and a row too many hides nobody.
    ...administrationOf(permits.value).map((operation) => ({ operation, on: conditionFor(condition, operation) })),
  ]);
}

/** Nothing where a deny assignment surely takes it away. */
function letThrough(
  operation: string,
  assignment: AzureAssignment,
  { byRoles, denialOf }: Deciding,
): readonly Operation[] {
  const denial = denialOf(operation, assignment);
  if (denial.decision === "denied") return [];
  const mode = byRoles === "unknown" ? [rbacUnknown] : [];
  return [{ operation, on: [...conditionFor(assignment.condition, operation), ...denial.on, ...mode].toSorted() }];
}

const rbacUnknown = "whether the vault has RBAC";

function conditionFor(condition: string | null, operation: string): readonly string[] {
  return letsThrough(condition, operation) === "yes" ? [] : ["the condition of the assignment"];
}

function rowsOfPolicy(policy: AzureAccessPolicy, deciding: Deciding): readonly KeyAccessRow[] {
  const { object_id, application_id } = policy;
  const row = {
    // It does not say what it is for, only that it is an object of the tenant's directory.
    ...whoseRow(object_id, true, deciding),
    source: { kind: "access-policy", name: `access policy for ${object_id}` },
    conditions: application_id === null ? [] : [`through the application ${application_id}`],
  } as const;
  const on = deciding.byRoles === "unknown" ? [rbacUnknown] : [];
  return grouped(
    row,
    policyActions(policy).map((operation) => ({ operation, on })),
  );
}

function whoseRow(principal: string, is_own: boolean, { classOf }: Deciding) {
  return { principal, class: classOf(principal, is_own), callers: [principal], encryption_contexts: null };
}

function grouped(
  row: Omit<KeyAccessRow, "operations" | "decision" | "on">,
  operations: readonly Operation[],
): readonly KeyAccessRow[] {
  const groups = Map.groupBy(operations, ({ on }) => on.join("\n"));
  return [...groups.values()].map((group) => {
    const on = group[0]?.on ?? [];
    return {
      ...row,
      operations: group.map(({ operation }) => operation),
      decision: on.length === 0 ? "allowed" : "conditional",
      on,
    };
  });
}

function classes(
  published: Fact<AzureVaultKeyFacts["published_principal"]>,
  applications: Fact<AzureVaultKeyFacts["assigned_applications"]>,
): Deciding["classOf"] {
  const principal = valueOr(published, null);
  const known = new Map(valueOr(applications, []).map((one) => [one.object_id.toLowerCase(), one]));
  return (principal_id, is_own) => {
    const id = principal_id.toLowerCase();
    if (principal?.published === true && id === principal.object_id.toLowerCase()) return "anthropic-published";
    const application = known.get(id);
    if (application !== undefined && likenessOfApplication(application) !== undefined) return "lookalike";
    return is_own ? "own-account" : "external";
  };
}

/** Objects of the tenant's own directory; a type that is not known counts as somebody else's. */
const ownTypes: ReadonlySet<string> = new Set(["user", "group", "serviceprincipal", "device"]);

const hsmRoles: UnreadableSource = {
  fact: "local RBAC",
  reason: "unsupported",
  detail: "local RBAC of a managed HSM is not read by this version",
  call: null,
  permission: null,
};

function unreadableRoles(assignments: readonly AzureAssignment[]): readonly UnreadableSource[] {
  const roles = new Map(
    assignments.map(({ role_definition_id, permits }) => [role_definition_id.toLowerCase(), permits]),
  );
  return [...roles].flatMap(([role, permits]) => unreadableSource(`role_definition:${role}`, permits));
}
