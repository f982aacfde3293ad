import type {
  AwsGrantAccess,
  AwsOrganizationPolicies,
  AwsOrganizationPolicyAccess,
  AwsPolicy,
  AwsPolicyAccess,
} from "./aws-access.ts";
import type { Fact } from "./fact.ts";
import type { Registration } from "./registration.ts";

/** What AWS tells of a KMS key, of its account and region, and what follows from it. Times are epoch milliseconds. */
export interface AwsKmsKeyFacts {
  /** Whether the key's own account and region know it. */
  readonly existence: "present" | "absent";
  /** The ARN of the key that answered. */
  readonly read_arn: string;
  /** `KeyState` in AWS's own words: a state that is not invented yet must not be lost. */
  readonly state: string;
  readonly deletion_date: number | null;
  readonly spec: string;
  readonly usage: string;
  readonly manager: string;
  readonly origin: string;
  readonly material_expires: number | null;
  readonly multi_region: boolean;

  readonly policy_text: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly grants: readonly AwsGrant[];
  readonly rotation: AwsRotation;

  /** Of the account and region: what DescribeTrails lists. */
  readonly trail_list: readonly AwsTrail[];

  /** The resource control policies from the organization's root down to the account; null where it is in none. */
  readonly organization_policies: AwsOrganizationPolicies | null;

  /** What may be looked at beyond the key's own account (`reads:` in the configuration). Always known. */
  readonly reads: AwsReads;

  readonly registration: Registration;

  // Derived: see src/access/aws.
  readonly registered_key: AwsRegisteredKey;
  readonly policy: AwsPolicy;
  readonly policy_access: AwsPolicyAccess;
  readonly grant_access: AwsGrantAccess;
  /** Null where there is no organization, and where `reads.aws_organization` is off: then nobody looked. */
  readonly organization_policy_access: AwsOrganizationPolicyAccess | null;
  /** The trails with what could be read of each. */
  readonly trails: readonly AwsTrailWithLogging[];
}

/** What of `reads:` in the configuration concerns a KMS key. */
export interface AwsReads {
  readonly aws_organization: boolean;
}

/** The key as it is registered, and what its ARN tells. */
export interface AwsRegisteredKey {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** GetKeyRotationStatus. */
export interface AwsRotation {
  readonly enabled: boolean;
  readonly period_days: number | null;
}

/** The parts of DescribeTrails that decide whether a trail sees this region. */
export interface AwsTrail {
  readonly arn: string;
  readonly home_region: string;
  readonly multi_region: boolean;
  readonly organization: boolean;
  readonly validates_log_files: boolean;
}

/** GetTrailStatus, without the times that move with every delivery: what does not change must not move. */
export interface AwsTrailStatus {
  readonly logging: boolean;
  /** The provider's code where the newest attempt to deliver failed, else null. */
  readonly delivery_error: string | null;
}

/** GetEventSelectors. An empty list was read and is empty; null was not in the answer. */
export interface AwsEventSelectors {
  readonly classic: readonly AwsClassicSelector[] | null;
  readonly advanced: readonly AwsAdvancedSelector[] | null;
}

export interface AwsClassicSelector {
  readonly management_events: boolean;
  readonly read_write: "All" | "ReadOnly" | "WriteOnly";
  readonly excluded_sources: readonly string[];
}

export interface AwsAdvancedSelector {
  readonly name: string | null;
  readonly fields: readonly AwsFieldSelector[];
}

export interface AwsFieldSelector {
  readonly field: string;
  readonly equals: readonly string[];
  readonly not_equals: readonly string[];
  readonly starts_with: readonly string[];
  readonly not_starts_with: readonly string[];
  readonly ends_with: readonly string[];
  readonly not_ends_with: readonly string[];
}

export interface AwsTrailWithLogging extends AwsTrail {
  /** Whether it takes events of the key's region. */
  readonly covers_region: boolean;
  readonly status: Fact<AwsTrailStatus>;
  readonly selectors: Fact<AwsEventSelectors>;
}

/** One grant of ListGrants. */
export interface AwsGrant {
  readonly id: string;
  readonly name: string | null;
  readonly grantee: string;
  readonly retiring: string | null;
  readonly issuing_account: string | null;
  readonly operations: readonly string[];
  readonly context_equals: Readonly<Record<string, string>> | null;
  readonly context_subset: Readonly<Record<string, string>> | null;
}
