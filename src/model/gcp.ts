/** What Google Cloud tells of a Cloud KMS key, of its ring, its project and what is above it, in parts: see gcp-kms-key.ts. */

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
  /** A deleted custom role gives nothing, nor does one that is disabled. */
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
