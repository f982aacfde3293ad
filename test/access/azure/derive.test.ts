import { describe, expect, it } from "vitest";
import { azureDerivedSources, deriveAzureVaultKeyFacts } from "../../../src/access/azure/derive.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import { type Fact, type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureDenyAssignment,
  azureHsmKey,
  azureReaderRole,
  azureRegistration,
  azureRole,
  azureRoleFact,
  azureRoleId,
  azureServicePrincipal,
  azureVaultKey,
  testAzureCustomRole,
  testAzureHost,
  testAzureKey,
  testAzureKeyScope,
  testAzureManagementGroup,
  testAzureOwner,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const refused = unreadable("access-denied", "refused", { call: "a:Call", permission: "a.permission" });
const otherApplication = "11111111-2222-4333-8444-555555555555";

function derive(changes: FactsByName = {}) {
  return deriveAzureVaultKeyFacts({ ...azureVaultKey().facts, ...changes }, testAzureKey);
}

function valueOf<T>(fact: Fact<T>): T {
  if (fact.state === "unreadable") throw new Error(fact.detail);
  return fact.value;
}

const levels = [
  ["key_access", "key", testAzureKeyScope],
  ["vault_access", "vault", testAzureVault],
  ["resource_group_access", "resource-group", testAzureResourceGroup],
  ["subscription_access", "subscription", testAzureSubscriptionScope],
  ["management_group_access", "management-group", testAzureManagementGroup],
  ["root_access", "root", "/"],
] as const;

describe("deriveAzureVaultKeyFacts", () => {
  it("takes the name of the key apart", () => {
    expect(valueOf(derive().registered_key)).toEqual({
      host: testAzureHost,
      kind: "vault",
      vault: "customer-cmek",
      key: "anthropic",
    });
  });

  it.each(levels)("has in %s what is assigned there", (fact, kind, scope) => {
    const more = azureAssignment({ scope: scope.toUpperCase(), principal_id: testAzureStranger });
    const { assignments } = valueOf(derive({ assignments: azureAssignmentsWith(more) })[fact]);
    expect(assignments.filter(({ principal_id }) => principal_id === testAzureStranger)).toMatchObject([
      { id: more.id, level: { kind, scope: scope.toUpperCase() }, permits: { state: "known" } },
    ]);
    expect(valueOf(derive()[fact]).kind).toBe(kind);
  });

  it("has each assignment at one level, and leaves out what never reaches the key", () => {
    const beside = ["/keys/other", "/secrets/anthropic", "-2"].map((end) =>
      azureAssignment({ scope: `${testAzureVault}${end}` }),
    );
    const facts = derive({ assignments: azureAssignmentsWith(...beside) });
    const all = levels.flatMap(([fact]) => valueOf(facts[fact]).assignments);
    expect(all.map(({ principal_id, level }) => [principal_id, level.kind])).toEqual([
      [testAzurePrincipal, "key"],
      [testAzureOwner, "subscription"],
    ]);
  });

  it("reads roles by the id of the definition, in whatever letters", () => {
    const changes = {
      assignments: known([azureAssignment({ role_definition_id: azureRoleId(testAzureCustomRole).toUpperCase() })]),
      [azureRoleFact(testAzureCustomRole)]: known(azureRole({ actions: ["*"] })),
    };
    const [assignment] = valueOf(derive(changes).key_access).assignments;
    expect(assignment?.permits).toMatchObject({ state: "known", value: { name: "Custom" } });
  });

  it("keeps an assignment whose role could not be read", () => {
    const changes = {
      assignments: azureAssignmentsWith(azureAssignment({ role: testAzureCustomRole })),
      [azureRoleFact(testAzureCustomRole)]: refused,
    };
    const { assignments } = valueOf(derive(changes).key_access);
    expect(assignments.map(({ permits }) => permits.state)).toEqual(["known", "unreadable"]);
    expect(assignments[1]?.permits).toEqual(refused);
  });

  it.each([
    ["deny_assignments", ["denials"]],
    ["principal_assignments", ["published_access"]],
    ["vault_rbac", ["policy_access"]],
    ["vault_access_policies", []],
    ["assignments", levels.map(([fact]) => fact)],
    [`application_owners:${anthropicAzureApplication}`, ["service_principal_owners"]],
    [`application_roles:${anthropicAzureApplication}`, ["service_principal_roles"]],
    [`application_grants:${anthropicAzureApplication}`, ["service_principal_grants"]],
    [`application_directory_roles:${anthropicAzureApplication}`, ["service_principal_directory_roles"]],
    [`application:${anthropicAzureApplication}`, ["service_principal", "published_principal", "published_access"]],
    ["vault", []],
    ["principal_deny_assignments", []],
  ] as const)("without %s only %j are as unreadable", (raw, names) => {
    const facts = derive({ [raw]: refused });
    const gone = Object.entries(facts).filter(([, fact]) => fact.state === "unreadable");
    expect(Object.fromEntries(gone)).toEqual(Object.fromEntries(names.map((name) => [name, refused])));
  });

  it("does not know what was never read", () => {
    for (const fact of Object.values(deriveAzureVaultKeyFacts({}, testAzureKey))) {
      expect(fact).toMatchObject({ state: "unreadable", reason: "not-read-yet" });
    }
  });

  it("names the sources of every derived fact, and no other", () => {
    expect(Object.keys(azureDerivedSources).toSorted()).toEqual(Object.keys(derive()).toSorted());
    const facts = azureVaultKey().facts;
    for (const source of Object.values(azureDerivedSources).flat()) {
      const isRead = Object.keys(facts).some((name) => name === source || name.startsWith(`${source}:`));
      expect(isRead, source).toBe(true);
    }
  });

  it("looks for the vault where it is registered, when it could not be read", () => {
    const elsewhere = testAzureKeyScope.replace(testAzureSubscriptionScope, "/subscriptions/other");
    const changes = { vault: refused, assignments: known([azureAssignment({ scope: elsewhere })]) };
    expect(valueOf(derive(changes).key_access).assignments).toHaveLength(1);
    const registration = known(azureRegistration({}, { vault_resource_id: testAzureVault }));
    expect(valueOf(derive({ ...changes, registration }).key_access).assignments).toEqual([]);
  });
});

describe("whom a key is for", () => {
  const directory = { application_id: anthropicAzureApplication, published: true, object_id: testAzurePrincipal };

  it("is Anthropic's application, as the directory knows it", () => {
    const { published_principal, service_principal, published_access } = derive();
    expect(published_principal).toEqual(known({ ...directory, known_from: "directory" }));
    expect(valueOf(service_principal)).toEqual(azureServicePrincipal());
    expect(valueOf(published_access)).toMatchObject({ assignments: [{ level: { kind: "key" } }] });
  });

  it("is whom the registration names, whatever the directory says", () => {
    const registration = known(azureRegistration({}, { service_principal_object_id: testAzureStranger }));
    for (const application of [known(azureServicePrincipal()), known(null), refused]) {
      const facts = derive({ registration, [`application:${anthropicAzureApplication}`]: application });
      expect(facts.published_principal).toEqual(
        known({ ...directory, object_id: testAzureStranger, known_from: "registration" }),
      );
      expect(facts.published_access.state).toBe("known");
    }
  });

  it("is nobody where the tenant has no such application", () => {
    const facts = derive({ [`application:${anthropicAzureApplication}`]: known(null) });
    expect(facts.published_principal).toEqual(known(null));
    expect(facts.published_access).toEqual(known(null));
    expect(facts.service_principal).toEqual(known(null));
  });

  it("is another application where one is registered, in whatever letters", () => {
    const registration = known(azureRegistration({}, { client_id: otherApplication.toUpperCase() }));
    const principal = azureServicePrincipal({ application_id: otherApplication, object_id: testAzureStranger });
    const facts = derive({ registration, [`application:${otherApplication}`]: known(principal) });
    expect(facts.published_principal).toEqual(
      known({
        application_id: otherApplication,
        published: false,
        object_id: testAzureStranger,
        known_from: "directory",
      }),
    );
    expect(facts.service_principal).toEqual(known(principal));
    expect(derive({ registration }).service_principal).toMatchObject({ reason: "not-read-yet" });
  });

  it("is Anthropic's where nothing was said of Azure", () => {
    const registration = known(azureRegistration({ azure: null }));
    expect(valueOf(derive({ registration }).published_principal)).toMatchObject(directory);
  });

  it("is not known without the directory, unless it is registered", () => {
    const reads = known({ azure_directory: false });
    const facts = derive({ reads });
    // What was read before it was switched off counts no more.
    expect(facts.service_principal).toMatchObject({
      reason: "not-read-yet",
      detail: expect.stringMatching(/reads\.azure_directory is off/),
    });
    expect(facts.service_principal_owners).toMatchObject({ reason: "not-read-yet" });
    for (const fact of [facts.published_principal, facts.published_access]) {
      expect(fact).toMatchObject({
        reason: "not-read-yet",
        detail: expect.stringMatching(/azure\.service_principal_object_id.*reads\.azure_directory/),
      });
    }
    const registration = known(azureRegistration({}, { service_principal_object_id: testAzurePrincipal }));
    const registered = derive({ reads, registration });
    expect(valueOf(registered.published_principal)).toMatchObject({ known_from: "registration" });
    expect(registered.service_principal).toMatchObject({ reason: "not-read-yet" });
  });

  it("has what Azure says reaches it, of versions of the key too", () => {
    const principal_assignments = known([
      azureAssignment({ scope: `${testAzureKeyScope}/versions/0123` }),
      azureAssignment({ role: azureReaderRole, scope: "/", principal_id: "of a group", principal_type: "Group" }),
      azureAssignment({ scope: `${testAzureVault}/keys/other` }),
    ]);
    const { assignments } = valueOf(derive({ principal_assignments }).published_access) ?? { assignments: [] };
    expect(assignments.map(({ level }) => level.kind)).toEqual(["key-version", "root"]);
  });
});

describe("access policies", () => {
  it.each([
    [true, false],
    [false, true],
    [null, true],
  ])("count where RBAC is %s: %s", (rbac, in_force) => {
    const policies = [azureAccessPolicy()];
    const facts = derive({ vault_rbac: known(rbac), vault_access_policies: known(policies) });
    expect(facts.policy_access).toEqual(known({ in_force, policies: in_force ? policies : [] }));
  });

  it.each([false, null])("are missed where they count, which they do where RBAC is %s", (rbac) => {
    expect(derive({ vault_rbac: known(rbac), vault_access_policies: refused }).policy_access).toEqual(refused);
  });

  it("never count in a managed HSM", () => {
    const none = known({ in_force: false, policies: [] });
    expect(azureHsmKey().facts["policy_access"]).toEqual(none);
    const unread = azureHsmKey({ vault_rbac: refused, vault_access_policies: refused });
    expect(unread.facts["policy_access"]).toEqual(none);
  });
});

describe("denials", () => {
  it.each([
    ["on the key", { scope: testAzureKeyScope, applies_to_child_scopes: false }, ["key"]],
    ["on the vault, handed down", { scope: testAzureVault.toUpperCase() }, ["vault"]],
    ["on the vault alone", { applies_to_child_scopes: false }, []],
    ["at the root", { scope: "/" }, ["root"]],
    ["on another vault", { scope: `${testAzureVault}-2` }, []],
    ["on a version", { scope: `${testAzureKeyScope}/versions/1` }, []],
  ])("hold what stands %s", (_, changes, kinds) => {
    const denials = valueOf(derive({ deny_assignments: known([azureDenyAssignment(changes)]) }).denials);
    expect(denials.map(({ level }) => level.kind)).toEqual(kinds);
  });
});
