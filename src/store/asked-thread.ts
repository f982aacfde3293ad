/** A thread that answers questions one after the other, for what would hold the event loop of this one too long. */
import { parentPort, Worker } from "node:worker_threads";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

interface Asked<Question> {
  readonly number: number;
  readonly question: Question;
}

/** Errors lose their class on the way. */
type Answered<Answer> = { readonly number: number } & (
  | { readonly answer: Answer }
  | { readonly refusal: { readonly code: StoreErrorCode; readonly message: string } }
  | { readonly fault: unknown }
);

export interface AskedThread<Question, Answer> {
  /** So that it need not begin with the first question. */
  begin(): void;
  /** Rejects with what the thread threw; a StoreError is one here too. */
  ask(question: Question): Promise<Answer>;
  /** Questions that are still open are rejected, and so are those that come later. */
  end(): Promise<void>;
}

export interface AskedThreadOptions {
  /**
   * How long a question may wait for others that go with it, in milliseconds: waking a thread costs more than what is
   * asked of it. Left out, each goes at once.
   */
  readonly patience?: number;
}

/** One that broke begins anew with the next question. Alone it keeps no process alive. */
export function createAskedThread<Question, Answer>(
  file: URL,
  workerData: unknown,
  { patience = 0 }: AskedThreadOptions = {},
): AskedThread<Question, Answer> {
  let thread: Thread<Question, Answer> | undefined;
  let isOver = false;
  function begun(): Thread<Question, Answer> {
    if (thread === undefined || thread.ended) thread = new Thread(file, workerData, patience);
    return thread;
  }
  return {
    begin: () => void begun(),
    async ask(question) {
      if (isOver) throw hasEnded(file);
      return begun().ask(question);
    },
    async end() {
      isOver = true;
      await thread?.end();
    },
  };
}

function hasEnded(file: URL): Error {
  return new Error(`the thread of ${file.pathname} has ended`);
}

/** The thread's end: answers each question as soon as it has come. What it is has to be what the other end asks. */
export function answerQuestions(answer: (question: never) => Promise<unknown>): void {
  parentPort?.on("message", (asked: readonly Asked<never>[]) => {
    for (const { number, question } of asked) {
      void answer(question)
        .then(
          (answered): Answered<unknown> => ({ number, answer: answered }),
          (error: unknown) => failure(number, error),
        )
        .then((answered) => parentPort?.postMessage(answered, []));
    }
  });
}

function failure(number: number, error: unknown): Answered<never> {
  if (error instanceof StoreError) return { number, refusal: { code: error.code, message: error.message } };
  return { number, fault: error };
}

/** So many questions wait for no more. */
const enoughUnsent = 32;

class Thread<Question, Answer> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #patience: number;
  #unsent: Asked<Question>[] = [];
  #sending: NodeJS.Timeout | undefined;
  #asked = 0;
  ended = false;

  constructor(file: URL, workerData: unknown, patience: number) {
    this.#patience = patience;
    this.#worker = new Worker(file, { workerData });
    this.#worker.unref();
    this.#worker.on("message", (answered: Answered<Answer>) => this.#settle(answered));
    this.#worker.on("error", (error) => this.#refuseAll(error));
    this.#worker.on("exit", () => this.#refuseAll(hasEnded(file)));
  }

  ask(question: Question): Promise<Answer> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(this.#asked, waiting);
    this.#worker.ref();
    this.#unsent.push({ number: this.#asked, question });
    if (this.#patience === 0 || this.#unsent.length >= enoughUnsent) this.#send();
    else this.#sending ??= setTimeout(() => this.#send(), this.#patience);
    return waiting.promise;
  }

  #send(): void {
    clearTimeout(this.#sending);
    this.#sending = undefined;
    const asked = this.#unsent;
    this.#unsent = [];
    try {
      this.#worker.postMessage(asked, []);
    } catch {
      // One of them is what no message can hold.
      for (const one of asked) this.#sendAlone(one);
    }
  }

  #sendAlone(asked: Asked<Question>): void {
    try {
      this.#worker.postMessage([asked], []);
    } catch (error) {
      this.#taken(asked.number)?.reject(error);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answered: Answered<Answer>): void {
    const waiting = this.#taken(answered.number);
    if ("answer" in answered) waiting?.resolve(answered.answer);
    else if ("refusal" in answered) waiting?.reject(new StoreError(answered.refusal.code, answered.refusal.message));
    else waiting?.reject(answered.fault);
  }

  /** Who waits for that answer, who waits no longer. */
  #taken(number: number): PromiseWithResolvers<Answer> | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #refuseAll(reason: unknown): void {
    this.ended = true;
    clearTimeout(this.#sending);
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
