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
    reads: ["existence", "primary", "purpose", "template"],
    lifecycle: gcpKeyLifecycle,
    attributes: { key_spec: "purpose", origin: null, protection_level: null },
  },
  isFactValue: isGcpFactValue,
  policyCorrection: null,
};
