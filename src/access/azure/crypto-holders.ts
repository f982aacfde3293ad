/** Everybody who is given crypto operations on a key, and what he comes to. */
import type { AzureAssignedApplication } from "../../model/azure.ts";
import type { AzureDenial, AzurePublishedPrincipal } from "../../model/azure-access.ts";
import type { Fact } from "../../model/fact.ts";
import { holderDenial } from "./deny.ts";
import type { AzureGrant } from "./grants-in-force.ts";
import { azureCryptoActions, cryptoActionsOf, isAdministrators } from "./key-actions.ts";
import { type AzureUnread, unreadRole } from "./levels-read.ts";
import { likenessOfApplication } from "./lookalike.ts";
import { isOfPrincipal } from "./reaching-assignments.ts";

export interface AzureHolder {
  readonly grant: AzureGrant;
  /** Sorted. Empty where the role could not be read. */
  readonly operations: readonly string[];
  readonly class:
    | "service-principal"
    /** Registered under `expected_principals`. */
    | "expected"
    /** Looks after keys, or after who may use them, of the whole vault or more: by this grant or by another. */
    | "administrator"
    /** Resembles the published application: another check's. */
    | "lookalike"
    | "unexpected"
    /** What could not be read may make it somebody expected, or nobody. */
    | "undecided";
  /** Where `undecided`: what could not be read. */
  readonly on: readonly AzureUnread[];
}

export interface AzureExpected {
  readonly principal: Fact<AzurePublishedPrincipal | null>;
  /** Whose service principal the key is for, by the registration. */
  readonly application: string;
  /** `expected_principals` of the registration: object ids. */
  readonly expected: readonly string[];
  readonly applications: Fact<readonly AzureAssignedApplication[]>;
  readonly denials: Fact<readonly AzureDenial[]>;
}

/** Those who may hold some: whose role could not be read, too. Nobody holds what a deny assignment surely takes away. */
export function cryptoHolders(grants: readonly AzureGrant[], known: AzureExpected): readonly AzureHolder[] {
  const byPrincipal = Map.groupBy(grants, principalOf);
  return grants.flatMap((grant) => {
    const ofHis = byPrincipal.get(principalOf(grant)) ?? [];
    const isKnown = grant.permits.state === "known";
    const permitted = isKnown ? cryptoActionsOf(grant.permits.value) : azureCryptoActions;
    const held = permitted.filter((action) => !isTakenAway(action, grant, known));
    const operations = isKnown ? held.toSorted() : [];
    return held.length === 0 ? [] : [{ grant, operations, ...classOf(grant, ofHis.filter(isOfVaultOrMore), known) }];
  });
}

/** Access policies know no denials, and denials that could not be read could only take away. */
function isTakenAway(action: string, grant: AzureGrant, { denials }: AzureExpected): boolean {
  if (grant.assignment === null || denials.state === "unreadable") return false;
  return holderDenial(denials.value, action, grant).decision === "denied";
}

/** `wide`: what he is given on the vault or above. */
function classOf(grant: AzureGrant, wide: readonly AzureGrant[], known: AzureExpected) {
  const id = principalOf(grant);
  const { principal, expected, applications } = known;
  if (isServicePrincipal(grant, known)) return decided("service-principal");
  if (expected.some((one) => one.toLowerCase() === id)) return decided("expected");
  if (wide.some(({ permits }) => permits.state === "known" && isAdministrators(permits.value))) {
    return decided("administrator");
  }
  const its = applications.state === "known" ? applicationsOf(grant, applications.value) : [];
  if (its.some((one) => likenessOfApplication(one) !== undefined)) return decided("lookalike");
  const on = [
    ...[...new Set([grant, ...wide])].flatMap(({ assignment }) => (assignment === null ? [] : unreadRole(assignment))),
    ...(principal.state === "unreadable" && its.length === 0 && mayBeApplication(grant)
      ? [{ name: "published_principal", why: principal }]
      : []),
  ];
  return on.length === 0 ? decided("unexpected") : ({ class: "undecided", on } as const);
}

function isServicePrincipal(grant: AzureGrant, { principal, application, applications }: AzureExpected): boolean {
  if (principal.state === "known" && principal.value !== null && isOfPrincipal(grant, principal.value)) return true;
  if (applications.state === "unreadable") return false;
  const its = applicationsOf(grant, applications.value);
  if (its.some(({ application_id }) => application_id.toLowerCase() === application)) return true;
  // Where the tenant has none any more, its assignments stay behind, and the directory knows nobody of that id.
  const isGone = principal.state === "known" && principal.value === null;
  return isGone && its.length === 0 && grant.principal_type?.toLowerCase() === "serviceprincipal";
}

function applicationsOf(grant: AzureGrant, applications: readonly AzureAssignedApplication[]) {
  return applications.filter(({ object_id }) => object_id.toLowerCase() === principalOf(grant));
}

function principalOf({ principal_id }: AzureGrant): string {
  return principal_id.toLowerCase();
}

function decided<const C extends AzureHolder["class"]>(name: C) {
  return { class: name, on: [] } as const;
}

function isOfVaultOrMore({ level }: AzureGrant): boolean {
  return level !== "key" && level !== "key-version";
}

/** A type that is not known may be any. */
function mayBeApplication({ principal_type }: AzureGrant): boolean {
  const type = principal_type?.toLowerCase() ?? "serviceprincipal";
  return !["user", "group", "foreigngroup", "device"].includes(type);
}
