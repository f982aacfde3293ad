/** What keeps checks from an outcome, put together from what the checks that say `unknown` lack. */
import { setImmediate as otherWork } from "node:timers/promises";
import { z } from "zod";
import { type UnreadableReason, unreadableReasons } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import type { StorePort } from "./ports.ts";

/** A check that says `unknown`, and the name of its evidence. */
export interface UnknownCheck {
  readonly check: string;
  readonly evidence: string;
}

/** Something whose lack keeps checks from an outcome. */
interface Lack {
  readonly call: string | null;
  readonly permission: string | null;
  readonly reason: UnreadableReason;
  readonly facts: readonly string[];
  readonly checks: readonly string[];
}

/** The same for all keys of a scope that lack it. */
export interface Missing extends Lack {
  readonly scope: string;
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

interface KeyLacking {
  readonly scope: string;
  /** Keys that lack the same share one list, which is what keeps this cheap. */
  readonly unknown: readonly UnknownCheck[];
}

/** How many lists are read before others have their turn. */
const portion = 100;

/** Puts together what the keys of each scope lack. Evidence that was read once is not read again. */
export function createMissing(store: Pick<StorePort, "evidence">) {
  const known = new WeakMap<readonly UnknownCheck[], readonly Lack[]>();

  async function learn(lists: readonly (readonly UnknownCheck[])[]): Promise<void> {
    const names = new Set(lists.flatMap((unknown) => unknown.map(({ evidence }) => evidence)));
    const evidence = await store.evidence([...names]);
    for (const unknown of lists) known.set(unknown, lacksOf(unknown, evidence));
  }

  /** What concerns most keys comes first. */
  return async (keys: Iterable<KeyLacking>): Promise<readonly Missing[]> => {
    const scopes = new Map<string, Map<readonly UnknownCheck[], number>>();
    for (const { scope, unknown } of keys) {
      if (unknown.length === 0) continue;
      const counts = scopes.get(scope) ?? new Map<readonly UnknownCheck[], number>();
      scopes.set(scope, counts.set(unknown, (counts.get(unknown) ?? 0) + 1));
    }
    const unread = [...new Set([...scopes.values()].flatMap((counts) => [...counts.keys()]))];
    const toLearn = unread.filter((unknown) => !known.has(unknown));
    for (let first = 0; first < toLearn.length; first += portion) {
      await learn(toLearn.slice(first, first + portion));
      await otherWork();
    }
    return [...scopes]
      .flatMap(([scope, counts]) => {
        const lacking = [...counts].flatMap(([unknown, count]) =>
          (known.get(unknown) ?? []).map((lack) => ({ lack, keys: count })),
        );
        return missingInScope(scope, lacking);
      })
      .toSorted((a, b) => b.keys - a.keys || compare(a.scope, b.scope) || compare(a.call ?? "", b.call ?? ""));
  };
}

/** Throws where an `unknown` does not say what it lacks: that is a fault of the runner. */
function lacksOf(unknown: readonly UnknownCheck[], evidence: ReadonlyMap<string, Json>): readonly Lack[] {
  const single = unknown.flatMap(({ check, evidence: name }) =>
    unknownEvidence.parse(evidence.get(name)).missing.map(({ fact, reason, call = null, permission = null }): Lack => {
      return { call, permission, reason, facts: [fact], checks: [check] };
    }),
  );
  return [...Map.groupBy(single, nameOf).values()].flatMap(joined);
}

/** `keys`: how many lack just this. */
function missingInScope(
  scope: string,
  lacking: readonly { readonly lack: Lack; readonly keys: number }[],
): readonly Missing[] {
  return [...Map.groupBy(lacking, ({ lack }) => nameOf(lack)).values()].flatMap((same) => {
    const keys = same.reduce((sum, one) => sum + one.keys, 0);
    return joined(same.map(({ lack }) => lack)).map((lack) => ({ ...lack, scope, keys }));
  });
}

/** One instead of several that differ only in what they lead to; none instead of none. */
function joined(lacks: readonly Lack[]): Lack[] {
  const facts = new Set(lacks.flatMap((lack) => lack.facts));
  const checks = new Set(lacks.flatMap((lack) => lack.checks));
  return lacks.slice(0, 1).map(({ call, permission, reason }) => {
    return { call, permission, reason, facts: [...facts].toSorted(), checks: [...checks].toSorted() };
  });
}

function nameOf({ call, permission, reason }: Lack): string {
  return JSON.stringify([call, permission, reason]);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
