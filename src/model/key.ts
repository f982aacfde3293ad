import type { Registration } from "./registration.ts";
import type { Provider, ResourceKind } from "./resource.ts";

export type { Registration };

/** What a key's resource name tells by itself. */
export interface KeyResource {
  readonly provider: Provider;
  readonly kind: ResourceKind;
  /** The provider's own full name of the key. */
  readonly resource: string;
  /** What shares a quota and shared facts, e.g. `111122223333/us-east-2`. */
  readonly scope: string;
  readonly account: string;
  /** Null where the name does not tell it. */
  readonly location: string | null;
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

/** Which keys are asked for: without `at`, those of now; with it, those that were registered then, as they were. */
export interface KeysQuery {
  readonly at?: number;
  readonly include_retired?: boolean;
}

/** A name is unique among the keys that are not retired, and a resource is registered once. */
export type RegisterResult =
  | { readonly state: "registered"; readonly key: Key }
  | { readonly state: "name-taken"; readonly by: Key }
  | { readonly state: "resource-taken"; readonly by: Key };

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
