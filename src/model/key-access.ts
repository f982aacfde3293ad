import type { Unreadable } from "./fact.ts";

/** Whose a principal is. Public contract: values of the API. */
export const accessClasses = [
  "anyone",
  "anthropic-published",
  "anthropic-other",
  /** Resembles the published identity and is somebody else's. */
  "lookalike",
  "own-account",
  /** What is left of a principal that was deleted. */
  "orphaned",
  "service",
  "external",
] as const;
export type AccessClass = (typeof accessClasses)[number];

export const accessSourceKinds = [
  "key-policy",
  "grant",
  "key-binding",
  "ring-binding",
  "project-binding",
  "folder-binding",
  "organization-binding",
  "role-assignment",
  "access-policy",
] as const;

/** What one source lets one principal do. What is refused has no row. */
export interface KeyAccessRow {
  /** As the policy or the grant writes it; `*` is everybody. */
  readonly principal: string;
  readonly class: AccessClass;
  /** As whom of that principal the question was put. */
  readonly callers: readonly string[];
  /** The encryption contexts for which the row holds (an empty one is none); null: whatever the caller sends. */
  readonly encryption_contexts: readonly Readonly<Record<string, string>>[] | null;
  readonly operations: readonly string[];
  /** `conditional`: it hangs on what `on` names and nobody knows. */
  readonly decision: "allowed" | "conditional";
  /** The statement, as messages name it, the id of the grant, or the role and where it is bound or assigned. */
  readonly source: { readonly kind: (typeof accessSourceKinds)[number]; readonly name: string };
  /** What the source asks for, in words; all of it must hold. */
  readonly conditions: readonly string[];
  readonly on: readonly string[];
}

/** A fact without which the rows are not all that there is to say. */
export interface UnreadableSource extends Pick<Unreadable, "reason" | "detail"> {
  readonly fact: string;
  readonly call: string | null;
  readonly permission: string | null;
}

/** Who can do what with a key. No row about somebody says nothing while a source is unreadable. */
export interface KeyAccess {
  readonly rows: readonly KeyAccessRow[];
  readonly unreadable: readonly UnreadableSource[];
}

export interface KeyAccessAt extends KeyAccess {
  /** The provider's full name of the key. */
  readonly resource: string;
  /** The moment that is told of, in epoch milliseconds. */
  readonly at: number;
}
