/**
 * How fast each API of each scope may be asked: a quarter of the published quota unless the configuration says
 * otherwise, because the quota is shared with everything else that runs in the account, Anthropic's own calls included.
 */
import PQueue from "p-queue";
import type { CallTable } from "../model/call.ts";
import type { Clock } from "./clock.ts";

export interface BudgetOptions {
  readonly calls: CallTable;
  readonly clock: Clock;
  /** Share of the published quota, from 0 to 1. */
  readonly ratio: number;
  /** Requests in flight at any time, over all scopes. */
  readonly concurrency: number;
  /** Requests per second by call, in place of quota × ratio. */
  readonly rates?: Readonly<Record<string, number>>;
}

interface Bucket {
  /** Requests per second at present. */
  rate: number;
  /** When the next token is due, in epoch milliseconds; the past means that some are saved up. */
  next: number;
  /** Throttled answers without an accepted one between them. */
  refusals: number;
}

/** Pauses after throttled answers grow from the first to the last of these, in milliseconds. */
const firstPause = 100;
const longestPause = 5000;

export class Budget {
  readonly #options: BudgetOptions;
  readonly #buckets = new Map<string, Bucket>();
  readonly #inFlight: PQueue;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#inFlight = new PQueue({ concurrency: options.concurrency });
  }

  /** Requests per second that one scope may make of a call. Throws for a call that is in no table. */
  rateOf(call: string): number {
    const published = this.#options.calls[call];
    if (published === undefined) throw new RangeError(`no such call: ${call}`);
    return this.#options.rates?.[call] ?? published.quota * this.#options.ratio;
  }

  /**
   * Waits for a token. False, and no token is taken, where it would come only after the deadline (epoch milliseconds).
   */
  async take(call: string, scope: string, deadline: number): Promise<boolean> {
    const bucket = this.#bucketOf(call, scope);
    const now = this.#options.clock.now();
    // A second's worth may be saved up, so that a short burst after silence goes at once.
    const due = Math.max(bucket.next, now - 1000);
    if (due > deadline) return false;
    bucket.next = due + 1000 / bucket.rate;
    if (due > now) await this.#options.clock.sleep(due - now);
    return true;
  }

  /** Runs a request when fewer than `concurrency` are in flight. Waiting for a token holds no place. */
  inFlight<T>(request: () => Promise<T>): Promise<T> {
    return this.#inFlight.add(request);
  }

  /** The provider throttled: everybody who asks the same of the same scope pauses and goes slower for a while. */
  throttled(call: string, scope: string, retryAfter: number | undefined): void {
    const { clock } = this.#options;
    const bucket = this.#bucketOf(call, scope);
    const pause = Math.min(longestPause, firstPause * 2 ** bucket.refusals) * (0.5 + clock.random() / 2);
    bucket.next = Math.max(bucket.next, clock.now() + (retryAfter ?? pause));
    // One burst that is refused is one reason to slow down, not one for each of its requests.
    if (bucket.refusals === 0) bucket.rate = Math.max(bucket.rate * 0.7, this.rateOf(call) / 50);
    bucket.refusals = Math.min(bucket.refusals + 1, 16);
  }

  /** The provider answered: the pace recovers, little by little. */
  accepted(call: string, scope: string): void {
    const bucket = this.#bucketOf(call, scope);
    bucket.refusals = 0;
    bucket.rate = Math.min(this.rateOf(call), bucket.rate * 1.01);
  }

  #bucketOf(call: string, scope: string): Bucket {
    const name = `${call} ${scope}`;
    const bucket = this.#buckets.get(name) ?? { rate: this.rateOf(call), next: 0, refusals: 0 };
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
