import type { ResourceAccess } from "../resource-access.ts";
import { correctedAwsFacts } from "./corrected-facts.ts";
import { type DerivedAwsFact, deriveAwsKmsKeyFacts } from "./derive.ts";
import { isAwsFactValue } from "./fact-forms.ts";
import { awsKeyAccess } from "./key-access.ts";
import { awsKeyLifecycle } from "./lifecycle.ts";
import { putPolicyCommand } from "./put-policy-command.ts";

const derivedSources = {
  registered_key: ["registration"],
  policy: ["policy_text"],
  policy_access: ["policy_text"],
  grant_access: ["grants"],
  organization_policy_access: ["organization_policies", "reads"],
  trails: ["trail_list", "trail_status", "trail_selectors"],
} satisfies Record<DerivedAwsFact, readonly string[]>;

/** KMS keys of AWS. */
export const awsKmsKeyAccess: ResourceAccess = {
  derive: deriveAwsKmsKeyFacts,
  derivedSources,
  keyAccess: awsKeyAccess,
  view: {
    reads: ["existence", "state", "spec", "origin"],
    lifecycle: awsKeyLifecycle,
    attributes: { key_spec: "spec", origin: "origin", protection_level: null },
  },
  isFactValue: isAwsFactValue,
  policyCorrection: { factsWith: correctedAwsFacts, command: putPolicyCommand },
};
