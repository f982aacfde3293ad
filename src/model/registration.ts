/** What is expected of a key: as registered, by people. Its history is kept like a fact's. */
export interface Registration {
  readonly compartments: readonly string[];
  readonly organizations: readonly string[];
  readonly expected_principals: readonly string[];
  /** RFC 3339 date, or null where nobody said. */
  readonly in_use_since: string | null;
  readonly role_arn: string | null;
  /** A revision of the rules that this key is judged by, or null for the configured one. */
  readonly guidance: string | null;
  readonly labels: Readonly<Record<string, string>>;
}
