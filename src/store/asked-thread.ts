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
  /** Questions that are still open are rejected. */
  end(): Promise<void>;
}

/** One that broke begins anew with the next question. Alone it keeps no process alive. */
export function createAskedThread<Question, Answer>(file: URL, workerData: unknown): AskedThread<Question, Answer> {
  let thread: Thread<Question, Answer> | undefined;
  function begun(): Thread<Question, Answer> {
    if (thread === undefined || thread.ended) thread = new Thread(file, workerData);
    return thread;
  }
  return {
    begin: () => void begun(),
    ask: (question) => begun().ask(question),
    async end() {
      await thread?.end();
    },
  };
}

/** The thread's end: answers what comes, each question as soon as it has come. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  parentPort?.on("message", ({ number, question }: Asked<Question>) => {
    void answer(question)
      .then(
        (answered): Answered<Answer> => ({ number, answer: answered }),
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
    this.#worker.on("exit", () => this.#refuseAll(new Error(`the thread of ${file.pathname} has ended`)));
  }

  ask(question: Question): Promise<Answer> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(this.#asked, waiting);
    this.#worker.ref();
    this.#worker.postMessage({ number: this.#asked, question } satisfies Asked<Question>, []);
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
