/** The levels at and above a key whose assignments could be read, for checks that are given them as they are. */
import type { AzureAssignment } from "../../model/azure-access.ts";
import type { Unreadable } from "../../model/fact.ts";
import type { Facts } from "../../model/resource.ts";

const levelFacts = [
  "key_access",
  "vault_access",
  "resource_group_access",
  "subscription_access",
  "management_group_access",
  "root_access",
] as const;
export type AzureLevelFact = (typeof levelFacts)[number];

/** A fact that could not be read, by its name. */
export interface AzureUnread {
  readonly name: string;
  readonly why: Unreadable;
}

export interface AzureLevelsRead {
  /** To anybody, from the key up. */
  readonly assignments: readonly AzureAssignment[];
  readonly unread: readonly AzureUnread[];
}

export function azureLevelsRead(facts: Facts<"azure.vault-key", AzureLevelFact>): AzureLevelsRead {
  const levels = levelFacts.map((name) => ({ name, fact: facts[name] }));
  return {
    assignments: levels.flatMap(({ fact }) => (fact.state === "known" ? fact.value.assignments : [])),
    unread: levels.flatMap(({ name, fact }) => (fact.state === "unreadable" ? [{ name, why: fact }] : [])),
  };
}

/** The definition of an assignment's role, where it could not be read. */
export function unreadRole({ role_definition_id, permits }: AzureAssignment): readonly AzureUnread[] {
  const name = `role_definition:${role_definition_id.toLowerCase()}`;
  return permits.state === "known" ? [] : [{ name, why: permits }];
}
