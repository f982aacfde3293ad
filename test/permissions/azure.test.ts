import { describe, expect, it } from "vitest";
import { type AzureCall, azureCalls } from "../../src/collect/azure/calls.ts";
import { cloudedService, idOf, type KeyName, scopeOf, vaults } from "../faults/azure-clouded-service.ts";
import {
  expectEverythingRead,
  expectMissing,
  expectSometimesMissing,
  type Loss,
  type Missing,
  type SometimesMissing,
} from "./expect-missing.ts";
import { grantedByAzure } from "./granted.ts";

const granted = grantedByAzure();
const all: readonly KeyName[] = ["healthy", "open", "other", "hsm"];
const ofVaults: readonly KeyName[] = ["healthy", "open", "other"];
const ofHsm: readonly KeyName[] = ["hsm"];
const own = scopeOf("healthy");
const other = scopeOf("other");
const hsm = scopeOf("hsm");
const applications = "graph:GetAssignedApplications";
const ofKey = [
  "keyvault:GetKey",
  "keyvault:ListKeyVersions",
  "authorization:ListRoleAssignments",
  "authorization:ListPrincipalAssignments",
  "authorization:ListDenyAssignments",
  "authorization:ListPrincipalDenyAssignments",
  "authorization:ListAssignmentSchedules",
] as const satisfies readonly AzureCall[];
const ofVault = [
  "keyvault:GetVault",
  "keyvault:ListKeys",
  "keyvault:ListPerimeterConfigurations",
  "insights:ListDiagnosticSettings",
] as const satisfies readonly AzureCall[];
const directory = "graph:ListServicePrincipals";
const deleted = { deletedDate: "2026-10-01T08:00:00Z", scheduledPurgeDate: "2026-12-30T08:00:00Z" };

/** How many times a call is refused in each vault: once for each key, or once. */
function refusedOf(call: AzureCall, keys: readonly KeyName[], times = 1): Missing<KeyName>["refused"] {
  const count = (scope: string) => {
    const within = keys.filter((name) => scopeOf(name) === scope).length;
    return times * (azureCalls[call].subject === "key" ? within : Math.min(within, 1));
  };
  return [own, other, hsm].flatMap((scope) => (count(scope) === 0 ? [] : [[scope, call, count(scope)] as const]));
}

/** Calls that nothing else hangs on. */
function alone(
  permission: string,
  calls: readonly AzureCall[],
  keys: readonly KeyName[] = all,
  blind: readonly KeyName[] = keys,
): Missing<KeyName> {
  return {
    permission,
    lost: calls.map((call) => ({ keys, call })),
    refused: calls.flatMap((call) => refusedOf(call, keys)),
    blind,
  };
}

/** Where a vault is cannot be found out, and nothing can be read of it. */
function unseen(permission: string, keys: readonly KeyName[], refused: Missing<KeyName>["refused"]): Missing<KeyName> {
  const call = "keyvault:ListVaults";
  return {
    permission,
    lost: [...ofKey, ...ofVault, applications].map((told): Loss<KeyName> => ({ keys, call: told, refused: call })),
    refused,
  };
}

const missing: readonly Missing<KeyName>[] = [
  unseen("Microsoft.KeyVault/vaults/read", ofVaults, [
    [own, "keyvault:ListVaults", 2 * (ofKey.length + 1) + ofVault.length],
    [other, "keyvault:ListVaults", ofKey.length + 1 + ofVault.length],
  ]),
  unseen("Microsoft.KeyVault/managedHSMs/read", ofHsm, [
    [hsm, "keyvault:ListVaults", ofKey.length + 1 + ofVault.length],
  ]),
  alone("Microsoft.KeyVault/vaults/keys/read", ["keyvault:GetKey", "keyvault:ListKeys"], ofVaults),
  alone("Microsoft.KeyVault/managedHSMs/keys/read", ["keyvault:GetKey", "keyvault:ListKeys"], ofHsm),
  alone("Microsoft.KeyVault/vaults/keys/versions/read", ["keyvault:ListKeyVersions"], ofVaults),
  alone("Microsoft.KeyVault/managedHSMs/keys/versions/read", ["keyvault:ListKeyVersions"], ofHsm),
  // No check asks for the perimeter of a managed HSM, nor who is denied something there.
  alone(
    "Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations/read",
    ["keyvault:ListPerimeterConfigurations"],
    all,
    ofVaults,
  ),
  alone(
    "Microsoft.Authorization/denyAssignments/read",
    ["authorization:ListDenyAssignments", "authorization:ListPrincipalDenyAssignments"],
    all,
    ofVaults,
  ),
  alone("Microsoft.Authorization/roleAssignmentScheduleInstances/read", ["authorization:ListAssignmentSchedules"]),
  alone("Microsoft.Insights/diagnosticSettings/read", ["insights:ListDiagnosticSettings"]),
  {
    permission: "Microsoft.Authorization/roleDefinitions/read",
    lost: [{ keys: all, call: "authorization:GetRoleDefinition" }],
    // The owner's and the documented one.
    refused: refusedOf("authorization:GetRoleDefinition", all, 2),
  },
  {
    permission: "Microsoft.Authorization/roleAssignments/read",
    lost: [
      { keys: all, call: "authorization:ListRoleAssignments" },
      { keys: all, call: "authorization:ListPrincipalAssignments" },
      // Whom to ask the directory for follows from it.
      { keys: all, call: applications, refused: "authorization:ListRoleAssignments" },
    ],
    refused: [
      ...refusedOf("authorization:ListRoleAssignments", all, 2),
      ...refusedOf("authorization:ListPrincipalAssignments", all),
    ],
  },
  {
    permission: "Application.Read.All",
    lost: [
      { keys: all, call: directory },
      { keys: all, call: applications },
      // All that is asked under the object id, which the directory tells.
      ...(
        [
          "graph:ListServicePrincipalOwners",
          "graph:ListAppRoleAssignments",
          "graph:ListPermissionGrants",
          "graph:ListDirectoryRoles",
          "authorization:ListPrincipalAssignments",
          "authorization:ListPrincipalDenyAssignments",
        ] as const
      ).map((call): Loss<KeyName> => ({ keys: all, call, refused: directory })),
    ],
    refused: [
      ...refusedOf(applications, all),
      // Five of the application, and two of each key.
      [own, directory, 5 + 2 * 2],
      [other, directory, 5 + 2],
      [hsm, directory, 5 + 2],
    ],
  },
  alone("Directory.Read.All", ["graph:ListPermissionGrants", "graph:ListDirectoryRoles"], all, ofVaults),
];

const sometimes: readonly SometimesMissing<KeyName>[] = [
  {
    permission: "Microsoft.KeyVault/deletedVaults/read",
    where: "a vault was deleted",
    happens: ({ simulator: { control } }) => control.patch({ resource: vaults.own, change: { deleted } }),
    lost: [
      {
        keys: ["healthy", "open"],
        call: "keyvault:GetKey",
        facts: ["deletion"],
        refused: "keyvault:ListDeletedVaults",
      },
    ],
    refused: [[own, "keyvault:ListDeletedVaults", 2]],
  },
  {
    permission: "Microsoft.KeyVault/deletedManagedHsms/read",
    where: "a managed HSM was deleted",
    happens: ({ simulator: { control } }) => control.patch({ resource: vaults.hsm, change: { deleted } }),
    lost: [{ keys: ofHsm, call: "keyvault:GetKey", facts: ["deletion"], refused: "keyvault:ListDeletedVaults" }],
    refused: [[hsm, "keyvault:ListDeletedVaults", 1]],
  },
  {
    permission: "Microsoft.KeyVault/vaults/keys/read (data action)",
    where: "a key was deleted",
    happens: ({ simulator: { control } }) => control.patch({ resource: idOf("open"), change: { deleted } }),
    lost: [{ keys: ["open"], call: "keyvault:GetKey", facts: ["deletion"], refused: "keyvault:GetDeletedKey" }],
    refused: [[own, "keyvault:GetDeletedKey", 1]],
  },
];

describe("an identity with exactly what azure.json and the consent grant", { timeout: 30_000 }, () => {
  it("reads everything", async () => {
    await expectEverythingRead(await cloudedService(), granted);
  });

  it.each(missing)("but for $permission misses exactly what needs it, and is told so", async (one) => {
    await expectMissing(await cloudedService(), "open", granted, one);
  });

  it.each(sometimes)("but for $permission misses something only where $where", async (one) => {
    await expectSometimesMissing(await cloudedService(), granted, one);
  });

  it("has no permission that is not tried here", () => {
    expect([...missing, ...sometimes].map(({ permission }) => permission).toSorted()).toEqual(granted.toSorted());
  });
});
