/** What operators may adjust in the checks (`settings:` in the configuration). Durations in milliseconds. */
export interface CheckSettings {
  readonly max_administrators: number;
  readonly key_expiry_notice: number;
  readonly min_destroy_delay: number;
  /** IPv4 ranges in CIDR form from which Anthropic calls. */
  readonly anthropic_egress: readonly string[];
  /** Whose Google Cloud it is: `gcp:` in the configuration. */
  readonly gcp: GcpCheckSettings;
}

export interface GcpCheckSettings {
  /** Domains of the customer's own members, in lower case. */
  readonly own_domains: readonly string[];
  /** Projects besides the key's own, by id or number. */
  readonly own_projects: readonly string[];
  /** Anthropic's customer id, as `iam.allowedPolicyMemberDomains` lists it; null where nobody said. */
  readonly anthropic_customer_id: string | null;
}
