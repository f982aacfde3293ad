import type { UnreadableReason } from "./fact.ts";
import type { ScanLane } from "./lane.ts";
import type { Provider } from "./resource.ts";

/** A call that was refused during a scan, for how many subjects, and the permission that it needs. */
export interface RefusedCall {
  readonly call: string;
  readonly permission: string;
  readonly reason: UnreadableReason;
  readonly detail: string;
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
