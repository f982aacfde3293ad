/** A connection of HTTP/1.1 that does little for an answer, so that what is measured is the server. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { AnswerReader } from "./answer-reader.ts";
import type { Answer, Request } from "./mixes.ts";

interface Waiting {
  readonly path: string;
  readonly reader: AnswerReader;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Opens a connection. Throws what the system says where nobody listens. */
export async function connectTo(url: string): Promise<Connection> {
  const { host, hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  return new Connection(socket, host);
}

/** One request at a time. After a failure every further request fails too. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #waiting: Waiting | undefined;
  #broken: Error | undefined;

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    // Text only from a socket that was told an encoding.
    socket.on("data", (part) => this.#receive(part as Buffer));
    socket.on("error", (error) => this.#break(error));
    socket.on("close", () => this.#break(new Error("the connection closed")));
  }

  /** Fails with the path and what came where that is not a whole answer of status 200 or 304. */
  async ask({ path, headers = {} }: Request): Promise<Answer> {
    if (this.#waiting !== undefined) throw new Error(`${path}: ${this.#waiting.path} is not answered yet`);
    if (this.#broken !== undefined) throw new Error(`${path}: ${this.#broken.message}`, { cause: this.#broken });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting = { path, reader: new AnswerReader(), resolve, reject };
    const lines = Object.entries({ host: this.#host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    return promise;
  }

  #receive(part: Buffer): void {
    if (this.#waiting === undefined) {
      this.#break(new Error(`${part.length} bytes came after a whole answer: ${part.toString()}`));
      return;
    }
    const { reader, resolve } = this.#waiting;
    try {
      const answer = reader.take(part);
      if (answer === undefined) return;
      this.#waiting = undefined;
      resolve(answer);
    } catch (error) {
      this.#break(error as Error);
    }
  }

  #break(why: Error): void {
    this.#broken ??= why;
    this.#socket.destroy();
    const { path, reader, reject } = this.#waiting ?? {};
    this.#waiting = undefined;
    reject?.(new Error(`${path}: ${why.message}; came: ${reader?.came()}`, { cause: why }));
  }
}
