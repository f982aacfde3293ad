/** What keeps checks from an outcome, put together from the findings that say `unknown`. */
import { z } from "zod";
import { type UnreadableReason, unreadableReasons } from "../model/fact.ts";
import type { Finding } from "../model/finding.ts";

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

interface Lack {
  readonly call: string | null;
  readonly permission: string | null;
  readonly reason: UnreadableReason;
  readonly scope: string;
  readonly facts: Set<string>;
  readonly checks: Set<string>;
  readonly subjects: Set<string>;
}

/** Gathers findings, page by page. */
export class MissingCalls {
  readonly #lacks = new Map<string, Lack>();

  /** Throws where an `unknown` does not say what it lacks: that is a fault of the runner. */
  add({ check, resource, latest }: Finding, scope: string): void {
    for (const { fact, reason, call = null, permission = null } of unknownEvidence.parse(latest.evidence).missing) {
      const id = JSON.stringify([call, permission, reason, scope]);
      const lack = this.#lacks.get(id) ?? newLack({ call, permission, reason, scope });
      this.#lacks.set(id, lack);
      lack.facts.add(fact);
      lack.checks.add(check);
      lack.subjects.add(resource.name);
    }
  }

  /** What concerns most keys comes first. */
  list(): Missing[] {
    return [...this.#lacks.values()]
      .map(({ facts, checks, subjects, ...what }) => ({
        ...what,
        facts: [...facts].toSorted(),
        checks: [...checks].toSorted(),
        keys: subjects.size,
      }))
      .toSorted((a, b) => b.keys - a.keys || compare(a.scope, b.scope) || compare(a.call ?? "", b.call ?? ""));
  }
}

function newLack(what: Pick<Lack, "call" | "permission" | "reason" | "scope">): Lack {
  return { ...what, facts: new Set(), checks: new Set(), subjects: new Set() };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
