import type { ResourceAccess } from "../resource-access.ts";
import { deriveGcpKmsKeyFacts, gcpDerivedSources } from "./derive.ts";
import { isGcpFactValue } from "./fact-forms.ts";
import { gcpKeyAccess } from "./key-access.ts";
import { gcpKeyLifecycle } from "./lifecycle.ts";

/** Keys of Cloud KMS. */
export const gcpKmsKeyAccess: ResourceAccess = {
  derive: deriveGcpKmsKeyFacts,
  derivedSources: gcpDerivedSources,
  keyAccess: gcpKeyAccess,
  view: {
    reads: ["existence", "primary"],
    lifecycle: gcpKeyLifecycle,
    attributes: { key_spec: "primary.algorithm", origin: null, protection_level: "primary.protection_level" },
  },
  isFactValue: isGcpFactValue,
  policyCorrection: null,
};
