/** The question `GET /findings` asks, and its answer. */
import type { Finding, FindingStatus } from "./finding.ts";
import type { OutcomeName, Severity } from "./outcome.ts";
import type { Provider } from "./resource.ts";

export const findingSorts = ["severity", "changed", "check", "key", "id"] as const;
export type FindingSort = (typeof findingSorts)[number];

/** Each list means "one of these"; an empty list filters nothing. */
export interface FindingFilters {
  readonly provider?: readonly Provider[];
  readonly key?: readonly string[];
  readonly check?: readonly string[];
  readonly severity?: readonly Severity[];
  readonly outcome?: readonly OutcomeName[];
  readonly status?: readonly FindingStatus[];
  readonly guidance?: readonly string[];
  /** Epoch milliseconds, inclusive. */
  readonly changed_since?: number;
}

/** The last row of a page: the value it was sorted by, and its id. */
export interface FindingCursor {
  readonly value: string | number;
  readonly id: string;
}

/** Without any filter the answer is what is not plainly fine: open, accepted, unknown or error. */
export interface FindingQuery {
  readonly filters?: FindingFilters;
  /** What was concluded by then, in epoch milliseconds; the present where it is left out. */
  readonly as_of?: number;
  /** Default: worst first. Ascending severity is from critical to low. */
  readonly sort?: { readonly by: FindingSort; readonly direction: "asc" | "desc" };
  readonly limit: number;
  readonly after?: FindingCursor;
}

export interface FindingPage {
  readonly findings: readonly Finding[];
  /** Where the next page begins, or null after the last one. */
  readonly next: FindingCursor | null;
  /** The moment of the newest change that the database had when the page was read, in epoch milliseconds. */
  readonly changed_at: number;
}
