/** Sights as rows: unbroken runs of equal results of one call about one subject (or one part of it). */
import type { Selectable } from "kysely";
import type { Unreadable, UnreadableReason } from "../model/fact.ts";
import { intervalsUntilGap } from "../model/finding.ts";
import type { Db } from "./database.ts";
import { type Statements, statement } from "./statements.ts";
import { isCurrent, type SightTable } from "./tables.ts";
import type { Writing } from "./write-context.ts";

export type SightRow = Selectable<SightTable>;
/** What a run says by itself, wherever it belongs. */
export type Run = Pick<SightRow, "state" | "detail" | "refused" | "lost" | "last_at" | "interval_ms" | "seen_before">;

/** A fact that a seen answer did not tell, and when it was last told. */
export interface LostFact {
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** What was refused, where it does not follow from the call that gave the answer. */
  readonly refused?: RefusedSource;
  readonly observed_at?: number | null;
}

/**
 * A call before the one that was to tell (a role had to be taken on), or the credentials behind both; or that call itself,
 * where it was refused for want of another permission than its own, or of none.
 */
export type RefusedSource = Pick<Unreadable, "call" | "permission">;

/** One result of one call. */
export interface Observation {
  readonly call: string;
  readonly part: string;
  readonly at: number;
  readonly interval_ms: number;
  readonly state: SightRow["state"];
  readonly detail: string | null;
  /** What was refused, where it does not follow from the call. */
  readonly refused: RefusedSource | null;
  readonly lost: Readonly<Record<string, LostFact>>;
}

const current = statement<{ readonly subject_id: string }>()((db, value) =>
  db.selectFrom("sight").selectAll().where("subject_id", "=", value("subject_id")).where("current", "=", isCurrent),
);

export function currentSights(statements: Statements, subject_id: string): readonly SightRow[] {
  return statements.all(current, { subject_id });
}

export async function saveSights(
  { db, statements }: Writing,
  subject_id: string,
  sights: readonly SightRow[],
  observations: readonly Observation[],
): Promise<void> {
  const before = new Map(sights.map((sight) => [`${sight.call} ${sight.part}`, sight]));
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
  statements.each(moveRun, moved);
  await endRuns(db, begun);
  statements.each(beginRun, begun);
}

function continues(sight: SightRow, observation: Observation): boolean {
  const { at, state, lost } = observation;
  return (
    sight.state === state &&
    at >= sight.last_at &&
    !isGap(sight, at) &&
    (state === "seen" ? sameLoss(sight, lost) : sight.refused === refusedText(observation))
  );
}

/** Whether at that moment, after the run's last result, nobody was looking. */
export function isGap(sight: Pick<SightRow, "last_at" | "interval_ms">, at: number): boolean {
  return at - sight.last_at > intervalsUntilGap * sight.interval_ms;
}

function sameLoss(sight: SightRow, lost: Observation["lost"]): boolean {
  const before = lostOf(sight);
  const names = Object.keys(lost);
  const why = (loss: LostFact | undefined) => `${loss?.reason} ${JSON.stringify(loss?.refused)}`;
  return names.length === Object.keys(before).length && names.every((name) => why(before[name]) === why(lost[name]));
}

/** As it is written where every fact was told. */
export const nothingLost = "{}";

/** The facts that a call which answered did not tell, by their names. */
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

function refusedText({ refused }: Observation): string | null {
  return refused === null ? null : JSON.stringify(refused);
}

/** Null where what was refused follows from the call. */
export function refusedOf({ refused }: Pick<SightRow, "refused">): RefusedSource | null {
  return refused === null ? null : (JSON.parse(refused) as RefusedSource);
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
    refused: refusedText(observation),
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

const moveRun = statement<SightRow>()((db, value) =>
  db
    .updateTable("sight")
    .set({ last_at: value("last_at"), interval_ms: value("interval_ms") })
    .where("subject_id", "=", value("subject_id"))
    .where("call", "=", value("call"))
    .where("part", "=", value("part"))
    .where("current", "=", isCurrent),
);

const beginRun = statement<SightRow>()((db, value) =>
  db.insertInto("sight").values({
    subject_id: value("subject_id"),
    call: value("call"),
    part: value("part"),
    number: value("number"),
    state: value("state"),
    detail: value("detail"),
    refused: value("refused"),
    lost: value("lost"),
    from_at: value("from_at"),
    last_at: value("last_at"),
    interval_ms: value("interval_ms"),
    seen_before: value("seen_before"),
    current: value("current"),
  }),
);

/** Those that others follow. */
async function endRuns(db: Db, followed: readonly SightRow[]): Promise<void> {
  for (const { subject_id, call, part, number } of followed) {
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
}

export const newestSights = statement<{ readonly key: string; readonly scope: string }>()((db, value) =>
  db
    .selectFrom("sight")
    .selectAll()
    .where("subject_id", "in", [value("key"), value("scope")])
    .where("current", "=", isCurrent),
);

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
