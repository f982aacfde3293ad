/** Sights as rows: unbroken runs of equal results of one call about one subject (or one part of it). */
import type { Selectable } from "kysely";
import type { UnreadableReason } from "../model/fact.ts";
import type { Db } from "./database.ts";
import { isCurrent, type SightTable } from "./tables.ts";

export type SightRow = Selectable<SightTable>;
/** What a run says by itself, wherever it belongs. */
export type Run = Pick<SightRow, "state" | "detail" | "lost" | "last_at" | "interval_ms" | "seen_before">;

/** A fact that a seen answer did not tell, and when it was last told. */
export interface LostFact {
  readonly reason: UnreadableReason;
  readonly detail: string;
  readonly observed_at?: number | null;
}

/** One result of one call. */
export interface Observation {
  readonly call: string;
  readonly part: string;
  readonly at: number;
  readonly interval_ms: number;
  readonly state: SightRow["state"];
  readonly detail: string | null;
  readonly lost: Readonly<Record<string, LostFact>>;
}

/** After that many intervals without a result nobody was looking. */
const intervalsUntilGap = 2;

export async function currentSights(db: Db, subject_id: string): Promise<readonly SightRow[]> {
  return db
    .selectFrom("sight")
    .selectAll()
    .where("subject_id", "=", subject_id)
    .where("current", "=", isCurrent)
    .execute();
}

export async function saveSights(
  db: Db,
  subject_id: string,
  current: readonly SightRow[],
  observations: readonly Observation[],
): Promise<void> {
  const before = new Map(current.map((sight) => [`${sight.call} ${sight.part}`, sight]));
  const moved: SightRow[] = [];
  const begun: SightRow[] = [];
  for (const observation of observations) {
    const sight = before.get(`${observation.call} ${observation.part}`);
    if (sight !== undefined && continues(sight, observation)) {
      moved.push({ ...sight, last_at: observation.at, interval_ms: observation.interval_ms });
    } else {
      begun.push(newRun(subject_id, sight, observation));
    }
  }
  await moveRuns(db, moved);
  await beginRuns(db, begun);
}

function continues(sight: SightRow, { at, state, lost }: Observation): boolean {
  return (
    sight.state === state && at >= sight.last_at && !isGap(sight, at) && (state !== "seen" || sameLoss(sight, lost))
  );
}

/** Whether at that moment, after the run's last result, nobody was looking. */
export function isGap(sight: Pick<SightRow, "last_at" | "interval_ms">, at: number): boolean {
  return at - sight.last_at > intervalsUntilGap * sight.interval_ms;
}

function sameLoss(sight: SightRow, lost: Observation["lost"]): boolean {
  const before = lostOf(sight);
  const names = Object.keys(lost);
  return (
    names.length === Object.keys(before).length && names.every((name) => before[name]?.reason === lost[name]?.reason)
  );
}

export function lostOf(sight: Pick<SightRow, "lost">): Readonly<Record<string, LostFact>> {
  return JSON.parse(sight.lost) as Readonly<Record<string, LostFact>>;
}

/** The last good read of a fact up to a moment. Within an unbroken run it is never older than two intervals. */
export function observedAt(sight: Run, fact: string, at: number): number | null {
  const loss = lostOf(sight)[fact];
  if (loss !== undefined) {
    return loss.observed_at ?? null;
  }
  return sight.state === "seen" ? Math.min(sight.last_at, at) : sight.seen_before;
}

function newRun(subject_id: string, before: SightRow | undefined, observation: Observation): SightRow {
  const { call, part, at, state, detail, interval_ms } = observation;
  return {
    subject_id,
    call,
    part,
    number: (before?.number ?? 0) + 1,
    state,
    detail,
    lost: JSON.stringify(carriedLoss(before, observation)),
    from_at: at,
    last_at: at,
    interval_ms,
    seen_before: before?.state === "seen" ? before.last_at : (before?.seen_before ?? null),
    current: 1,
  };
}

/** A call that is not answered keeps in mind which facts were lost before, for the sake of their last good read. */
function carriedLoss(before: SightRow | undefined, { state, lost }: Observation): Observation["lost"] {
  if (state !== "seen") {
    return before === undefined ? {} : lostOf(before);
  }
  return Object.fromEntries(
    Object.entries(lost).map(([name, loss]) => [
      name,
      { ...loss, observed_at: before === undefined ? null : observedAt(before, name, before.last_at) },
    ]),
  );
}

async function moveRuns(db: Db, runs: readonly SightRow[]): Promise<void> {
  if (runs.length === 0) {
    return;
  }
  await db
    .insertInto("sight")
    .values([...runs])
    .onConflict((conflict) =>
      conflict
        .columns(["subject_id", "call", "part"])
        .where("current", "=", isCurrent)
        .doUpdateSet((eb) => ({
          last_at: eb.ref("excluded.last_at"),
          interval_ms: eb.ref("excluded.interval_ms"),
        })),
    )
    .execute();
}

async function beginRuns(db: Db, runs: readonly SightRow[]): Promise<void> {
  if (runs.length === 0) {
    return;
  }
  for (const { subject_id, call, part, number } of runs) {
    if (number > 1) {
      await db
        .updateTable("sight")
        .set({ current: 0 })
        .where("subject_id", "=", subject_id)
        .where("call", "=", call)
        .where("part", "=", part)
        .where("current", "=", isCurrent)
        .execute();
    }
  }
  await db
    .insertInto("sight")
    .values([...runs])
    .execute();
}

export async function newestSights(db: Db, subject_ids: readonly string[]): Promise<readonly SightRow[]> {
  return db
    .selectFrom("sight")
    .selectAll()
    .where("subject_id", "in", subject_ids)
    .where("current", "=", isCurrent)
    .execute();
}

export async function sightsAsOf(db: Db, subject_ids: readonly string[], at: number): Promise<readonly SightRow[]> {
  return db
    .selectFrom("sight as n")
    .innerJoin("sight as s", (join) =>
      join
        .onRef("s.subject_id", "=", "n.subject_id")
        .onRef("s.call", "=", "n.call")
        .onRef("s.part", "=", "n.part")
        .on(({ eb, selectFrom }) =>
          eb(
            "s.number",
            "=",
            selectFrom("sight as t")
              .select("t.number")
              .whereRef("t.subject_id", "=", "n.subject_id")
              .whereRef("t.call", "=", "n.call")
              .whereRef("t.part", "=", "n.part")
              .where("t.from_at", "<=", at)
              .orderBy("t.from_at", "desc")
              .orderBy("t.number", "desc")
              .limit(1),
          ),
        ),
    )
    .selectAll("s")
    .where("n.subject_id", "in", subject_ids)
    .where("n.current", "=", isCurrent)
    .execute();
}
