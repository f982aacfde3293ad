/** What operators may adjust in the checks (`settings:` in the configuration). Durations in milliseconds. */
export interface CheckSettings {
  readonly max_administrators: number;
  readonly key_expiry_notice: number;
  readonly min_destroy_delay: number;
  /** IPv4 ranges in CIDR form from which Anthropic calls. */
  readonly anthropic_egress: readonly string[];
}
