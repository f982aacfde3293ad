import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";

/** The scope of every check that asks something of a key: where there is no key, there is nothing to ask. */
export const existingAzureKey = {
  reads: ["existence"],
  excludes({ existence }: Pick<AzureVaultKeyFacts, "existence">): string | undefined {
    return existence === "absent" ? "the key does not exist" : undefined;
  },
} as const;
