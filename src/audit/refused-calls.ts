import type { CallTable } from "../model/call.ts";
import type { FactsByName, Unreadable } from "../model/fact.ts";
import type { Reading } from "../model/reading.ts";
import type { RefusedCall } from "../model/scan.ts";

/** The calls that were refused during a scan, or did not tell all, each once with the number of its subjects. */
export class RefusedCalls {
  readonly #table: CallTable;
  readonly #calls = new Map<string, RefusedCall>();
  /** A reading of the scope may come with each of its keys. */
  readonly #counted = new WeakSet<Reading>();

  constructor(table: CallTable) {
    this.#table = table;
  }

  /** The readings of a scope, or those of one key. */
  add(readings: readonly Reading[]): void {
    const gone = readings.some(tellsAbsence);
    for (const reading of readings) {
      if (this.#counted.has(reading)) continue;
      const { call, answer } = reading;
      const all = answer.state === "unreadable" ? [answer] : lacksOf(answer.facts);
      const lacks = gone ? all.filter((lack) => !this.#isGoneToo(call, lack)) : all;
      // What comes with a key that is gone may come with one that is there as well.
      if (lacks.length > 0) this.#counted.add(reading);
      for (const lack of lacks) this.#count(call, lack);
    }
  }

  /** Not found, by a call that asked about the key, or what holds it: where the key is known to be gone, nothing was refused. */
  #isGoneToo(told: string, { reason, call = told }: Unreadable): boolean {
    const { subject, of_holder = false } = this.#table[call] ?? {};
    return reason === "not-found" && (subject === "key" || of_holder);
  }

  #count(told: string, lack: Unreadable): void {
    const { reason, detail } = lack;
    // What was left out on purpose was refused by nobody.
    if (reason === "not-read-yet") return;
    // What was refused need not be the call that was to tell: a role may have to be taken on before it.
    const { call = told } = lack;
    // What names the call names the permission as well, unless none would help.
    const permission = (lack.call === undefined ? this.#table[call]?.permission : lack.permission) ?? null;
    const name = `${call} ${reason} ${permission}`;
    const before = this.#calls.get(name);
    this.#calls.set(name, {
      ...(before ?? { call, permission, reason, detail }),
      subjects: (before?.subjects ?? 0) + 1,
    });
  }

  list(): readonly RefusedCall[] {
    return [...this.#calls.values()].toSorted(
      (a, b) =>
        a.call.localeCompare(b.call) ||
        a.reason.localeCompare(b.reason) ||
        (a.permission ?? "").localeCompare(b.permission ?? ""),
    );
  }
}

function tellsAbsence({ answer }: Reading): boolean {
  if (answer.state !== "seen") return false;
  const { existence } = answer.facts;
  return existence?.state === "known" && existence.value === "absent";
}

/** What an answer should have told and did not: of each reason the first. */
function lacksOf(facts: FactsByName): Unreadable[] {
  const lacks: Unreadable[] = [];
  for (const fact of Object.values(facts)) {
    if (fact.state === "unreadable" && lacks.every(({ reason }) => reason !== fact.reason)) lacks.push(fact);
  }
  return lacks;
}
