import { expect, test } from "vitest";
import { builtInRoles } from "../../src/simulator/azure/built-in-roles.ts";
import {
  sampleAssignmentSchedule,
  sampleDenyAssignment,
  sampleDiagnosticSetting,
  sampleGroup,
  sampleRoleAssignment,
  sampleRoleDefinition,
} from "../../src/simulator/azure/resources.ts";
import {
  all,
  assignmentName,
  azureRefusal,
  azureWorld,
  groupName,
  keyName,
  principalId,
  raw,
  subscriptionName,
  vaultName,
} from "./azure-clients.ts";

const stranger = "0b1ec7ed-0000-4000-8000-0000000000ff";
const group = sampleGroup().id;
const outerGroup = "0b1ec7ed-0000-4000-8000-0000000000aa";
const managementGroup = "/providers/Microsoft.Management/managementGroups/Landing";

const resourceGroup = `${subscriptionName}/resourceGroups/${groupName}`;
const version = `${keyName}/versions/00000000000000000000000000000001`;
const otherKey = `${vaultName}/keys/other`;

/** One assignment at each of many scopes; the name of each tells its scope. */
const scopes = {
  root: "",
  management: managementGroup,
  subscription: subscriptionName,
  group: resourceGroup.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
  vault: vaultName,
  key: keyName,
  version,
  other: otherKey,
  longer: `${vaultName}-2`,
} as const;

type ScopeName = keyof typeof scopes;

function assignmentAt(name: ScopeName, principal = stranger) {
  return `${scopes[name]}/providers/Microsoft.Authorization/roleAssignments/${name}-${principal.slice(-2)}`;
}

async function prepared() {
  const world = await azureWorld();
  const { azure, control } = world;
  control.patch({ resource: assignmentName, change: null });
  for (const name of Object.keys(scopes) as ScopeName[]) {
    const properties = { principalId: stranger, principalType: "User" };
    azure.addRoleAssignment(sampleRoleAssignment({ id: assignmentAt(name), properties }));
  }
  const list = async (scope: string, filter?: string) => {
    const options = filter === undefined ? {} : { filter };
    const found = await all(world.authorization.roleAssignments.listForScope(scope, options));
    return found.map(({ name }) => name?.replace(/-..$/, ""));
  };
  return { ...world, list };
}

const above = ["root", "management", "subscription", "group", "vault"];

test.each([
  [keyName, "atScope()", [...above, "key"]],
  [keyName, undefined, [...above, "key", "version"]],
  [keyName.toUpperCase(), "atScope()", [...above, "key"]],
  [version, "atScope()", [...above, "key", "version"]],
  [vaultName, "atScope()", above],
  [vaultName, undefined, [...above, "key", "version", "other"]],
  [subscriptionName, "atScope()", ["root", "management", "subscription"]],
  [subscriptionName, undefined, Object.keys(scopes)],
  [managementGroup, "atScope()", ["root", "management"]],
  ["", "atScope()", ["root"]],
])("assignments of %s with the filter %s are those that hold there", async (scope, filter, expected) => {
  const { list } = await prepared();
  expect(await list(scope, filter)).toEqual(expected);
});

test("an assignment is told with its scope, role and principal", async () => {
  const { authorization, control } = await azureWorld();
  const { roleDefinitionId } = sampleRoleAssignment().properties;
  const condition = "@Resource[name] StringEquals 'a'";
  control.patch({ resource: assignmentName, change: { properties: { condition, conditionVersion: "2.0" } } });
  expect(await all(authorization.roleAssignments.listForScope(keyName, { filter: "atScope()" }))).toEqual([
    {
      id: assignmentName,
      name: assignmentName.split("/").at(-1),
      type: "Microsoft.Authorization/roleAssignments",
      scope: keyName,
      roleDefinitionId,
      principalId,
      principalType: "ServicePrincipal",
      condition,
      conditionVersion: "2.0",
    },
  ]);
});

test.each([
  ["nobody's", "0b1ec7ed-0000-4000-8000-0000000000ee", []],
  ["its own", principalId, ["vault", "version"]],
  ["its own and its groups'", stranger, [...above, "key", "version", "key", "subscription"]],
  ["those of a group in a group", group, ["key", "subscription"]],
])("assignedTo() finds %s", async (_what, principal, expected) => {
  const { azure, list, control } = await prepared();
  azure.addGroup(sampleGroup({ members: [stranger.toUpperCase()] }));
  azure.addGroup(sampleGroup({ id: outerGroup, members: [group, outerGroup] }));
  for (const [name, assigned] of [
    ["vault", principalId],
    ["version", principalId],
    ["key", group],
    ["subscription", outerGroup],
    ["other", group],
  ] as const) {
    azure.addRoleAssignment(
      sampleRoleAssignment({ id: assignmentAt(name, assigned), properties: { principalId: assigned } }),
    );
  }
  expect(await list(keyName, `assignedTo('${principal}')`)).toEqual(expected);
  expect(control.calls().by_resource[keyName]).toMatchObject({
    "authorization:ListPrincipalAssignments": { received: 1 },
  });
});

test("filters go together, and principalId looks into no group", async () => {
  const { azure, list } = await prepared();
  azure.addGroup(sampleGroup({ members: [stranger] }));
  const properties = { principalId: group };
  azure.addRoleAssignment(sampleRoleAssignment({ id: assignmentAt("version", group), properties }));
  azure.addRoleAssignment(sampleRoleAssignment({ id: assignmentAt("vault", group), properties }));
  expect(await list(keyName, `principalId eq '${group}'`)).toEqual(["version", "vault"]);
  expect(await list(keyName, `atScope() and principalId eq ${group}`)).toEqual(["vault"]);
  expect(await list(keyName, `atScope() and assignedTo('${stranger}')`)).toEqual([...above, "key", "vault"]);
});

test.each(["principalName eq 'x'", "assignedTo(x)", "atScope() or atScope()"])(
  "the filter %s is refused",
  async (filter) => {
    const { authorization } = await azureWorld();
    const call = all(authorization.roleAssignments.listForScope(keyName, { filter }));
    expect(await azureRefusal(call)).toMatchObject({ status: 400, code: "UnsupportedQuery" });
  },
);

test("a subscription says which management groups are above it", async () => {
  const { control, list } = await prepared();
  control.patch({ resource: subscriptionName, change: { management_groups: ["landing"] }, create: true });
  expect(await list(vaultName, "atScope()")).toContain("management");
  control.patch({ resource: subscriptionName, change: { management_groups: [] } });
  expect(await list(vaultName, "atScope()")).toEqual(above.filter((name) => name !== "management"));
  expect(await list(managementGroup)).toEqual(["root", "management"]);
});

test("a built-in role is told with what it permits, at the subscription that it is asked at", async () => {
  const { authorization } = await azureWorld();
  const name = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
  const id = `${subscriptionName}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  const keys = "Microsoft.KeyVault/vaults/keys";
  expect(await authorization.roleDefinitions.getById(id)).toMatchObject({
    id,
    name,
    type: "Microsoft.Authorization/roleDefinitions",
    roleName: "Key Vault Crypto Service Encryption User",
    roleType: "BuiltInRole",
    assignableScopes: ["/"],
    permissions: [
      {
        actions: ["write", "read", "delete"].map((verb) => `Microsoft.EventGrid/eventSubscriptions/${verb}`),
        notActions: [],
        dataActions: [`${keys}/read`, `${keys}/wrap/action`, `${keys}/unwrap/action`],
        notDataActions: [],
      },
    ],
  });
  const bare = "/providers/Microsoft.Authorization/roleDefinitions/";
  expect((await authorization.roleDefinitions.getById(`${bare}${name.toUpperCase()}`)).id).toBe(`${bare}${name}`);
});

test.each(builtInRoles.map(({ id, properties }) => [properties.roleName, id]))(
  "%s can be asked for",
  async (name, id) => {
    const { authorization } = await azureWorld();
    expect((await authorization.roleDefinitions.getById(id)).roleName).toBe(name);
  },
);

test("a custom role is told, and one that is not there is not found", async () => {
  const { authorization, azure, control } = await azureWorld();
  const { id } = sampleRoleDefinition();
  const missing = await azureRefusal(authorization.roleDefinitions.getById(id));
  expect(missing).toMatchObject({ status: 404, code: "RoleDefinitionDoesNotExist" });
  azure.addRoleDefinition(sampleRoleDefinition());
  expect(await authorization.roleDefinitions.getById(id)).toMatchObject({ roleType: "CustomRole" });
  control.patch({ resource: id, change: null });
  expect((await azureRefusal(authorization.roleDefinitions.getById(id))).status).toBe(404);
});

const everybody = "00000000-0000-0000-0000-000000000000";

test.each([
  ["everybody", everybody, true],
  ["the principal", principalId, true],
  ["a group of it", group, true],
  ["somebody else", stranger, false],
])("a deny assignment for %s is about a principal or not", async (_whom, denied, about) => {
  const { authorization, azure, control } = await azureWorld();
  azure.addGroup(sampleGroup({ members: [principalId] }));
  const { id, properties } = sampleDenyAssignment();
  control.patch({ resource: id, change: { properties: { principals: [{ id: denied }] } }, create: true });
  const list = (filter?: string) =>
    all(authorization.denyAssignments.listForScope(keyName, filter === undefined ? {} : { filter }));
  const whole = [
    {
      id,
      name: id.split("/").at(-1),
      type: "Microsoft.Authorization/denyAssignments",
      scope: vaultName,
      denyAssignmentName: "No use of keys",
      permissions: properties.permissions,
      doNotApplyToChildScopes: false,
      principals: [{ id: denied }],
      excludePrincipals: [],
      isSystemProtected: true,
    },
  ];
  expect(await list("atScope()")).toEqual(whole);
  expect(await list()).toEqual(whole);
  expect(await list(`assignedTo('${principalId}')`)).toEqual(about ? whole : []);
  expect(control.calls().by_call).toMatchObject({
    "authorization:ListDenyAssignments": { received: 2 },
    "authorization:ListPrincipalDenyAssignments": { received: 1 },
  });
});

test("schedules of assignments tell their end; without PIM they are refused", async () => {
  const { authorization, control } = await azureWorld();
  const { id, properties } = sampleAssignmentSchedule();
  const endDateTime = "2026-12-01T00:00:00Z";
  control.patch({ resource: id, change: { properties: { endDateTime } }, create: true });
  const list = () => all(authorization.roleAssignmentScheduleInstances.listForScope(keyName, { filter: "atScope()" }));
  expect(await list()).toMatchObject([
    {
      id,
      scope: keyName,
      principalId,
      roleDefinitionId: properties.roleDefinitionId,
      originRoleAssignmentId: assignmentName,
      assignmentType: "Assigned",
      endDateTime: new Date(endDateTime),
    },
  ]);
  control.patch({ resource: "directory/tenant", change: { privileged_identity_management: false } });
  expect(await azureRefusal(list())).toMatchObject({
    status: 400,
    code: "AadPremiumLicenseRequired",
    body: { error: { message: "The tenant needs an AAD Premium 2 license." } },
  });
});

test("lists of assignments come a page at a time", async () => {
  const { authorization, control, origin } = await prepared();
  control.patch({ resource: "directory/tenant", change: { page_size: 4 } });
  const filter = "atScope()";
  expect(await all(authorization.roleAssignments.listForScope(keyName, { filter }))).toHaveLength(6);
  expect(control.calls().by_call["authorization:ListRoleAssignments"]?.received).toBe(2);
  const path = `${keyName}/providers/Microsoft.Authorization/roleAssignments`;
  const { body } = await raw(origin, `https://management.azure.com${path}?api-version=2022-04-01&$filter=${filter}`);
  expect(body).toMatchObject({ nextLink: expect.stringContaining("%24filter=atScope%28%29&%24skiptoken=") });
});

test("diagnostic settings of a vault are told with all their destinations", async () => {
  const { control, monitor } = await azureWorld();
  const { id, properties } = sampleDiagnosticSetting();
  expect(await all(monitor.diagnosticSettings.list(vaultName))).toEqual([]);
  control.patch({
    resource: id,
    change: { properties: { logs: [{ category: "AuditEvent", enabled: false }] } },
    create: true,
  });
  const [setting] = await all(monitor.diagnosticSettings.list(vaultName));
  expect(setting).toMatchObject({
    id,
    name: "audit",
    workspaceId: properties.workspaceId,
    storageAccountId: null,
    logs: [{ category: "AuditEvent", categoryGroup: null, enabled: false }],
  });
});
