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

/** One that broke begins anew with the next question. Alone it keeps no process alive. */
export function createAskedThread<Question, Answer>(file: URL, workerData: unknown): AskedThread<Question, Answer> {
  let thread: Thread<Question, Answer> | undefined;
  let isOver = false;
  function begun(): Thread<Question, Answer> {
    if (thread === undefined || thread.ended) thread = new Thread(file, workerData);
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
  parentPort?.on("message", ({ number, question }: Asked<never>) => {
    void answer(question)
      .then(
        (answered): Answered<unknown> => ({ number, answer: answered }),
        (error: unknown) => failure(number, error),
      )
      .then((answered) => parentPort?.postMessage(answered, []));
  });
}

function failure(number: number, error: unknown): Answered<never> {
  if (error instanceof StoreError) return { number, refusal: { code: error.code, message: error.message } };
  return { number, fault: error };
}

class Thread<Question, Answer> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #asked = 0;
  ended = false;

  constructor(file: URL, workerData: unknown) {
    this.#worker = new Worker(file, { workerData });
    this.#worker.unref();
    this.#worker.on("message", (answered: Answered<Answer>) => this.#settle(answered));
    this.#worker.on("error", (error) => this.#refuseAll(error));
    this.#worker.on("exit", () => this.#refuseAll(hasEnded(file)));
  }

  ask(question: Question): Promise<Answer> {
    this.#asked += 1;
    // Before it waits for an answer: what no message can hold is refused at once.
    this.#worker.postMessage({ number: this.#asked, question } satisfies Asked<Question>, []);
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(this.#asked, waiting);
    this.#worker.ref();
    return waiting.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answered: Answered<Answer>): void {
    const waiting = this.#waiting.get(answered.number);
    this.#waiting.delete(answered.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("answer" in answered) waiting?.resolve(answered.answer);
    else if ("refusal" in answered) waiting?.reject(new StoreError(answered.refusal.code, answered.refusal.message));
    else waiting?.reject(answered.fault);
  }

  #refuseAll(reason: unknown): void {
    this.ended = true;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
