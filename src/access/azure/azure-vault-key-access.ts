import type { ResourceAccess } from "../resource-access.ts";
import { azureDerivedSources, deriveAzureVaultKeyFacts } from "./derive.ts";
import { isAzureFactValue } from "./fact-forms.ts";
import { azureKeyAccess } from "./key-access.ts";
import { azureKeyLifecycle } from "./lifecycle.ts";

/** Keys of Key Vault and of managed HSMs. */
export const azureVaultKeyAccess: ResourceAccess = {
  derive: deriveAzureVaultKeyFacts,
  derivedSources: azureDerivedSources,
  keyAccess: azureKeyAccess,
  view: {
    reads: ["existence", "deletion", "enabled", "key_type"],
    lifecycle: azureKeyLifecycle,
    attributes: { key_spec: "key_type", origin: null, protection_level: null },
  },
  isFactValue: isAzureFactValue,
  policyCorrection: null,
};
