/** What keeps checks from an outcome, put together from the evidence of those that say `unknown`. */
import { setImmediate as otherWork } from "node:timers/promises";
import { z } from "zod";
import { type UnreadableReason, unreadableReasons } from "../model/fact.ts";
import type { StorePort } from "./ports.ts";

/** A check that says `unknown`, and the name of its evidence. */
export interface UnknownCheck {
  readonly check: string;
  readonly evidence: string;
}

/** The checks of a key that say `unknown`. */
export interface LackingKey {
  readonly scope: string;
  /** Keys of which the same is unknown share one list: what they lack is put together once for all of them. */
  readonly unknown: readonly UnknownCheck[];
}

export interface Missing {
  readonly call: string | null;
  readonly permission: string | null;
  readonly reason: UnreadableReason;
  readonly scope: string;
  readonly facts: readonly string[];
  readonly checks: readonly string[];
  readonly keys: number;
}

/** The evidence of every `unknown`. */
const unknownEvidence = z.object({
  missing: z.array(
    z.object({
      fact: z.string(),
      reason: z.enum(unreadableReasons),
      call: z.string().optional(),
      permission: z.string().optional(),
    }),
  ),
});

/** Each thing that one evidence says is missing, with a name that it has for every key of a scope. */
type Evidence = readonly (Pick<Missing, "call" | "permission" | "reason"> & {
  readonly name: string;
  readonly fact: string;
})[];

/** How many pieces of evidence are read before others have their turn. */
const portion = 500;
/** How many lists are gone through before others have their turn. */
const listsAtOnce = 5_000;

/** Puts together what keys lack, by their scopes. Evidence that the last answer needed as well is not read again. */
export function createMissing(store: Pick<StorePort, "evidence">) {
  let known: ReadonlyMap<string, Evidence> = new Map();

  async function evidenceNamed(names: ReadonlySet<string>): Promise<ReadonlyMap<string, Evidence>> {
    const needed = new Map([...known].filter(([name]) => names.has(name)));
    const unread = [...names].filter((name) => !needed.has(name));
    for (let first = 0; first < unread.length; first += portion) {
      const texts = await store.evidence(unread.slice(first, first + portion));
      for (const [name, text] of texts) needed.set(name, evidenceOf(text));
      await otherWork();
    }
    known = needed;
    return needed;
  }

  /** What concerns most keys comes first. Throws where an `unknown` does not say what it lacks: a fault of the runner. */
  return async (keys: Iterable<LackingKey>): Promise<readonly Missing[]> => {
    const scopes = countLists(keys);
    await otherWork();
    const evidence = await evidenceNamed(namesOfEvidence(scopes.values()));
    const missing: Missing[] = [];
    for (const [scope, counts] of scopes) missing.push(...(await missingInScope(scope, counts, evidence)));
    return missing.toSorted(
      (a, b) => b.keys - a.keys || compare(a.scope, b.scope) || compare(a.call ?? "", b.call ?? ""),
    );
  };
}

function evidenceOf(value: unknown): Evidence {
  return unknownEvidence.parse(value).missing.map(({ fact, reason, call = null, permission = null }) => {
    return { name: JSON.stringify([call, permission, reason]), fact, reason, call, permission };
  });
}

type Counts = ReadonlyMap<LackingKey["unknown"], number>;

/** How many keys of each scope have the same list. */
function countLists(keys: Iterable<LackingKey>): ReadonlyMap<string, Counts> {
  const scopes = new Map<string, Map<LackingKey["unknown"], number>>();
  for (const { scope, unknown } of keys) {
    if (unknown.length === 0) continue;
    const counts = scopes.get(scope) ?? new Map<LackingKey["unknown"], number>();
    scopes.set(scope, counts.set(unknown, (counts.get(unknown) ?? 0) + 1));
  }
  return scopes;
}

function namesOfEvidence(scopes: Iterable<Counts>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const counts of scopes) {
    for (const list of counts.keys()) for (const { evidence } of list) names.add(evidence);
  }
  return names;
}

interface Lack extends Pick<Missing, "call" | "permission" | "reason"> {
  readonly facts: Set<string>;
  readonly checks: Set<string>;
  keys: number;
}

async function missingInScope(
  scope: string,
  counts: Counts,
  known: ReadonlyMap<string, Evidence>,
): Promise<readonly Missing[]> {
  const found = new Map<string, Lack>();
  for (const [place, [list, keys]] of counts.entries().toArray().entries()) {
    if (place % listsAtOnce === 0) await otherWork();
    const ofList = new Set<Lack>();
    for (const { check, evidence } of list) {
      for (const { name, fact, call, permission, reason } of have(known, evidence)) {
        const lack = found.get(name) ?? { call, permission, reason, facts: new Set(), checks: new Set(), keys: 0 };
        found.set(name, lack);
        lack.facts.add(fact);
        lack.checks.add(check);
        ofList.add(lack);
      }
    }
    for (const lack of ofList) lack.keys += keys;
  }
  return [...found.values()].map(({ facts, checks, ...lack }) => {
    return { ...lack, scope, facts: [...facts].toSorted(), checks: [...checks].toSorted() };
  });
}

function have(known: ReadonlyMap<string, Evidence>, name: string): Evidence {
  const evidence = known.get(name);
  if (evidence === undefined) throw new TypeError(`the database has lost the evidence ${name}`);
  return evidence;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
