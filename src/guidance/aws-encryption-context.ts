/** What each revision says of the encryption context: what requests carry, and what a key policy asks of it. */
import type { GuidanceRevision } from "../model/guidance-revision.ts";

/** The pairs of the encryption context, as requests name them. */
export const organizationPair = "anthropic:org_uuid";
export const compartmentPair = "anthropic:compartment_uuid";

/** The compartment that validation sends: no workspace's. */
export const validationCompartment = "00000000-0000-0000-0000-000000000000";

/** The operations whose requests carry an encryption context: DescribeKey has none. */
export const cryptographicOperations: readonly string[] = ["kms:Encrypt", "kms:Decrypt"];

export interface AwsEncryptionContextRules {
  /** Whether requests carry the organization beside the compartment, and key policies must ask for it. */
  readonly organization: boolean;
  /** How strongly a key policy should be bound to the customer. */
  readonly binding: "recommended" | "required";
  /** Whether a list of compartments must hold the one that validation sends. */
  readonly lists_validation: boolean;
  /** Whether a request may come without a compartment, which a list must then let through. */
  readonly compartment_optional: boolean;
}

export const awsEncryptionContext = {
  "2026-06": { organization: false, binding: "recommended", lists_validation: false, compartment_optional: false },
  "2026-07": { organization: false, binding: "recommended", lists_validation: true, compartment_optional: false },
  "2026-09": { organization: true, binding: "required", lists_validation: false, compartment_optional: true },
} as const satisfies Record<GuidanceRevision, AwsEncryptionContextRules>;

/** The first day on which requests carried the organization: what was encrypted before names the compartment alone. */
export const organizationSentSince = "2026-09-01";
