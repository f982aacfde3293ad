import type { Provider, ResourceKind } from "./resource.ts";

/** What a key's resource name tells by itself. */
export interface KeyResource {
  readonly provider: Provider;
  readonly kind: ResourceKind;
  /** The provider's own full name of the key. */
  readonly resource: string;
  /** What shares a quota and shared facts, e.g. `111122223333/us-east-2`. */
  readonly scope: string;
  readonly account: string;
  readonly location: string;
}

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

/** Where a registration is kept; a key from the file changes only in the file. */
export const keySources = ["file", "api"] as const;
export type KeySource = (typeof keySources)[number];

/** A registered key. */
export interface Key extends KeyResource {
  readonly name: string;
  readonly source: KeySource;
  readonly registration: Registration;
  readonly registered_at: number;
  readonly retired_at: number | null;
}

/** The lifecycle of a key in words that all providers share. Public contract: a metric label. */
export const lifecycles = [
  "enabled",
  "disabled",
  "pending-deletion",
  "deleted",
  "pending-import",
  "unavailable",
] as const;
export type Lifecycle = (typeof lifecycles)[number];
