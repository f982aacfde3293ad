/** The calls that are made of Azure by what they tell of, and how their loss is told. */
import { type AzureCall, azureCalls } from "../../src/collect/azure/calls.ts";
import type { Call } from "../../src/model/call.ts";
import type { UnreadableReason } from "../../src/model/fact.ts";
import { hosts, type KeyName } from "./azure-clouded-service.ts";
import type { Lost as LostOf } from "./expect-case.ts";

export type Lost = LostOf<KeyName> & { readonly call: AzureCall; readonly refused?: AzureCall | "credentials" };
export type Scope = keyof typeof hosts;

export const keysOf = { own: ["healthy", "open"], other: ["other"], hsm: ["hsm"] } as const satisfies Record<
  Scope,
  KeyName[]
>;
export const everywhere: readonly Scope[] = ["own", "other", "hsm"];
export const get = "keyvault:GetKey";
export const vault = "keyvault:GetVault";
export const assignments = "authorization:ListRoleAssignments";
export const applications = "graph:GetAssignedApplications";
export const versions = "keyvault:ListKeyVersions";
export const settings = "insights:ListDiagnosticSettings";
export const ofApplication = [
  "graph:ListServicePrincipalOwners",
  "graph:ListAppRoleAssignments",
  "graph:ListPermissionGrants",
  "graph:ListDirectoryRoles",
] as const satisfies readonly AzureCall[];
/** What is read of a vault and of what is in it. */
export const ofVault = [
  vault,
  "keyvault:ListKeys",
  "keyvault:ListPerimeterConfigurations",
  settings,
] as const satisfies readonly AzureCall[];
export const allCalls = Object.keys(azureCalls) as readonly AzureCall[];
/** All that is read under the name of a key. */
export const ofKey = allCalls.filter(
  (call) => azureCalls[call].subject === "key" && azureCalls[call].facts.length > 0 && call !== applications,
);

/** A managed HSM has permissions of its own for some calls. */
export function permissionOf(call: AzureCall, scope: Scope): string {
  const { permission, other_permissions }: Call = azureCalls[call];
  return (scope === "hsm" ? other_permissions?.[0] : undefined) ?? permission;
}

export function lostIn(
  scope: Scope,
  reason: UnreadableReason,
  calls: readonly AzureCall[],
  refused?: AzureCall,
): Lost[] {
  return calls.map((call) => ({
    keys: keysOf[scope],
    call,
    reason,
    permission: permissionOf(refused ?? call, scope),
    ...(refused === undefined ? {} : { refused }),
  }));
}

/** A line of what the scan of a vault ends with. */
export function line(call: AzureCall, reason: UnreadableReason, count = 1, scope: Scope = "own"): string {
  const permission = reason === "api-disabled" ? "-" : permissionOf(call, scope);
  return `vaults/${hosts[scope]} ${call} ${reason} ${permission} ${count}x`;
}
