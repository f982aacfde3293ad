/** What may be denied in Azure, what is lost by it, and what a scan ends with then. */
import { type AzureCall, azureCalls } from "../../src/collect/azure/calls.ts";
import { idOf, type KeyName, vaults } from "./azure-clouded-service.ts";
import {
  applications,
  assignments,
  everywhere,
  get,
  keysOf,
  type Lost,
  line,
  lostIn,
  ofApplication,
  ofKey,
  ofVault,
  type Scope,
  settings,
  vault,
  versions,
} from "./azure-losses.ts";
import type { Case } from "./expect-case.ts";

const list = "keyvault:ListVaults";
const ofVaults: readonly KeyName[] = ["healthy", "open", "other"];

/** One call, refused alone everywhere. */
interface DeniedCall {
  readonly call: AzureCall;
  /** How often it is told of in a scope: for each key, unless something else is said. */
  readonly count?: number;
  /** What hangs on it, beside its own facts. */
  readonly leads?: readonly AzureCall[];
  /** Where every check can do without. */
  readonly blind?: readonly KeyName[];
}

const deniedCalls: readonly DeniedCall[] = [
  { call: get },
  { call: assignments, leads: [applications] },
  { call: "authorization:ListPrincipalAssignments", blind: ofVaults },
  { call: versions },
  // All other vaults of the test are their keys' own, and nothing is assigned on a vault.
  { call: "keyvault:ListKeys", blind: [] },
  { call: "keyvault:ListPerimeterConfigurations", blind: ofVaults },
  // The owner's and the documented one.
  { call: "authorization:GetRoleDefinition", count: 2 },
  { call: "authorization:ListDenyAssignments", blind: ofVaults },
  // That there is none at all says as much.
  { call: "authorization:ListPrincipalDenyAssignments", blind: [] },
  { call: "authorization:ListAssignmentSchedules" },
  { call: settings },
  { call: "graph:ListServicePrincipals", leads: ofApplication },
  // Who could add credentials is told beside those that there are.
  { call: "graph:ListServicePrincipalOwners", blind: [] },
  { call: "graph:ListAppRoleAssignments", blind: ofVaults },
  { call: "graph:ListPermissionGrants", blind: ofVaults },
  { call: "graph:ListDirectoryRoles", blind: ofVaults },
  { call: applications },
];

function denied({ call, count, leads = [], blind }: DeniedCall): Case<KeyName> {
  const of = (scope: Scope) =>
    count ?? (azureCalls[call].subject === "key" ? keysOf[scope].length : 1) * (1 + leads.length);
  return {
    about: `${call} is denied for all`,
    breaks: ({ simulator: { control } }) => control.deny({ call }),
    lost: everywhere.flatMap((scope) => [
      ...lostIn(scope, "access-denied", [call]),
      ...lostIn(scope, "access-denied", leads, call),
    ]),
    ...(blind === undefined ? {} : { blind }),
    refused: everywhere.map((scope) => line(call, "access-denied", of(scope), scope)),
    says: new RegExp(
      `${call} access-denied \\(${of("own")}x\\); it needs the permission ${azureCalls[call].permission}: `,
    ),
  };
}

/** Nothing of a key can be read under its name. */
function deniedKey(name: "healthy" | "open"): Pick<Case<KeyName>, "breaks" | "lost" | "refused"> {
  const lost = (call: AzureCall, refused?: AzureCall): Lost => ({
    keys: [name],
    call,
    reason: "access-denied",
    ...(refused === undefined ? {} : { refused }),
  });
  return {
    breaks: ({ simulator: { control } }) => control.deny({ call: "*", resource: idOf(name) }),
    lost: [...ofKey.map((call) => lost(call)), lost(applications, assignments)],
    refused: ofKey.map((call) => line(call, "access-denied", call === assignments ? 2 : 1)),
  };
}

export const deniedCases: readonly Case<KeyName>[] = [
  {
    about: "one key is denied",
    ...deniedKey("healthy"),
    says: /keyvault:GetKey access-denied \(1x\); it needs the permission Microsoft\.KeyVault\/vaults\/keys\/read: AuthorizationFailed: /,
  },
  { about: "a key with open findings is denied", ...deniedKey("open") },
  {
    about: "a managed HSM is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "*", resource: vaults.hsm }),
    lost: lostIn("hsm", "access-denied", ofVault),
    refused: ofVault.map((call) => line(call, "access-denied", 1, "hsm")),
    says: /keyvault:GetVault access-denied \(1x\); it needs the permission Microsoft\.KeyVault\/managedHSMs\/read: AuthorizationFailed: /,
  },
  ...deniedCalls.map(denied),
  {
    about: "all vaults are denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: vault }),
    // A vault's access policies name whom the directory is asked for; a managed HSM has none.
    lost: everywhere.flatMap((scope) => [
      ...lostIn(scope, "access-denied", [vault]),
      ...lostIn(scope, "access-denied", scope === "hsm" ? [] : [applications], vault),
    ]),
    refused: everywhere.map((scope) =>
      line(vault, "access-denied", scope === "hsm" ? 1 : 1 + keysOf[scope].length, scope),
    ),
    says: /keyvault:GetVault access-denied \(1x\); it needs the permission Microsoft\.KeyVault\/managedHSMs\/read: /,
  },
  {
    about: "the directory is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "graph:*" }),
    lost: everywhere.flatMap((scope) => [
      ...lostIn(scope, "access-denied", ["graph:ListServicePrincipals", applications]),
      ...lostIn(scope, "access-denied", ofApplication, "graph:ListServicePrincipals"),
    ]),
    refused: everywhere.flatMap((scope) => [
      line("graph:ListServicePrincipals", "access-denied", 5, scope),
      line(applications, "access-denied", keysOf[scope].length, scope),
    ]),
  },
  {
    about: "the lists of vaults are denied to who has just been started",
    restarts: true,
    breaks: ({ simulator: { control } }) => control.deny({ call: list }),
    lost: everywhere.flatMap((scope) => [
      ...lostIn(scope, "access-denied", [...ofKey, ...ofVault, applications], list),
    ]),
    refused: everywhere.map((scope) =>
      line(list, "access-denied", keysOf[scope].length * (ofKey.length + 1) + ofVault.length, scope),
    ),
  },
];
