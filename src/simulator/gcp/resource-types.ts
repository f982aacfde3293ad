// What the simulated Google Cloud holds. Fields of Google's own answers keep the names and forms of its REST APIs: times
// are RFC 3339, durations like `86400s`. What Google lists is a map here, so that a patch can reach one entry.

/** An IAM policy without what follows from it (`version`, `etag`). https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export interface SimulatedPolicy {
  readonly bindings: readonly SimulatedBinding[];
  readonly auditConfigs?: readonly SimulatedAuditConfig[];
}

export interface SimulatedBinding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: SimulatedExpression;
}

/** An expression of the Common Expression Language. */
export interface SimulatedExpression {
  readonly expression: string;
  readonly title?: string;
  readonly description?: string;
  readonly location?: string;
}

export interface SimulatedAuditConfig {
  readonly service: string;
  readonly auditLogConfigs: readonly { readonly logType: string; readonly exemptedMembers?: readonly string[] }[];
}

/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys */
export interface SimulatedCryptoKey {
  readonly name: string;
  readonly purpose: string;
  readonly createTime: string;
  readonly nextRotationTime?: string;
  readonly rotationPeriod?: string;
  readonly versionTemplate?: { readonly protectionLevel: string; readonly algorithm: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly importOnly?: boolean;
  readonly destroyScheduledDuration: string;
  readonly cryptoKeyBackend?: string;
  readonly keyAccessJustificationsPolicy?: { readonly allowedAccessReasons: readonly string[] };
  /** The number of the primary version. */
  readonly primary?: string;
  /** By number. */
  readonly versions: Readonly<Record<string, SimulatedCryptoKeyVersion>>;
  readonly policy: SimulatedPolicy;
}

export interface SimulatedCryptoKeyVersion {
  readonly state: string;
  readonly protectionLevel: string;
  readonly algorithm: string;
  readonly createTime?: string;
  readonly generateTime?: string;
  readonly destroyTime?: string;
  readonly destroyEventTime?: string;
  readonly importJob?: string;
  readonly importTime?: string;
  readonly reimportEligible?: boolean;
}

/** A ring that holds keys exists without being added, too; then it has no bindings. */
export interface SimulatedKeyRing {
  readonly name: string;
  readonly createTime: string;
  readonly policy: SimulatedPolicy;
}

/** A project with what belongs to it alone. */
export interface SimulatedProject {
  /** `projects/<id>`. */
  readonly name: string;
  readonly number: string;
  readonly displayName?: string;
  /** `ACTIVE`, `DELETE_REQUESTED`. */
  readonly state: string;
  /** `folders/…` or `organizations/…`. */
  readonly parent?: string;
  readonly createTime: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly policy: SimulatedPolicy;
  /** `ENABLED` or `DISABLED` by service; calls of one that is `DISABLED` are refused, one that is not here is not enabled. */
  readonly services: Readonly<Record<string, string>>;
  readonly billing: { readonly enabled: boolean; readonly account?: string };
  readonly sinks: Readonly<Record<string, SimulatedSink>>;
  readonly exclusions: Readonly<Record<string, SimulatedExclusion>>;
  /** What the organization policies come to here, by constraint, e.g. `iam.allowedPolicyMemberDomains`. */
  readonly effective_policies: Readonly<Record<string, SimulatedEffectivePolicy>>;
  readonly deny_policies: Readonly<Record<string, SimulatedDenyPolicy>>;
}

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks */
export interface SimulatedSink {
  readonly destination: string;
  readonly filter: string;
  readonly description?: string;
  readonly disabled?: boolean;
  readonly includeChildren?: boolean;
  readonly exclusions?: readonly (SimulatedExclusion & { readonly name: string })[];
}

export interface SimulatedExclusion {
  readonly filter: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

/** https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/organizations.policies#PolicySpec */
export interface SimulatedEffectivePolicy {
  readonly rules: readonly SimulatedPolicyRule[];
}

export interface SimulatedPolicyRule {
  readonly values?: { readonly allowedValues?: readonly string[]; readonly deniedValues?: readonly string[] };
  readonly allowAll?: boolean;
  readonly denyAll?: boolean;
  readonly enforce?: boolean;
  /** Of a managed constraint. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  readonly condition?: SimulatedExpression;
}

/** https://cloud.google.com/iam/docs/reference/rest/v2/policies */
export interface SimulatedDenyPolicy {
  readonly displayName?: string;
  readonly rules: readonly { readonly description?: string; readonly denyRule: SimulatedDenyRule }[];
}

export interface SimulatedDenyRule {
  readonly deniedPrincipals?: readonly string[];
  readonly exceptionPrincipals?: readonly string[];
  readonly deniedPermissions?: readonly string[];
  readonly exceptionPermissions?: readonly string[];
  readonly denialCondition?: SimulatedExpression;
}

export interface SimulatedFolder {
  /** `folders/<number>`. */
  readonly name: string;
  readonly displayName?: string;
  readonly parent: string;
  readonly policy: SimulatedPolicy;
  readonly deny_policies: Readonly<Record<string, SimulatedDenyPolicy>>;
}

export interface SimulatedGcpOrganization {
  /** `organizations/<number>`. */
  readonly name: string;
  readonly displayName?: string;
  readonly directoryCustomerId?: string;
  readonly policy: SimulatedPolicy;
  readonly deny_policies: Readonly<Record<string, SimulatedDenyPolicy>>;
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/roles; the predefined ones are there without being added. */
export interface SimulatedIamRole {
  /** `roles/<role>`, `projects/<id>/roles/<role>` or `organizations/<number>/roles/<role>`. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly includedPermissions: readonly string[];
  readonly stage: string;
  readonly deleted?: boolean;
}
