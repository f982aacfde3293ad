import { known } from "../../model/fact.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { AzureReading, VaultSight } from "./azure-reading.ts";
import type { AzureKeyPlace } from "./key-place.ts";
import {
  type AssignmentList,
  readAssignedApplications,
  readAssignments,
  readLimits,
  readPrincipalAssignments,
  readRoles,
} from "./read-assignments.ts";
import { applicationOf, findPrincipal, readDirectory } from "./read-directory.ts";
import { readExistence } from "./read-existence.ts";
import { readVault } from "./read-vault.ts";
import type { AzureTarget } from "./reader.ts";
import { diagnosticSettingsPage } from "./schema/diagnostic-setting.ts";
import { keyNamesPage, versionsPage } from "./schema/key.ts";
import { canonical } from "./schema/parts.ts";
import { perimetersPage } from "./schema/perimeter.ts";
import type { VaultAddress } from "./vault-address.ts";

/**
 * Everything that a lane reads of one key. With it comes what is told of its vault, of roles and of the directory: readings
 * of the scope, which the keys that are read at the same time share.
 */
export async function readKey(
  reading: AzureReading,
  place: AzureKeyPlace,
  target: AzureTarget,
): Promise<readonly Reading[]> {
  const [vault, principal] = await Promise.all([
    readVault(reading, target, place),
    findPrincipal(reading, target, place),
  ]);
  const { address } = vault;
  const scope = address instanceof Refused ? address : `${address.id}/keys/${place.key}`;
  const existence = readExistence(reading, target, place, vault);
  const assigned = readAssignments(reading, target, scope);
  const reaching = readPrincipalAssignments(reading, target, scope, principal);
  const fast = Promise.all([existence, assigned.then(readingOf), reaching.then(readingOf)]);
  if (target.lane === "fast") return [...(await fast), vault.reading];

  const [own, ...others] = await Promise.all([
    fast,
    Promise.all([readVersions(reading, target, place, address), ...readLimits(reading, target, scope, principal)]),
    Promise.all(readVaultSettings(reading, target, address)),
    Promise.all([assigned, reaching]).then((lists) => readRoles(reading, target, lists.flatMap(assignmentsOf))),
    readBeyond(reading, target, place, { assigned, policies: place.kind === "vault" ? vault.reading : null }),
  ]);
  return [...own, vault.reading, ...others.flat()];
}

function readingOf({ reading }: AssignmentList): Reading {
  return reading;
}

function assignmentsOf({ assignments = [] }: AssignmentList) {
  return assignments;
}

/** What is asked of the directory, where that may be looked at. */
async function readBeyond(
  reading: AzureReading,
  target: AzureTarget,
  place: AzureKeyPlace,
  { assigned, policies }: { readonly assigned: Promise<AssignmentList>; readonly policies: Reading | null },
): Promise<readonly Reading[]> {
  if (!reading.reads.azure_directory) return [];
  const [about, applications] = await Promise.all([
    readDirectory(reading, target, applicationOf(place)),
    assigned.then((list) => readAssignedApplications(reading, target, list, policies)),
  ]);
  return [applications, ...about];
}

function readVersions(
  { reader, ask }: AzureReading,
  target: AzureTarget,
  { key }: AzureKeyPlace,
  vault: VaultSight["address"],
): Promise<Reading> {
  return ask("keyvault:ListKeyVersions", async () => {
    const address = certain(vault);
    const versions = await allPages(async (next) =>
      versionsPage(await reader.listKeyVersions(target, address, key, next)),
    );
    const oldestFirst = canonical(versions).toSorted((a, b) => (a.created ?? 0) - (b.created ?? 0));
    return { facts: { versions: known(oldestFirst) } };
  });
}

/** What the keys of a vault share. */
function readVaultSettings(
  { reader, askOnce }: AzureReading,
  target: AzureTarget,
  vault: VaultSight["address"],
): readonly Promise<Reading>[] {
  return [
    askOnce("keyvault:ListKeys", async () => {
      const address = certain(vault);
      const names = await allPages(async (next) => keyNamesPage(await reader.listKeys(target, address, next)));
      return { facts: { vault_keys: known(names.toSorted()) } };
    }),
    askOnce("keyvault:ListPerimeterConfigurations", async () => {
      const address = certain(vault);
      const perimeters = await allPages(async (next) =>
        perimetersPage(await reader.listPerimeterConfigurations(target, address, next)),
      );
      return { facts: { perimeters: known(canonical(perimeters)) } };
    }),
    askOnce("insights:ListDiagnosticSettings", async () => {
      const address = certain(vault);
      const settings = await allPages(async (next) =>
        diagnosticSettingsPage(await reader.listDiagnosticSettings(target, address, next)),
      );
      return { facts: { diagnostic_settings: known(canonical(settings)) } };
    }),
  ];
}

function certain(vault: VaultSight["address"]): VaultAddress {
  if (vault instanceof Refused) throw vault;
  return vault;
}
