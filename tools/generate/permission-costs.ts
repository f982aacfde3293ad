/** What it costs to withhold a permission: the facts that are lost by it, and the checks that ask for them. */
import { resourceAccess, sourcesOf } from "../../src/access/registry.ts";
import type { Check } from "../../src/check/define-check.ts";
import { scopeReads } from "../../src/check/scope-reads.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { CallTable } from "../../src/model/call.ts";
import type { Provider, ResourceKind } from "../../src/model/resource.ts";
import { neededFor } from "./permission-lists.ts";

export interface PermissionCost {
  readonly permission: string;
  /** Nothing at all can be read without it. */
  readonly everything: boolean;
  /** Raw facts, those of which there are several without the name of the part. */
  readonly facts: readonly string[];
  readonly checks: readonly Check[];
}

const kinds: Readonly<Record<Provider, ResourceKind>> = {
  aws: "aws.kms-key",
  gcp: "gcp.kms-key",
  azure: "azure.vault-key",
};

/** Where more hangs on a permission than the tables say: without it nobody knows what to ask next. */
const follows: Readonly<Record<string, readonly string[] | "everything">> = {
  "sts:AssumeRole": "everything",
  "iam.serviceAccounts.getAccessToken": "everything",
  "resourcemanager.projects.get": ["perimeters"],
  "Microsoft.KeyVault/vaults/read": "everything",
  "Microsoft.KeyVault/managedHSMs/read": "everything",
  "Microsoft.Authorization/roleAssignments/read": ["assigned_applications"],
  "Application.Read.All": [
    "principal_assignments",
    "principal_deny_assignments",
    "application_grants",
    "application_directory_roles",
  ],
};

/** What may be tested by what another fact holds: whoever asks for that asks for these too. */
const testedBy: Readonly<Record<string, string>> = { tags: "policy_text" };

/** Of every permission of a provider, sorted. */
export function permissionCosts(provider: Provider, checks: readonly Check[]): readonly PermissionCost[] {
  const calls: CallTable = callTables[provider];
  const permissions = [...new Set(Object.values(calls).flatMap(neededFor))].toSorted();
  const ofProvider = checks.filter(({ resource }) => resource === kinds[provider]);
  return permissions.map((permission) => {
    const facts = factsOf(calls, permission);
    const concerned = [...facts, ...facts.flatMap((fact) => testedBy[fact] ?? [])];
    return {
      permission,
      everything: follows[permission] === "everything",
      facts,
      checks: ofProvider.filter((check) => asksFor(check, concerned)),
    };
  });
}

function factsOf(calls: CallTable, permission: string): readonly string[] {
  const table = Object.values(calls);
  const more = follows[permission] ?? [];
  const asked = more === "everything" ? table : table.filter((call) => neededFor(call).includes(permission));
  const told = asked.flatMap(({ facts, leads_to = [] }) => [...facts, ...leads_to]);
  return [...new Set([...told, ...(more === "everything" ? [] : more)])];
}

function asksFor(check: Check, facts: readonly string[]): boolean {
  const read = [...scopeReads(check.scope), ...check.reads, ...check.passNeeds, ...check.mayRead];
  return read.some((fact) => rawFacts(check.resource, fact).some((raw) => facts.includes(raw)));
}

/** A derived fact may rest on derived ones. */
function rawFacts(kind: ResourceKind, fact: string): readonly string[] {
  if (!(fact in resourceAccess[kind].derivedSources)) return [fact];
  return sourcesOf(kind, fact).flatMap((source) => (source === fact ? [fact] : rawFacts(kind, source)));
}
