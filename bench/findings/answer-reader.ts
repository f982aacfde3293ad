/** Reads the few headers of an answer that the clients go by, and decodes no more of its body than the end. */
import type { Answer } from "./mixes.ts";

const tailLength = 4_000;

interface Head {
  readonly status: number;
  readonly etag: string | undefined;
  /** Of the body, in bytes. */
  readonly length: number;
}

/** One answer, part by part as it comes. */
export class AnswerReader {
  #start: Buffer | undefined;
  #head: Head | undefined;
  #bytes = 0;
  readonly #last: Buffer[] = [];

  /** The answer once it is whole. Throws where it is none, or not one of those that the clients ask for. */
  take(part: Buffer): Answer | undefined {
    if (this.#head !== undefined) return this.#takeBody(this.#head, part);
    this.#start = this.#start === undefined ? part : Buffer.concat([this.#start, part]);
    const end = this.#start.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    this.#head = headOf(this.#start.toString("latin1", 0, end));
    return this.#takeBody(this.#head, this.#start.subarray(end + 4));
  }

  /** What came until now, for people. */
  came(): string {
    if (this.#head === undefined) return this.#start?.toString("utf8", 0, tailLength) ?? "nothing";
    return `${this.#head.status}, ${this.#bytes} of ${this.#head.length} bytes, ${this.#tail()}`;
  }

  #takeBody({ status, etag, length }: Head, part: Buffer): Answer | undefined {
    this.#bytes += part.length;
    const left = length - this.#bytes;
    if (left < tailLength) this.#last.push(part.subarray(-tailLength));
    if (left > 0) return undefined;
    if (left < 0) throw new Error("more bytes than announced");
    if (status !== 200 && status !== 304) throw new Error("neither 200 nor 304");
    return { status, etag, tail: this.#tail() };
  }

  #tail(): string {
    return Buffer.concat(this.#last).subarray(-tailLength).toString();
  }
}

function headOf(text: string): Head {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
  if (Number.isNaN(status)) throw new Error("no status line of HTTP/1.1");
  if (/^transfer-encoding:/im.test(text)) throw new Error("a body in chunks");
  const length = status === 304 ? "0" : /^content-length: *(\d+)/im.exec(text)?.[1];
  if (length === undefined) throw new Error("no content-length");
  return { status, etag: /^etag: *(.+)/im.exec(text)?.[1], length: Number(length) };
}
