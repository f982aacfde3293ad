/** Why something could not be read. A closed list: it is a metric label, a column value and part of the API. */
export const unreadableReasons = [
  "access-denied",
  "not-found",
  "throttled",
  "timeout",
  "unavailable",
  "api-disabled",
  "unsupported",
  "malformed",
  "not-reported",
  "stale",
  "not-read-yet",
  "conditional",
] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

export interface Known<T> {
  readonly state: "known";
  readonly value: T;
}

export interface Unreadable {
  readonly state: "unreadable";
  readonly reason: UnreadableReason;
  /**
   * For people: what the provider said, or where a document breaks. It decides nothing, but in one place: of a disabled
   * API it alone tells whose project is meant (gcp/kms-api-enabled).
   */
  readonly detail: string;
  /** The provider's call that would have told, e.g. `kms:GetKeyPolicy`. */
  readonly call?: string;
  /** The permission that this call needs, where a missing one is the reason. */
  readonly permission?: string;
}

/** One thing that was to be learned. There is no third state: silence is not a value, and null is one. */
export type Fact<T> = Known<T> | Unreadable;

/** The facts of one resource by name: those that were read, and where they were derived, those that follow from them. */
export type FactsByName = Readonly<Record<string, Fact<unknown>>>;

/** A fact that was read. */
export function known<const T>(value: T): Known<T> {
  return { state: "known", value };
}

/** A fact that could not be read, and why. */
export function unreadable(
  reason: UnreadableReason,
  detail: string,
  source: { readonly call?: string; readonly permission?: string } = {},
): Unreadable {
  return { state: "unreadable", reason, detail, ...source };
}

/** The fact that a pure function makes of another one; an unreadable input stays as unreadable as it was. */
export function mapFact<T, U>(fact: Fact<T>, derive: (value: T) => Fact<U>): Fact<U> {
  return fact.state === "known" ? derive(fact.value) : fact;
}
