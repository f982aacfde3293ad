/** Saving what was seen. What is as it was costs one moved time per call, and nothing else. */
import type { Call } from "../model/call.ts";
import type { Fact, Unreadable } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import { partFactName, type Reading } from "../model/reading.ts";
import { contentOf } from "./content.ts";
import { endFacts, type KnownFact, saveFacts } from "./facts.ts";
import { currentSights, type LostFact, type Observation, type SightRow, saveSights } from "./sights.ts";
import { subjectId } from "./stable-id.ts";
import type { LaneIntervals, SubjectRef } from "./store.ts";
import type { WriteContext } from "./write-context.ts";

export async function saveReadings(
  context: WriteContext,
  subject: SubjectRef,
  readings: readonly Reading[],
  intervals: LaneIntervals,
): Promise<void> {
  const subject_id = subjectId(subject);
  const facts: KnownFact[] = [];
  const observations = new Map<string, Observation>();
  for (const reading of readings) {
    const observation = observationOf(context, subject, reading, intervals);
    const place = `${observation.call} ${observation.part}`;
    if (observations.has(place)) {
      throw new TypeError(`two readings of ${reading.call} ${reading.part ?? ""} about ${subject.resource}`);
    }
    observations.set(place, observation);
    facts.push(...knownFacts(reading));
  }
  const sights = currentSights(context.statements, subject_id);
  const gone = readings
    .flatMap((reading) => gonePlaces(reading, sights))
    .filter(({ call, part }) => !observations.has(`${call} ${part}`))
    .map(({ call, part, at }): Observation => {
      const interval_ms = intervals[context.calls.call(subject, call).lane];
      return {
        call,
        part,
        at,
        interval_ms,
        state: "not-found",
        detail: "not in the complete list",
        refused: null,
        lost: {},
      };
    });
  await saveFacts(context, subject_id, facts);
  await endFacts(
    context.db,
    subject_id,
    gone.flatMap(({ call, part, at }) =>
      context.calls.call(subject, call).facts.map((fact) => ({ name: partFactName(fact, part), at })),
    ),
  );
  await saveSights(context, subject_id, sights, [...observations.values(), ...gone]);
}

function observationOf(
  { calls }: WriteContext,
  subject: SubjectRef,
  reading: Reading,
  intervals: LaneIntervals,
): Observation {
  const call = calls.call(subject, reading.call);
  if ((reading.part !== null) !== (call.each ?? false)) {
    throw new TypeError(`${reading.call} is made ${call.each ? "for each of several parts" : "once"}`);
  }
  const { at, answer } = reading;
  const place = { call: reading.call, part: reading.part ?? "", at, interval_ms: intervals[call.lane] };
  if (answer.state === "unreadable") {
    return {
      ...place,
      state: answer.reason,
      detail: answer.detail,
      refused: refusedSource(reading.call, call, answer),
      lost: {},
    };
  }
  const stranger = Object.keys(answer.facts).find((name) => !call.facts.includes(name));
  if (stranger !== undefined) {
    throw new TypeError(`${reading.call} tells no fact ${stranger}`);
  }
  return { ...place, state: "seen", detail: null, refused: null, lost: lostFacts(reading.call, call, answer.facts) };
}

/** What was refused, where it is not what follows from the call: another one, or for want of another permission or of none. */
function refusedSource(name: string, { permission: needed }: Call, answer: Unreadable): Observation["refused"] {
  const { call = name, permission, reason } = answer;
  // Without a call, the reading says nothing of what it lacked.
  const asExpected = answer.call === undefined || reason !== "access-denied" || permission === needed;
  if (call === name && asExpected) return null;
  return permission === undefined ? { call } : { call, permission };
}

/** The facts that an answer should tell and did not; silence is a reason too. */
function lostFacts(
  name: string,
  call: Call,
  told: Readonly<Record<string, Fact<Json>>>,
): Readonly<Record<string, LostFact>> {
  const lost: Record<string, LostFact> = {};
  for (const expected of call.facts) {
    const fact = told[expected];
    if (fact === undefined) {
      lost[expected] = { reason: "not-reported", detail: "the answer did not tell it" };
    } else if (fact.state === "unreadable") {
      const { reason, detail } = fact;
      const refused = refusedSource(name, call, fact);
      lost[expected] = refused === null ? { reason, detail } : { reason, detail, refused };
    }
  }
  return lost;
}

function knownFacts({ answer, part, at }: Reading): readonly KnownFact[] {
  if (answer.state === "unreadable") {
    return [];
  }
  return Object.entries(answer.facts).flatMap(([name, fact]) =>
    fact.state === "known" ? [{ name: partFactName(name, part), at, content: contentOf(fact.value) }] : [],
  );
}

/** What is known of parts that a complete list no longer has. */
function gonePlaces(reading: Reading, sights: readonly SightRow[]) {
  return Object.entries(reading.parts ?? {}).flatMap(([call, parts]) =>
    sights
      .filter((sight) => sight.call === call && sight.part !== "" && !parts.includes(sight.part))
      .map(({ part }) => ({ call, part, at: reading.at })),
  );
}
