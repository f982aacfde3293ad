import type { Clock } from "./clock.ts";

interface Entry<T> {
  readonly answer: Promise<T>;
  /** Undefined while it is under way. */
  ended: number | undefined;
}

/** Answers that several who ask at about the same time share, by name: each is asked for once. */
export class Shared<T> {
  readonly #clock: Pick<Clock, "now">;
  readonly #holds: number;
  readonly #entries = new Map<string, Entry<T>>();

  /** An answer is given again for so long after it came, in milliseconds. */
  constructor(clock: Pick<Clock, "now">, holds: number) {
    this.#clock = clock;
    this.#holds = holds;
  }

  /**
   * The answer that is under way or came a moment ago, else a new one. With `after`, one that was asked for after that one
   * came. Rejects as `read` does; what was rejected is not remembered.
   */
  get(name: string, read: () => Promise<T>, after?: Promise<T>): Promise<T> {
    const known = this.#entries.get(name);
    if (known !== undefined && known.answer !== after && this.#serves(known)) return known.answer;
    const entry: Entry<T> = {
      ended: undefined,
      answer: read().then(
        (answer) => {
          entry.ended = this.#clock.now();
          return answer;
        },
        (error: unknown) => {
          this.#entries.delete(name);
          throw error;
        },
      ),
    };
    this.#entries.set(name, entry);
    return entry.answer;
  }

  #serves({ ended }: Entry<T>): boolean {
    return ended === undefined || Math.abs(this.#clock.now() - ended) <= this.#holds;
  }
}
