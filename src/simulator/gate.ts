import type { CallCounter } from "./call-counts.ts";
import type { ReceivedCall } from "./cloud.ts";
import { type Fault, serviceFailureOf } from "./fault.ts";
import type { Random } from "./random.ts";
import type { Rules } from "./rules.ts";

/** What becomes of a call on the wire. */
export type Delivery<Answer> =
  | { readonly kind: "send" | "truncated"; readonly answer: Answer }
  | { readonly kind: "reset" | "hang" };

/** How a wire puts a fault into an answer; undefined where the answer has no place for it, so that nothing was broken. */
export type Spoil<Answer> = (answer: Answer, fault: Fault) => Answer | undefined;

/** Stands between the wire and the clouds: counts the calls and applies the rules. */
export class Gate {
  readonly #rules: Rules;
  readonly #counter: CallCounter;
  readonly #now: () => number;

  constructor(rules: Rules, counter: CallCounter, now: () => number) {
    this.#rules = rules;
    this.#counter = counter;
    this.#now = now;
  }

  /** Counts a call that has come in, and tells how many milliseconds to hold it. */
  arrive(call: ReceivedCall<unknown>, random: Random): number {
    this.#counter.add("received", call.call, call.resource);
    return this.#rules.delayOf(call.call, random);
  }

  /** Counts a request in which no call could be made out. */
  unrecognized(): void {
    this.#counter.addUnrecognized();
  }

  /** Answers a call by the rules of this moment: faults go first, then limits, then denials. */
  deliver<Answer>(call: ReceivedCall<Answer>, spoil: Spoil<Answer>): Delivery<Answer> {
    return this.#faulty(call, spoil) ?? { kind: "send", answer: this.#answer(call) };
  }

  #answer<Answer>(call: ReceivedCall<Answer>): Answer {
    if (!this.#rules.takeToken(call, this.#now())) {
      this.#counter.add("throttled", call.call, call.resource);
      return call.refuse("throttled");
    }
    const reason = this.#rules.refusalOf(call);
    if (reason === null) {
      return call.answer();
    }
    this.#counter.add(reason === "throttled" ? "throttled" : "denied", call.call, call.resource);
    return call.refuse(reason);
  }

  #faulty<Answer>(call: ReceivedCall<Answer>, spoil: Spoil<Answer>): Delivery<Answer> | undefined {
    const rule = this.#rules.faultFor(call);
    if (rule === undefined) {
      return undefined;
    }
    const { fault } = rule;
    const failure = serviceFailureOf(fault);
    let delivery: Delivery<Answer>;
    if (fault.kind === "reset" || fault.kind === "hang") {
      delivery = { kind: fault.kind };
    } else if (failure !== undefined) {
      delivery = { kind: "send", answer: call.fail(failure) };
    } else {
      // The answer comes by the usual way: a throttled or refused call has its own answer to spoil.
      const answer = this.#answer(call);
      const spoiled = spoil(answer, fault);
      if (spoiled === undefined) {
        return { kind: "send", answer };
      }
      delivery = { kind: fault.kind === "truncated" ? "truncated" : "send", answer: spoiled };
    }
    this.#rules.spend(rule);
    this.#counter.add("failed", call.call, call.resource);
    return delivery;
  }
}
