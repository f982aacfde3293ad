import type { UnreadableReason } from "./fact.ts";
import type { ScanLane } from "./lane.ts";
import type { Provider } from "./resource.ts";

/** What was refused during a scan, or did not tell all that it should: a call, or the credentials behind all calls. */
export interface RefusedCall {
  readonly call: string;
  /** Null where no permission would help. */
  readonly permission: string | null;
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** For how many readings of keys and scopes. */
  readonly subjects: number;
}

/** One run of a lane over keys of one scope. */
export interface Scan {
  readonly id: string;
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly state: "running" | "done" | "interrupted";
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly keys: number;
  /** Keys whose scan broke on a fault of ours: nothing of theirs was changed. */
  readonly failed_keys: number;
  /** Outcomes that became different ones. */
  readonly changes: number;
  readonly refused: readonly RefusedCall[];
}

/** Which scans are asked for; they are told newest first. */
export interface ScanQuery {
  readonly limit: number;
  /** The scan after which the page begins: its start and its id. */
  readonly before?: { readonly started_at: number; readonly id: string };
  readonly provider?: Provider;
  readonly scope?: string;
}

/** The newest finished scan of a lane over a scope, or the newest of those that are asked for. */
export interface LastScan {
  readonly provider: Provider;
  readonly scope: string;
  readonly lane: ScanLane;
  readonly finished_at: number;
}
