/** What follows from the facts of a key in Azure: who is given what at which level. Computed in src/access/azure. */
import type { AzureAccessPolicy, AzureDenyAssignment, AzureRole } from "./azure.ts";
import type { Fact } from "./fact.ts";

/** From the narrowest to the widest. https://learn.microsoft.com/en-us/azure/role-based-access-control/scope-overview */
export const azureLevelKinds = [
  "key-version",
  "key",
  "vault",
  "resource-group",
  "subscription",
  "management-group",
  "root",
] as const;
export type AzureLevelKind = (typeof azureLevelKinds)[number];

export interface AzureLevel {
  readonly kind: AzureLevelKind;
  /** The scope as Azure writes it; compared without regard to case. */
  readonly scope: string;
}

/** A role assignment with what its role means. */
export interface AzureAssignment {
  readonly id: string;
  readonly level: AzureLevel;
  readonly role_definition_id: string;
  /** Unreadable where the role could not be read: then nobody knows what it permits. */
  readonly permits: Fact<AzureRole>;
  readonly principal_id: string;
  readonly principal_type: string | null;
  /** Null where there is none. */
  readonly condition: string | null;
}

/** The assignments that are made at one kind of level above or at the key, to anybody. */
export interface AzureLevelAccess {
  readonly kind: AzureLevelKind;
  readonly assignments: readonly AzureAssignment[];
}

/** Which service principal the key is for: Anthropic's, or the one that the registration names in its place. */
export interface AzurePublishedPrincipal {
  readonly application_id: string;
  /** Whether that is the published application. */
  readonly published: boolean;
  /** In the vault's tenant. */
  readonly object_id: string;
  readonly known_from: "registration" | "directory";
}

/**
 * What reaches that service principal, itself or through groups, at, above and below the key: as Azure resolves it
 * (`assignedTo`), so no membership has to be known.
 */
export interface AzurePublishedAccess {
  readonly principal: AzurePublishedPrincipal;
  readonly assignments: readonly AzureAssignment[];
}

/** Whether the vault's own access policies count, or role assignments do. */
export interface AzurePolicyAccess {
  readonly in_force: boolean;
  /** None where they are not in force: what lingers there does nothing. */
  readonly policies: readonly AzureAccessPolicy[];
}

/** A deny assignment that stands at or above the key, and whether it is about the service principal. */
export interface AzureDenial extends AzureDenyAssignment {
  readonly level: AzureLevel;
  /** `undecided`: it spares or names a group, and nobody knows who is in it. */
  readonly names_principal: "yes" | "no" | "undecided";
}
