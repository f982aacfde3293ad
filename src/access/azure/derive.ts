/** The facts of a key in a vault that follow from others, each level by itself, so that a missing source blinds no other. */
import type { AzureRole, AzureRoleAssignment } from "../../model/azure.ts";
import type { AzureLevelKind } from "../../model/azure-access.ts";
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Fact, type FactsByName, known, mapFact } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Facts } from "../../model/resource.ts";
import { factNamed } from "../fact-named.ts";
import { denialsOf } from "./denials.ts";
import { factOf } from "./fact-of.ts";
import { azureKeyParts } from "./key-name.ts";
import { assignmentsOf, levelAccess } from "./level-access.ts";
import { directoryFact, publishedPrincipal } from "./published-principal.ts";
import type { AzureHome } from "./scope.ts";

export type DerivedAzureFact = keyof typeof azureDerivedSources;

const levelSources = ["assignments", "role_definition", "vault", "registration"] as const;
const principalSources = ["application", "registration", "reads"] as const;

/** The raw facts that each derived one rests on. */
export const azureDerivedSources = {
  registered_key: ["registration"],
  service_principal: principalSources,
  service_principal_owners: ["application_owners", "registration", "reads"],
  service_principal_roles: ["application_roles", "registration", "reads"],
  service_principal_grants: ["application_grants", "registration", "reads"],
  service_principal_directory_roles: ["application_directory_roles", "registration", "reads"],
  published_principal: principalSources,
  published_access: ["principal_assignments", "role_definition", "vault", ...principalSources],
  key_access: levelSources,
  vault_access: levelSources,
  resource_group_access: levelSources,
  subscription_access: levelSources,
  management_group_access: levelSources,
  root_access: levelSources,
  policy_access: ["vault_rbac", "vault_access_policies"],
  denials: ["deny_assignments", "principal_deny_assignments", "vault", ...principalSources],
} as const satisfies Readonly<Partial<Record<keyof AzureVaultKeyFacts, readonly string[]>>>;

/** The derived facts of a key from the raw ones; a raw fact that is not there counts as not read yet. */
export function deriveAzureVaultKeyFacts(
  facts: FactsByName,
  key: KeyResource,
): Facts<"azure.vault-key", DerivedAzureFact> {
  const registered = azureKeyParts(key.resource);
  const home: AzureHome = { key: registered, vault_id: vaultIdOf(facts) };
  const assignments = withRoles(facts, factOf(facts, "assignments"), home);
  const accessAt = (kind: AzureLevelKind) => mapFact(assignments, (all) => known(levelAccess(kind, all)));
  const principal = publishedPrincipal(facts);
  return {
    registered_key: mapFact(factOf(facts, "registration"), () => known(registered)),
    ...directoryFacts(facts),
    published_principal: principal,
    published_access: mapFact(principal, (who) =>
      who === null
        ? known(null)
        : mapFact(withRoles(facts, factOf(facts, "principal_assignments"), home), (reaching) =>
            known({ principal: who, assignments: reaching }),
          ),
    ),
    key_access: accessAt("key"),
    vault_access: accessAt("vault"),
    resource_group_access: accessAt("resource-group"),
    subscription_access: accessAt("subscription"),
    management_group_access: accessAt("management-group"),
    root_access: accessAt("root"),
    policy_access: policyAccess(facts, home),
    denials: mapFact(factOf(facts, "deny_assignments"), (all) =>
      known(denialsOf(all, home, principal, factOf(facts, "principal_deny_assignments"))),
    ),
  };
}

/** Where the vault could not be read, the registration may know where it is. */
function vaultIdOf(facts: FactsByName): string | null {
  const vault = factOf(facts, "vault");
  if (vault.state === "known") return vault.value.id;
  const registration = factOf(facts, "registration");
  return registration.state === "known" ? (registration.value.azure?.vault_resource_id ?? null) : null;
}

function withRoles(facts: FactsByName, assignments: Fact<readonly AzureRoleAssignment[]>, home: AzureHome) {
  const roleOf = (id: string) => factNamed(facts, `role_definition:${id.toLowerCase()}`) as Fact<AzureRole>;
  return mapFact(assignments, (all) => known(assignmentsOf(all, home, roleOf)));
}

type DirectoryFact = Extract<DerivedAzureFact, `service_principal${string}`>;

function directoryFacts(facts: FactsByName): Facts<"azure.vault-key", DirectoryFact> {
  const told = <N extends DirectoryFact>(name: string) => directoryFact(facts, name) as Fact<AzureVaultKeyFacts[N]>;
  return {
    service_principal: told<"service_principal">("application"),
    service_principal_owners: told<"service_principal_owners">("application_owners"),
    service_principal_roles: told<"service_principal_roles">("application_roles"),
    service_principal_grants: told<"service_principal_grants">("application_grants"),
    service_principal_directory_roles: told<"service_principal_directory_roles">("application_directory_roles"),
  };
}

const notInForce = known<AzureVaultKeyFacts["policy_access"]>({ in_force: false, policies: [] });

/** A managed HSM has none: https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/access-control */
function policyAccess(facts: FactsByName, { key }: AzureHome): Fact<AzureVaultKeyFacts["policy_access"]> {
  if (key.kind === "managed-hsm") return notInForce;
  return mapFact(factOf(facts, "vault_rbac"), (rbac) =>
    rbac === true
      ? notInForce
      : mapFact(factOf(facts, "vault_access_policies"), (policies) => known({ in_force: true, policies })),
  );
}
