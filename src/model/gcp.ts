import type { Fact } from "./fact.ts";
import type {
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

/** The key as it is registered: `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
export interface GcpRegisteredKey {
  readonly name: string;
  /** As the name has it: an id or a number. */
  readonly project: string;
  readonly location: string;
  readonly ring: string;
  /** `projects/…/keyRings/<ring>`. */
  readonly ring_name: string;
  readonly key: string;
}

/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys.cryptoKeyVersions */
export interface GcpKeyVersion {
  readonly number: number;
  /** `CryptoKeyVersionState`. */
  readonly state: string;
  readonly protection_level: string;
  readonly algorithm: string;
  readonly created: number | null;
  /** When it will be, or was, destroyed. */
  readonly destroyed: number | null;
  readonly imported: boolean;
}

export interface GcpVersionTemplate {
  readonly protection_level: string;
  readonly algorithm: string;
}

export interface GcpRotation {
  readonly period: number | null;
  readonly next: number | null;
}

/** https://cloud.google.com/assured-workloads/key-access-justifications/docs/overview */
export interface GcpJustificationsPolicy {
  readonly allowed_reasons: readonly string[];
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/Policy, as of version 3. */
export interface GcpIamPolicy {
  readonly version: number;
  readonly bindings: readonly GcpPolicyBinding[];
  readonly audit_configs: readonly GcpAuditConfig[];
}

export interface GcpPolicyBinding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition: GcpExpression | null;
}

/** A condition in the Common Expression Language. */
export interface GcpExpression {
  readonly title: string | null;
  readonly expression: string;
}

export interface GcpAuditConfig {
  /** `cloudkms.googleapis.com`, or `allServices`. */
  readonly service: string;
  readonly logs: readonly { readonly type: string; readonly exempted: readonly string[] }[];
}

export interface GcpProject {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly parent: string | null;
}

/**
 * `role:<name>`, one fact for each role that is bound anywhere above: what it permits. Of permissions outside Cloud KMS
 * only the number and the first few are kept, as the owner's role has thousands.
 */
export interface GcpRole {
  readonly kms_permissions: readonly string[];
  readonly other_permissions: number;
  readonly some_others: readonly string[];
  /** A deleted custom role gives nothing. */
  readonly deleted: boolean;
}

export interface GcpServiceState {
  /** The service, e.g. `cloudkms.googleapis.com`. */
  readonly service: string;
  /** `ENABLED`, `DISABLED`. */
  readonly state: string;
}

export interface GcpBilling {
  readonly enabled: boolean;
  readonly account: string | null;
}

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks */
export interface GcpLogSink {
  readonly name: string;
  readonly destination: string;
  readonly filter: string;
  readonly disabled: boolean;
  readonly exclusions: readonly GcpLogExclusion[];
}

export interface GcpLogExclusion {
  readonly name: string;
  readonly filter: string;
  readonly disabled: boolean;
}

/**
 * `effective_policy:<constraint>`: what an organization policy comes to at the project.
 * https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/organizations.policies
 */
export interface GcpEffectivePolicy {
  readonly rules: readonly GcpPolicyRule[];
}

export interface GcpPolicyRule {
  readonly allow_all: boolean;
  readonly deny_all: boolean;
  readonly allowed_values: readonly string[];
  readonly denied_values: readonly string[];
  readonly enforced: boolean | null;
  /** Of a managed constraint. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly condition: GcpExpression | null;
}

/**
 * `deny_policies:<level>`: the deny policies that are attached to a project, folder or organization.
 * https://cloud.google.com/iam/docs/reference/rest/v2/policies
 */
export interface GcpDenyPolicy {
  readonly name: string;
  readonly rules: readonly GcpDenyRule[];
}

export interface GcpDenyRule {
  readonly denied_principals: readonly string[];
  readonly exception_principals: readonly string[];
  /** As IAM v2 spells them: `cloudkms.googleapis.com/cryptoKeys.get`. */
  readonly denied_permissions: readonly string[];
  readonly exception_permissions: readonly string[];
  readonly condition: GcpExpression | null;
}

/** https://cloud.google.com/access-context-manager/docs/reference/rest */
export interface GcpPerimeters {
  readonly perimeters: readonly GcpPerimeter[];
  readonly access_levels: readonly GcpAccessLevel[];
}

/** The enforced part (`status`) of a service perimeter. */
export interface GcpPerimeter {
  readonly name: string;
  readonly title: string;
  /** `projects/<number>` and networks. */
  readonly resources: readonly string[];
  readonly restricted_services: readonly string[];
  readonly access_levels: readonly string[];
  readonly ingress: readonly GcpIngressRule[];
}

export interface GcpIngressRule {
  /** `ANY_IDENTITY`, `ANY_SERVICE_ACCOUNT`, …; null where identities are listed. */
  readonly identity_type: string | null;
  readonly identities: readonly string[];
  /** Access levels by name, or `*`; resources of another project by theirs. */
  readonly source_access_levels: readonly string[];
  readonly source_resources: readonly string[];
  readonly target_resources: readonly string[];
  readonly operations: readonly GcpIngressOperation[];
}

export interface GcpIngressOperation {
  readonly service: string;
  /** Methods and permissions; `*` is all of them. */
  readonly selectors: readonly string[];
}

export interface GcpAccessLevel {
  readonly name: string;
  /** Null for a level of the basic kind, else its expression, which is not judged. */
  readonly custom: string | null;
  readonly combining: "AND" | "OR";
  readonly conditions: readonly GcpAccessCondition[];
}

export interface GcpAccessCondition {
  readonly ip_ranges: readonly string[];
  readonly members: readonly string[];
  readonly required_levels: readonly string[];
  readonly negate: boolean;
  /** Whether it asks for regions, a device, a network or whatever else nobody here can judge. */
  readonly asks_more: boolean;
}

export interface GcpAncestorAccess {
  /** `folders/…` or `organizations/…`. */
  readonly name: string;
  readonly access: Fact<GcpLevelAccess>;
}
