import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { existingAzureKey } from "./existing-key.ts";

export const localRolesUnread = "local RBAC of a managed HSM is not read by this version";

/**
 * The scope of checks that ask who is assigned what: a managed HSM has roles of its own, which ARM does not tell.
 * https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/access-control
 */
export const existingVaultKey = {
  reads: [...existingAzureKey.reads, "registered_key"],
  excludes({
    existence,
    registered_key,
  }: Pick<AzureVaultKeyFacts, "existence" | "registered_key">): string | undefined {
    if (registered_key.kind === "managed-hsm") return localRolesUnread;
    return existingAzureKey.excludes({ existence });
  },
} as const;
