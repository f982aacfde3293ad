import type {
  GcpBilling,
  GcpIamPolicy,
  GcpJustificationsPolicy,
  GcpKeyVersion,
  GcpLogExclusion,
  GcpLogSink,
  GcpPerimeters,
  GcpProject,
  GcpRegisteredKey,
  GcpRotation,
  GcpServiceState,
  GcpVersionTemplate,
} from "./gcp.ts";
import type {
  GcpAncestorAccess,
  GcpAuditLogging,
  GcpDenyRules,
  GcpLevelAccess,
  GcpMemberRestrictions,
  GcpPerimeterAccess,
} from "./gcp-access.ts";
import type { Registration } from "./registration.ts";

/**
 * What Google Cloud tells of a Cloud KMS key, of its ring, its project and what is above it, and what follows from it.
 * Times are epoch milliseconds, durations milliseconds; enums keep Google's own words, so that one which is not invented
 * yet is not lost.
 */
export interface GcpKmsKeyFacts {
  /** Whether the complete list of the key's ring has it. */
  readonly existence: "present" | "absent";
  /** The resource name of the key that answered. */
  readonly read_name: string;
  readonly purpose: string;
  /** Null where the key has no primary version: none was made, or its purpose knows none. */
  readonly primary: GcpKeyVersion | null;
  /** What the next version will be. */
  readonly template: GcpVersionTemplate | null;
  readonly rotation: GcpRotation;
  /** `destroyScheduledDuration`: how long a version that is to be destroyed can still be restored. */
  readonly destroy_delay: number;
  readonly import_only: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Null where no Key Access Justifications policy is set. */
  readonly justifications: GcpJustificationsPolicy | null;

  readonly key_policy: GcpIamPolicy;
  /** All that are listed, by number. */
  readonly versions: readonly GcpKeyVersion[];

  // Of the project, and of what is above it.
  readonly project: GcpProject;
  readonly project_policy: GcpIamPolicy;
  /** `folders/…` and `organizations/…` from the project up; empty where it is in no organization. */
  readonly ancestors: readonly string[];
  readonly kms_service: GcpServiceState;
  readonly billing: GcpBilling;
  readonly log_sinks: readonly GcpLogSink[];
  readonly log_exclusions: readonly GcpLogExclusion[];
  /** Null where the project is in no organization: then there is nothing that could hold a perimeter. */
  readonly perimeters: GcpPerimeters | null;

  /** What may be looked at beyond the key's own project (`reads:` in the configuration). Always known. */
  readonly reads: GcpReads;

  readonly registration: Registration;

  // Derived: see src/access/gcp. One for each source; each is unreadable when what it rests on is.
  readonly registered_key: GcpRegisteredKey;
  readonly key_access: GcpLevelAccess;
  readonly ring_access: GcpLevelAccess;
  readonly project_access: GcpLevelAccess;
  /** From the lowest folder up to the organization; null where `reads.gcp_ancestors` is off: then nobody looked. */
  readonly ancestor_access: readonly GcpAncestorAccess[] | null;
  /** Of every level that could be looked at, nearest first; null where `reads.gcp_deny_policies` is off. */
  readonly deny_rules: GcpDenyRules | null;
  readonly audit_logging: GcpAuditLogging;
  readonly member_restrictions: GcpMemberRestrictions;
  /** Null where `reads.gcp_perimeters` is off, and where the project is in no organization. */
  readonly perimeter_access: GcpPerimeterAccess | null;
}

/** What of `reads:` in the configuration concerns a Cloud KMS key. */
export interface GcpReads {
  readonly gcp_ancestors: boolean;
  readonly gcp_perimeters: boolean;
  readonly gcp_deny_policies: boolean;
}
