import type { GcpKeyVersion } from "../../model/gcp.ts";
import { parseDate } from "../dates.ts";

export interface EarlierVersions {
  /** Those that may hold data and are not enabled. */
  readonly off: readonly GcpKeyVersion[];
  /** Numbers of those that were destroyed before the key came into use. */
  readonly gone: readonly number[];
  /** Numbers below the newest and the primary that the list does not have: they were deleted, and nothing tells when. */
  readonly unlisted: readonly number[];
}

/** Never had material that anything could be encrypted with: https://cloud.google.com/kms/docs/key-states */
const neverUsable = ["PENDING_GENERATION", "GENERATION_FAILED", "PENDING_IMPORT", "IMPORT_FAILED"];

/** All versions but the primary one: a newer one may have been primary before. `in_use_since` is an RFC 3339 date. */
export function judgeEarlierVersions(
  versions: readonly GcpKeyVersion[],
  primary: GcpKeyVersion | null,
  inUseSince: string | null,
): EarlierVersions {
  const since = inUseSince === null ? undefined : parseDate(inUseSince);
  const wasGone = ({ state, destroyed }: GcpKeyVersion) =>
    state === "DESTROYED" && destroyed !== null && since !== undefined && destroyed < since;
  const others = versions.filter(({ number, state }) => number !== primary?.number && !neverUsable.includes(state));
  const listed = new Set(versions.map(({ number }) => number));
  const newest = Math.max((primary?.number ?? 1) - 1, ...listed);
  return {
    off: others.filter((version) => version.state !== "ENABLED" && !wasGone(version)),
    gone: others.filter(wasGone).map(({ number }) => number),
    unlisted: Array.from({ length: newest }, (_, index) => index + 1).filter((number) => !listed.has(number)),
  };
}
