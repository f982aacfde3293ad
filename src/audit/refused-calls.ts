import type { CallTable } from "../model/call.ts";
import type { Reading } from "../model/reading.ts";
import type { RefusedCall } from "../model/scan.ts";

/** The calls that were refused during a scan, each once with the number of its subjects. */
export class RefusedCalls {
  readonly #table: CallTable;
  readonly #calls = new Map<string, RefusedCall>();

  constructor(table: CallTable) {
    this.#table = table;
  }

  add(readings: readonly Reading[]): void {
    for (const { call: told, answer } of readings) {
      // What was left out on purpose was refused by nobody.
      if (answer.state === "seen" || answer.reason === "not-read-yet") continue;
      // What was refused need not be the call that was to tell: a role may have to be taken on before it.
      const { reason, detail, call = told } = answer;
      const before = this.#calls.get(`${call} ${reason}`);
      const permission = this.#table[call]?.permission ?? call;
      this.#calls.set(`${call} ${reason}`, {
        ...(before ?? { call, permission, reason, detail }),
        subjects: (before?.subjects ?? 0) + 1,
      });
    }
  }

  list(): readonly RefusedCall[] {
    return [...this.#calls.values()].toSorted(
      (a, b) => a.call.localeCompare(b.call) || a.reason.localeCompare(b.reason),
    );
  }
}
