/** What follows from the facts of a Cloud KMS key: who is given what at which level. Computed in src/access/gcp. */
import type { Fact } from "./fact.ts";
import type { GcpAuditConfig, GcpDenyRule, GcpEffectivePolicy, GcpExpression, GcpPerimeters, GcpRole } from "./gcp.ts";

export interface GcpLevel {
  readonly kind: "key" | "key-ring" | "project" | "folder" | "organization";
  /** The resource's name, e.g. `folders/123`. */
  readonly name: string;
}

/** The bindings of one level, each with what its role means. */
export interface GcpLevelAccess {
  readonly level: GcpLevel;
  readonly bindings: readonly GcpBinding[];
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding */
export interface GcpBinding {
  readonly role: string;
  /** Unreadable where the role could not be read: then nobody knows what it permits. */
  readonly permits: Fact<GcpRole>;
  readonly members: readonly GcpMember[];
  readonly condition: GcpCondition | null;
}

export interface GcpCondition extends GcpExpression {
  /**
   * In a document of a version below 3 a conditional binding shows only by its role's name (`…_withcond_<hash>`), and
   * nobody knows the expression.
   */
  readonly hidden: boolean;
}

/** Forms of members: https://cloud.google.com/iam/docs/principal-identifiers */
export type GcpMemberKind =
  | "all-users"
  | "all-authenticated-users"
  | "user"
  | "group"
  | "domain"
  | "service-account"
  /** `projectOwner:`, `projectEditor:`, `projectViewer:` of a project. */
  | "project-role"
  | "principal"
  | "principal-set"
  /** A form that this version does not know. */
  | "unknown";

export interface GcpMember {
  /** As the policy writes it. */
  readonly text: string;
  readonly kind: GcpMemberKind;
  /** What comes after the kind, in lower case where Google ignores case; without a `?uid=…`. */
  readonly id: string;
  /** `deleted:…?uid=…`: what is left of a principal that was deleted. */
  readonly deleted: boolean;
}

/** Deny policies of each level, nearest first. */
export type GcpDenyRules = readonly GcpDenyLevel[];

export interface GcpDenyLevel {
  readonly level: GcpLevel;
  /** Of the project: by its id and by its number, as far as they are known. */
  readonly also_named?: readonly string[];
  readonly rules: Fact<readonly GcpNamedDenyRule[]>;
}

export interface GcpNamedDenyRule extends GcpDenyRule {
  readonly policy: string;
}

/** The audit configuration of each level that could be looked at. */
export type GcpAuditLogging = readonly {
  readonly level: GcpLevel;
  readonly configs: Fact<readonly GcpAuditConfig[]>;
}[];

/** The two constraints that say who may be bound at all. */
export interface GcpMemberRestrictions {
  /** `iam.allowedPolicyMemberDomains` */
  readonly domains: Fact<GcpEffectivePolicy>;
  /** `iam.managed.allowedPolicyMembers` */
  readonly members: Fact<GcpEffectivePolicy>;
}

export interface GcpPerimeterAccess extends GcpPerimeters {
  /** `projects/<number>`. */
  readonly project: string;
}

export interface GcpAncestorAccess {
  /** `folders/…` or `organizations/…`. */
  readonly name: string;
  readonly access: Fact<GcpLevelAccess>;
}
