import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { existingVaultKey } from "./vault-only.ts";

/** Why nothing is given, where there is nobody to give it to. */
export const noPrincipal = "the tenant has no service principal of the application";

/** The scope of checks that ask something of the service principal: where the tenant has none, nobody is given anything. */
export const existingPrincipal = {
  within: existingVaultKey,
  reads: ["published_principal"],
  excludes({ published_principal }: Pick<AzureVaultKeyFacts, "published_principal">): string | undefined {
    return published_principal === null ? noPrincipal : undefined;
  },
} as const;

/** The scope of checks that ask the directory about it. */
export const principalInDirectory = {
  within: {
    within: existingVaultKey,
    reads: ["reads"],
    excludes({ reads }: Pick<AzureVaultKeyFacts, "reads">): string | undefined {
      return reads.azure_directory ? undefined : "the directory is not looked at: reads.azure_directory is off";
    },
  },
  reads: ["service_principal"],
  excludes({ service_principal }: Pick<AzureVaultKeyFacts, "service_principal">): string | undefined {
    return service_principal === null ? noPrincipal : undefined;
  },
} as const;
