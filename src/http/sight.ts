/** Whether anybody looked: at a moment, and in between. Pure; times are epoch milliseconds. */
import { intervalsUntilGap, type SightRun } from "../model/finding.ts";
import type { Sight, Snapshot } from "../model/snapshot.ts";
import type { CheckCall } from "./ports.ts";

/** A time in which a call was not made; `until` is null while it is still not made. */
export interface SightGap {
  readonly call: string;
  readonly part: string | null;
  readonly subject: string;
  readonly from: number;
  readonly until: number | null;
}

/** The worst sight of the facts that these calls tell. */
export function sightOf(snapshot: Snapshot | undefined, calls: readonly CheckCall[]): Sight {
  const names = new Set(calls.map(({ call }) => call));
  const sights = Object.values(snapshot?.facts ?? {}).flatMap(({ call, sight }) =>
    call !== null && names.has(call) ? [sight] : [],
  );
  if (sights.length === 0) return "not-observed";
  return sights.find((sight) => sight === "not-observed") ?? sights.find((sight) => sight !== "seen") ?? "seen";
}

/**
 * The times in which nobody looked. What is one of several things (a trail) has no open end: it may be there no more.
 */
export function gapsOf(runs: readonly SightRun[], now: number): SightGap[] {
  const lines = Map.groupBy(runs, ({ subject, call, part }) => JSON.stringify([subject, call, part]));
  return [...lines.values()]
    .flatMap((line) => gapsOfLine(line, now))
    .toSorted((a, b) => a.from - b.from || (a.call < b.call ? -1 : 1));
}

function gapsOfLine(line: readonly SightRun[], now: number): SightGap[] {
  const ordered = line.toSorted((a, b) => a.from - b.from || a.last - b.last);
  return ordered.flatMap((run, index): SightGap[] => {
    const allowed = intervalsUntilGap * run.interval_ms;
    const next = ordered[index + 1];
    const { call, part, subject, last: from } = run;
    if (next === undefined) {
      return part === null && now - from > allowed ? [{ call, part, subject, from, until: null }] : [];
    }
    // A refusal that goes on is one run: a second one was begun because nobody had asked for too long.
    const again = run.state === next.state && run.state !== "seen" && next.from > from;
    return again || next.from - from > allowed ? [{ call, part, subject, from, until: next.from }] : [];
  });
}
