import type { CallTable } from "../model/call.ts";
import type { Fact, Unreadable } from "../model/fact.ts";
import type { Reading } from "../model/reading.ts";
import type { RefusedCall } from "../model/scan.ts";

/** The calls that were refused during a scan, or did not tell all, each once with the number of its subjects. */
export class RefusedCalls {
  readonly #table: CallTable;
  readonly #calls = new Map<string, RefusedCall>();

  constructor(table: CallTable) {
    this.#table = table;
  }

  add(readings: readonly Reading[]): void {
    for (const { call, answer } of readings) {
      if (answer.state === "unreadable") this.#count(call, answer);
      else for (const lack of lacksOf(answer.facts)) this.#count(call, lack);
    }
  }

  #count(told: string, { reason, detail, call = told }: Unreadable): void {
    // What was left out on purpose was refused by nobody.
    if (reason === "not-read-yet") return;
    // What was refused need not be the call that was to tell: a role may have to be taken on before it.
    const before = this.#calls.get(`${call} ${reason}`);
    const permission = this.#table[call]?.permission ?? null;
    this.#calls.set(`${call} ${reason}`, {
      ...(before ?? { call, permission, reason, detail }),
      subjects: (before?.subjects ?? 0) + 1,
    });
  }

  list(): readonly RefusedCall[] {
    return [...this.#calls.values()].toSorted(
      (a, b) => a.call.localeCompare(b.call) || a.reason.localeCompare(b.reason),
    );
  }
}

/** What an answer should have told and did not: of each reason the first. */
function lacksOf(facts: Readonly<Record<string, Fact<unknown>>>): Unreadable[] {
  const lacks: Unreadable[] = [];
  for (const fact of Object.values(facts)) {
    if (fact.state === "unreadable" && lacks.every(({ reason }) => reason !== fact.reason)) lacks.push(fact);
  }
  return lacks;
}
