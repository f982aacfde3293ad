import type { FindingCursor, FindingPage } from "../model/finding-query.ts";
import { cursorOf, type FindingQuestion } from "./finding-question.ts";
import { time } from "./schemas/time.ts";

/** For so many milliseconds an answer that is asked for again, and still holds, names the moment that it named before. */
const sameMoment = 1000;

interface Body {
  readonly as_of: number;
  readonly bytes: Buffer;
}

/** What a question was found to be answered with, and the bodies that are made of it while it holds. */
export class FindingsPage {
  readonly changed_at: number;
  /** Of the findings, in characters. */
  readonly length: number;
  readonly #question: FindingQuestion;
  readonly #next: FindingCursor | null;
  /** A part of the newest body once there is one. */
  #findings: string | Uint8Array;
  #isAskedAgain = false;
  #body: Body | undefined;

  /** `findings` is a JSON array. */
  constructor(question: FindingQuestion, findings: string, { next, changed_at }: Omit<FindingPage, "findings">) {
    this.changed_at = changed_at;
    this.length = findings.length;
    this.#question = question;
    this.#next = next;
    this.#findings = findings;
  }

  /**
   * The answer at that moment (epoch milliseconds), or at one that is less than a second before it. Text the first time, as
   * most pages are asked for once: memory outside the heap has the garbage collector go through all of it.
   */
  body(asOf: number): string | Buffer {
    const body = this.#body;
    if (body !== undefined && body.as_of <= asOf && asOf < body.as_of + sameMoment) return body.bytes;
    const cursor = this.#next === null ? null : cursorOf(this.#question, asOf, this.#next);
    const before = `{"as_of":${JSON.stringify(time(asOf))},"findings":`;
    const after = `,"next_cursor":${JSON.stringify(cursor)}}`;
    if (typeof this.#findings === "string" && !this.#isAskedAgain) {
      this.#isAskedAgain = true;
      return `${before}${this.#findings}${after}`;
    }
    const findings = typeof this.#findings === "string" ? Buffer.from(this.#findings) : this.#findings;
    const bytes = Buffer.concat([Buffer.from(before), findings, Buffer.from(after)]);
    this.#findings = bytes.subarray(before.length, before.length + findings.length);
    this.#body = { as_of: asOf, bytes };
    return bytes;
  }
}
