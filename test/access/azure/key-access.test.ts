import { describe, expect, it } from "vitest";
import { azureKeyAccess } from "../../../src/access/azure/key-access.ts";
import { anthropicAzureApplicationName } from "../../../src/guidance/identifiers.ts";
import { type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureCryptoOfficerRole,
  azureDenyAssignment,
  azureHsmKey,
  azureRegistration,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureHsm,
  testAzureHsmKey,
  testAzureKey,
  testAzureOwner,
  testAzurePrincipal,
  testAzureStranger,
  testAzureSubscription,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const wrap = "Microsoft.KeyVault/vaults/keys/wrap/action";
const read = "Microsoft.KeyVault/vaults/keys/read";
const refused = unreadable("access-denied", "refused", { call: "a:Call", permission: "a.permission" });
const justWrap = { [azureRoleFact(testAzureCustomRole)]: known(azureRole({ data_actions: [wrap] })) };
const toStranger = { role: testAzureCustomRole, principal_id: testAzureStranger, principal_type: "User" };

function accessOf(changes: FactsByName = {}) {
  return azureKeyAccess(azureVaultKey(changes).facts, testAzureKey);
}

/** The rows of somebody else than whom a healthy key has. */
function strangersRows(changes: FactsByName) {
  return accessOf(changes).rows.filter(({ principal }) => ![testAzurePrincipal, testAzureOwner].includes(principal));
}

describe("azureKeyAccess", () => {
  it("tells of a healthy key", () => {
    const { rows, unreadable: missing } = accessOf();
    expect(missing).toEqual([]);
    expect(rows).toMatchObject([
      {
        principal: testAzurePrincipal,
        class: "anthropic-published",
        callers: [testAzurePrincipal],
        encryption_contexts: null,
        decision: "allowed",
        source: { kind: "role-assignment", name: "Key Vault Crypto User on the key" },
        conditions: [],
        on: [],
      },
      {
        principal: testAzureOwner,
        class: "own-account",
        decision: "allowed",
        source: { kind: "role-assignment", name: `Owner on the subscription ${testAzureSubscription}` },
      },
    ]);
    expect(rows[0]?.operations).toEqual(expect.arrayContaining([read, wrap]));
    expect(rows[1]?.operations).toContain("Microsoft.Authorization/roleAssignments/write");
    expect(rows[1]?.operations.filter((one) => one.includes("/wrap/"))).toEqual([]);
  });

  it("tells of whoever is assigned something above the key", () => {
    const scopes = [testAzureVault, "/"];
    const more = scopes.map((scope) => azureAssignment({ ...toStranger, scope }));
    const rows = strangersRows({ ...justWrap, assignments: azureAssignmentsWith(...more) });
    expect(rows.map(({ source, operations }) => [source.name, operations])).toEqual([
      ["Custom on the vault customer-cmek", [wrap]],
      ["Custom on the root of the tenant", [wrap]],
    ]);
  });

  it.each([
    ["User", "own-account"],
    ["group", "own-account"],
    ["ServicePrincipal", "own-account"],
    ["Device", "own-account"],
    ["ForeignGroup", "external"],
    ["Robot", "external"],
    [null, "external"],
  ])("sorts a principal of type %s as %s", (principal_type, kind) => {
    const assignments = azureAssignmentsWith(azureAssignment({ ...toStranger, principal_type }));
    expect(strangersRows({ ...justWrap, assignments })).toMatchObject([{ class: kind }]);
  });

  it("knows what resembles the published application, and what is registered in its place", () => {
    const application_id = "11111111-2222-4333-8444-555555555555";
    const assignments = azureAssignmentsWith(azureAssignment({ ...toStranger, principal_type: "ServicePrincipal" }));
    const assigned_applications = known([
      { object_id: testAzureStranger, application_id, display_name: anthropicAzureApplicationName.toUpperCase() },
    ]);
    expect(strangersRows({ ...justWrap, assignments, assigned_applications })).toMatchObject([{ class: "lookalike" }]);
    const registration = known(
      azureRegistration({}, { client_id: application_id, service_principal_object_id: testAzurePrincipal }),
    );
    expect(accessOf({ registration }).rows[0]).toMatchObject({ principal: testAzurePrincipal, class: "own-account" });
  });

  it("says nothing of what only looks, or does something else", () => {
    const role = {
      [azureRoleFact(testAzureCustomRole)]: known(azureRole({ actions: ["*/read"], data_actions: ["x/*"] })),
    };
    expect(strangersRows({ ...role, assignments: azureAssignmentsWith(azureAssignment(toStranger)) })).toEqual([]);
  });

  it("hangs on a condition only for the actions that it is about", () => {
    const condition = `!(ActionMatches{'${wrap}'}) OR (@a b c)`;
    const role = known(azureRole({ data_actions: [wrap, read] }));
    const assignments = azureAssignmentsWith(azureAssignment({ ...toStranger, condition }));
    const rows = strangersRows({ [azureRoleFact(testAzureCustomRole)]: role, assignments });
    expect(rows.map(({ operations, decision, on, conditions }) => [operations, decision, on, conditions])).toEqual([
      [[read], "allowed", [], [condition]],
      [[wrap], "conditional", ["the condition of the assignment"], [condition]],
    ]);
  });

  it("leaves out what is surely denied, and says what may be", () => {
    const assignments = azureAssignmentsWith(azureAssignment(toStranger));
    const denied = known([azureDenyAssignment()]);
    expect(strangersRows({ ...justWrap, assignments, deny_assignments: denied })).toEqual([]);
    const toGroup = known([azureDenyAssignment({ principals: [{ id: testAzureGroup, type: "Group" }] })]);
    expect(strangersRows({ ...justWrap, assignments, deny_assignments: toGroup })).toMatchObject([
      { decision: "conditional", on: ["whom the deny assignment Protect the keys is about"], operations: [wrap] },
    ]);
  });

  it("knows of the service principal whether it is in a group that is denied", () => {
    const denial = azureDenyAssignment({ principals: [{ id: testAzureGroup, type: "Group" }] });
    const operations = (changes: FactsByName) =>
      accessOf({ deny_assignments: known([denial]), ...changes })
        .rows.filter(({ principal, decision }) => principal === testAzurePrincipal && decision === "allowed")
        .flatMap((row) => row.operations);
    expect(operations({})).toContain(wrap);
    expect(operations({ principal_deny_assignments: known([denial.id]) })).toEqual([]);
  });

  it("says of a role that could not be read that nobody knows what it gives", () => {
    const assignments = azureAssignmentsWith(azureAssignment(toStranger));
    const changes = { assignments, [azureRoleFact(testAzureCustomRole)]: refused };
    expect(strangersRows(changes)).toMatchObject([
      { operations: [], decision: "conditional", on: [`permissions of role ${testAzureCustomRole}`] },
    ]);
    expect(accessOf(changes).unreadable).toEqual([
      {
        fact: azureRoleFact(testAzureCustomRole),
        reason: "access-denied",
        detail: "refused",
        call: "a:Call",
        permission: "a.permission",
      },
    ]);
  });

  it("tells of access policies where they count, and of who administers beside them", () => {
    const vault_access_policies = known([
      azureAccessPolicy(),
      azureAccessPolicy({ object_id: testAzureStranger, key_permissions: ["all"], application_id: "app" }),
    ]);
    const { rows } = accessOf({ vault_rbac: known(null), vault_access_policies });
    expect(
      rows.map(({ principal, class: kind, source, decision }) => [principal, kind, source.kind, decision]),
    ).toEqual([
      [testAzureOwner, "own-account", "role-assignment", "allowed"],
      [testAzurePrincipal, "anthropic-published", "access-policy", "allowed"],
      [testAzureStranger, "own-account", "access-policy", "allowed"],
    ]);
    expect(rows[1]?.operations).toEqual([read, wrap, "Microsoft.KeyVault/vaults/keys/unwrap/action"]);
    expect(rows[2]?.conditions).toEqual(["through the application app"]);
    expect(accessOf({ vault_access_policies }).rows).toEqual(accessOf().rows);
  });

  it("does not know which of them count while the vault could not be read", () => {
    const vault_access_policies = known([azureAccessPolicy()]);
    const { rows, unreadable: missing } = accessOf({ vault_rbac: refused, vault_access_policies });
    const own = rows.filter(({ principal }) => principal === testAzurePrincipal);
    expect(own.map(({ source, decision, on }) => [source.kind, decision, on])).toEqual([
      ["role-assignment", "conditional", ["whether the vault has RBAC"]],
      ["access-policy", "conditional", ["whether the vault has RBAC"]],
    ]);
    // What is administered does not hang on it.
    expect(rows.find(({ principal }) => principal === testAzureOwner)?.decision).toBe("allowed");
    expect(missing.map(({ fact }) => fact)).toEqual(["vault_rbac"]);
  });

  it.each([
    ["deny_assignments", ["denials"]],
    ["assigned_applications", ["assigned_applications"]],
    [
      "assignments",
      [
        "key_access",
        "vault_access",
        "resource_group_access",
        "subscription_access",
        "management_group_access",
        "root_access",
      ],
    ],
  ])("names what it could not see without %s", (raw, names) => {
    expect(accessOf({ [raw]: refused }).unreadable.map(({ fact }) => fact)).toEqual(names);
  });

  it.each([
    [true, ["denials"]],
    [false, ["vault_access_policies"]],
    [null, ["vault_access_policies"]],
  ])("names only what counts where RBAC is %s", (rbac, names) => {
    const { unreadable: missing } = accessOf({
      vault_rbac: known(rbac),
      vault_access_policies: refused,
      deny_assignments: refused,
    });
    expect(missing.map(({ fact }) => fact)).toEqual(names);
  });

  it("tells of a managed HSM who administers it, and that its own roles were not read", () => {
    const officer = azureAssignment({ ...toStranger, role: azureCryptoOfficerRole, scope: testAzureHsm });
    const { facts } = azureHsmKey({ assignments: azureAssignmentsWith(officer) });
    const { rows, unreadable: missing } = azureKeyAccess(facts, testAzureHsmKey);
    expect(rows.map(({ principal }) => principal)).toEqual([testAzureOwner]);
    expect(missing).toMatchObject([{ fact: "local RBAC", reason: "unsupported" }]);
  });
});
