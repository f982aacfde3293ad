/** One cause, one owner: each fault of who may do what, put to every check of a key in Azure. */
import { describe, expect, it } from "vitest";
import type { CheckContext } from "../../../src/check/define-check.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../../src/guidance/identifiers.ts";
import type { AzureRoleAssignment } from "../../../src/model/azure.ts";
import { type FactsByName, known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import { loadChecks } from "../../../tools/generate/load-checks.ts";
import {
  azureAssignment,
  azureAssignmentsWith,
  azureCryptoOfficerRole,
  azureDenyAssignment,
  azureKeyVaultAdministratorRole,
  azureOwnerRole,
  azureReaderRole,
  azureRegistration,
  azureRole,
  azureRoleFact,
  azureServicePrincipal,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
  testAzureVersion,
} from "../../support/azure-vault-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const checks = (await loadChecks()).filter(({ provider }) => provider === "azure").map(({ check }) => check);

type Changes = FactsByName;
interface Fault {
  readonly name: string;
  readonly facts: Changes;
  /** The checks that fail, without `azure/`. */
  readonly fails: readonly string[];
}

const part = (name: string) => `${name}:${anthropicAzureApplication}`;
const otherId = "11111111-2222-4333-8444-555555555555";
/** Assigned to the service principal, or to a group it is in, beside the documented one. */
const also = (changes: Parameters<typeof azureAssignment>[0]) =>
  toPrincipal(azureAssignment(), azureAssignment(changes));
const toPrincipal = (...all: readonly AzureRoleAssignment[]) => ({
  assignments: known(all),
  principal_assignments: known(all),
});
const toOther = (changes: Parameters<typeof azureAssignment>[0]) => ({
  assignments: azureAssignmentsWith(azureAssignment({ principal_id: testAzureStranger, ...changes })),
});
const assignedOther = (application_id: string, display_name: string) => ({
  ...toOther({ principal_type: "ServicePrincipal" }),
  assigned_applications: known([{ object_id: testAzureStranger, application_id, display_name }]),
});
const customRole = (data_actions: readonly string[]) => ({
  ...also({ role: testAzureCustomRole }),
  [azureRoleFact(testAzureCustomRole)]: known(azureRole({ data_actions })),
});
const shared = { vault_keys: known(["anthropic", "other"]) };
const documented = azureAssignment();
const ending = {
  assignment_id: documented.id,
  scope: documented.scope,
  principal_id: documented.principal_id,
  role_definition_id: documented.role_definition_id,
  ends: Date.UTC(2027, 1, 1),
  type: "Assigned",
};
const right = (kind: string) => known([{ kind, name: "Directory.Read.All", on: null }]);
const credential = { kind: "password", id: otherId, name: null, ends: null } as const;

const present = "service-principal-present";
const wraps = "service-principal-can-wrap";
const scoped = "grant-scoped-to-key";
const least = "service-principal-least-privilege";
const stays = "assignment-stays-in-force";
const lookalike = "no-lookalike-principal";
const unexpected = "no-unexpected-principal";
const deny = "no-blocking-deny";

const faults: readonly Fault[] = [
  { name: "no service principal", facts: { [part("application")]: known(null) }, fails: [present, wraps] },
  {
    name: "the service principal is disabled",
    facts: { [part("application")]: known(azureServicePrincipal({ enabled: false })) },
    fails: [present],
  },
  {
    name: "the service principal is called otherwise",
    facts: { [part("application")]: known(azureServicePrincipal({ display_name: "Backup" })) },
    fails: [present],
  },
  {
    name: "a local password",
    facts: { [part("application")]: known(azureServicePrincipal({ credentials: [credential] })) },
    fails: ["service-principal-without-local-credentials"],
  },
  ...["roles", "grants", "directory_roles"].map((name) => ({
    name: `something of application_${name}`,
    facts: { [part(`application_${name}`)]: right("application-role") },
    fails: ["service-principal-without-directory-permissions"],
  })),
  { name: "nothing is assigned", facts: toPrincipal(), fails: [wraps] },
  {
    name: "only a role without unwrap",
    facts: {
      ...toPrincipal(azureAssignment({ role: testAzureCustomRole })),
      [azureRoleFact(testAzureCustomRole)]: known(
        azureRole({
          data_actions: ["Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/wrap/action"],
        }),
      ),
    },
    fails: [wraps],
  },
  { name: "on a shared vault", facts: { ...also({ scope: testAzureVault }), ...shared }, fails: [scoped] },
  ...[testAzureResourceGroup, testAzureSubscriptionScope, testAzureManagementGroup, "/"].map((scope) => ({
    name: `at ${scope}`,
    facts: also({ scope }),
    fails: [scoped],
  })),
  {
    name: "on a version of the key",
    facts: {
      principal_assignments: known([
        documented,
        azureAssignment({ scope: `${testAzureKeyScope}/versions/${testAzureVersion}` }),
      ]),
    },
    fails: [scoped],
  },
  ...[azureCryptoOfficerRole, azureKeyVaultAdministratorRole, azureOwnerRole, azureReaderRole].map((role) => ({
    name: `role ${role} on the key`,
    facts: also({ role }),
    fails: [least],
  })),
  {
    name: "a wildcard on data",
    facts: customRole(["Microsoft.KeyVault/vaults/keys/*"]),
    fails: [least],
  },
  {
    name: "the owner of the subscription: too wide, and too much",
    facts: also({ role: azureOwnerRole, scope: testAzureSubscriptionScope }),
    fails: [scoped, least],
  },
  { name: "an end", facts: { assignment_schedules: known([ending]) }, fails: [stays] },
  { name: "the published name", facts: assignedOther(otherId, anthropicAzureApplicationName), fails: [lookalike] },
  {
    name: "almost the published id",
    facts: assignedOther(anthropicAzureApplication.replace("8635", "8636"), "Backup"),
    fails: [lookalike],
  },
  { name: "another application", facts: assignedOther(otherId, "Backup"), fails: [unexpected] },
  { name: "a person on the key", facts: toOther({ principal_type: "User" }), fails: [unexpected] },
  {
    name: "a group of others on the vault",
    facts: toOther({ principal_id: testAzureGroup, principal_type: "Group", scope: testAzureVault }),
    fails: [unexpected],
  },
  { name: "a deny assignment", facts: { deny_assignments: known([azureDenyAssignment()]) }, fails: [deny, wraps] },
  {
    name: "no RBAC, and no access policy",
    facts: { vault_rbac: known(false) },
    fails: ["vault-rbac-enabled", wraps],
  },
  {
    name: "the object id of another is registered",
    facts: {
      registration: known(azureRegistration({}, { service_principal_object_id: testAzureStranger })),
      principal_assignments: known([]),
    },
    fails: [present, wraps],
  },
];

function outcomesOf(facts: Changes) {
  const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };
  const key = azureVaultKey(facts).facts;
  return checks.map((check) => ({ ...runCheck(check, key, context), explainedBy: check.explainedBy }));
}

describe("faults of who may do what", () => {
  it("are none in a key as it is documented: no check is open about it", () => {
    const others = outcomesOf({}).filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable");
    expect(others.map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
  });

  it.each(faults)("$name", ({ facts, fails }) => {
    const outcomes = outcomesOf(facts);
    const failing = outcomes.filter(({ outcome }) => outcome === "fail");
    const ids = failing.map(({ check }) => check);
    expect(ids).toEqual(fails.map((name) => `azure/${name}`).toSorted());
    expect(outcomes.filter(({ outcome }) => outcome === "error")).toEqual([]);
    // An effect that has its cause beside it names it.
    const causes = failing.flatMap(({ explainedBy }) => (explainedBy === undefined ? [] : [explainedBy]));
    for (const explainedBy of causes) {
      expect(explainedBy.some((id) => ids.includes(id))).toBe(ids.length > 1);
    }
  });
});
