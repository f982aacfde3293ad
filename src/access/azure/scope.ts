/**
 * Scopes of assignments, seen from one key: what is at it, above it or below it. Names in them are compared without
 * regard to case. https://learn.microsoft.com/en-us/azure/role-based-access-control/scope-overview
 */
import type { AzureRegisteredKey } from "../../model/azure.ts";
import type { AzureLevel, AzureLevelKind } from "../../model/azure-access.ts";

/** Where a key is, as far as it is known. */
export interface AzureHome {
  readonly key: AzureRegisteredKey;
  /** The ARM id of its vault; null where nobody knows it: then a vault of that name is the key's, whatever it is in. */
  readonly vault_id: string | null;
}

/** Undefined for a scope that never reaches the key: of other subscriptions, vaults or keys, or of what it cannot be in. */
export function azureLevelOf(scope: string, { key, vault_id }: AzureHome): AzureLevel | undefined {
  const segments = segmentsOf(scope);
  if (segments.length === 0) return { kind: "root", scope };
  if (isManagementGroup(segments)) return { kind: "management-group", scope };
  const wanted = keySegments(key, vault_id);
  const reaches = wanted.every((one, index) => index >= segments.length || isSame(one, segments[index] ?? ""));
  const kind = reaches ? kindsByLength[segments.length] : undefined;
  return kind === undefined ? undefined : { kind, scope };
}

/** Whether what is assigned there holds for the key itself, and not for one of its versions alone. */
export function isAtOrAbove({ kind }: AzureLevel): boolean {
  return kind !== "key-version";
}

/** `/subscriptions/…/vaults/<vault>/keys/<key>`, as Azure writes the vault; undefined where nobody knows the vault's id. */
export function azureKeyScope({ key, vault_id }: AzureHome): string | undefined {
  return vault_id === null ? undefined : `${vault_id.replace(/\/+$/, "")}/keys/${key.key}`;
}

const kindsByLength: Readonly<Record<number, AzureLevelKind>> = {
  2: "subscription",
  4: "resource-group",
  8: "vault",
  10: "key",
  // Key Vault has a version right after the key's name, ARM among the key's `versions`.
  11: "key-version",
  12: "key-version",
};

/** Stands for whatever name a subscription or a group has. */
const anything = "*";

function keySegments({ kind, vault, key }: AzureRegisteredKey, vault_id: string | null): readonly string[] {
  const collection = kind === "managed-hsm" ? "managedhsms" : "vaults";
  const own = vault_id === null ? [] : segmentsOf(vault_id);
  return [
    "subscriptions",
    own[1] ?? anything,
    "resourcegroups",
    own[3] ?? anything,
    "providers",
    "microsoft.keyvault",
    collection,
    vault,
    "keys",
    key,
  ];
}

function isSame(wanted: string, segment: string): boolean {
  return wanted === anything || wanted === segment;
}

function isManagementGroup([providers, namespace, collection, name, ...more]: readonly string[]): boolean {
  return (
    providers === "providers" &&
    namespace === "microsoft.management" &&
    collection === "managementgroups" &&
    name !== undefined &&
    more.length === 0
  );
}

function segmentsOf(scope: string): readonly string[] {
  return scope
    .toLowerCase()
    .split("/")
    .filter((segment) => segment !== "");
}
