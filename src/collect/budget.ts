/**
 * How fast each API of each scope may be asked: a quarter of the published quota unless the configuration says
 * otherwise, because the quota is shared with everything else that runs in the account, Anthropic's own calls included.
 */
import { type Call, type CallTable, quotaName } from "../model/call.ts";
import type { Clock } from "./clock.ts";
import { LaneLine } from "./lane-line.ts";
import { Places } from "./places.ts";
import type { Turn } from "./turn.ts";

export interface BudgetOptions {
  readonly calls: CallTable;
  readonly clock: Clock;
  /** Share of the published quota, from 0 to 1. */
  readonly ratio: number;
  /** Requests in flight at any time, over all scopes. */
  readonly concurrency: number;
  /** Requests per second by call, or by the name of the quota that several share, in place of quota × ratio. */
  readonly rates?: Readonly<Record<string, number>>;
}

/** What a token is for. */
export interface BudgetTarget extends Turn {
  readonly call: string;
  readonly scope: string;
}

interface Waiter {
  readonly deadline: number;
  readonly tell: (allowed: boolean) => void;
}

interface Bucket {
  /** Requests per second at present. */
  rate: number;
  /** When the next token is due, by the steady clock; the past means that some are saved up. */
  next: number;
  /** Pauses after throttled answers without an accepted one between them. */
  pauses: number;
  /** Answers to what was sent until then belong to the burst that was throttled last. */
  paused: number;
  readonly line: LaneLine<Waiter>;
  /** Whether somebody is at it to hand out tokens. */
  handing: boolean;
}

/** Pauses after throttled answers grow from the first to the last of these, in milliseconds. */
const firstPause = 100;
const longestPause = 5000;
/** What the pace loses with each throttled burst, and what of its full self it regains in a second of good answers. */
const slowdown = 0.7;
const recovery = 0.02;
/** However often it is throttled, the pace keeps this part of itself. */
const slowest = 1 / 50;

export class Budget {
  readonly #options: BudgetOptions;
  readonly #buckets = new Map<string, Bucket>();
  readonly #places: Places;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#places = new Places(options.concurrency, options.clock);
  }

  /** Requests per second that one scope may make of a call and all that share its quota. Throws for a call in no table. */
  rateOf(call: string): number {
    const published = this.#published(call);
    return this.#options.rates?.[quotaName(call, published)] ?? published.quota * this.#options.ratio;
  }

  #published(call: string): Call {
    const published = this.#options.calls[call];
    if (published === undefined) throw new RangeError(`no such call: ${call}`);
    return published;
  }

  /** Waits for a token. False, and no token is taken, where none comes before the deadline. */
  async take({ call, scope, lane, deadline }: BudgetTarget): Promise<boolean> {
    const bucket = this.#bucketOf(call, scope);
    const now = this.#options.clock.steady();
    // A second's worth may be saved up, so that a short burst after silence goes at once.
    bucket.next = Math.max(bucket.next, now - 1000);
    if (bucket.next <= now && bucket.line.isEmpty) {
      bucket.next += 1000 / bucket.rate;
      return now <= deadline;
    }
    if (bucket.next + (bucket.line.length(lane) * 1000) / bucket.rate > deadline) return false;
    return new Promise((tell) => {
      bucket.line.push(lane, { deadline, tell });
      if (!bucket.handing) void this.#handOut(bucket);
    });
  }

  /** Runs a request when there is a place for it. Waiting for a token holds no place. */
  inFlight<T>({ lane, scope }: Pick<BudgetTarget, "lane" | "scope">, request: () => Promise<T>): Promise<T> {
    return this.#places.hold(lane, scope, request);
  }

  /**
   * The provider throttled a request that was sent at that moment of the steady clock: everybody who asks the same of
   * the same scope pauses, as long as the provider asks for where it does, and goes slower for a while.
   */
  throttled({ call, scope }: BudgetTarget, sent: number, retryAfter: number | undefined): void {
    const { clock } = this.#options;
    const bucket = this.#bucketOf(call, scope);
    const now = clock.steady();
    // One burst that is refused is one reason to slow down, not one for each of its requests.
    if (sent >= bucket.paused) {
      const pause = Math.min(longestPause, firstPause * 2 ** bucket.pauses) * (0.5 + clock.random() / 2);
      bucket.next = Math.max(bucket.next, now + pause);
      bucket.rate = Math.max(bucket.rate * slowdown, this.rateOf(call) * slowest);
      bucket.pauses = Math.min(bucket.pauses + 1, 16);
      bucket.paused = now;
    }
    if (retryAfter === undefined) return;
    bucket.next = Math.max(bucket.next, now + retryAfter);
    for (const { tell } of bucket.line.remove(({ deadline }) => deadline < bucket.next)) tell(false);
  }

  /** The provider answered: the pace recovers, little by little. */
  accepted({ call, scope }: BudgetTarget): void {
    const bucket = this.#bucketOf(call, scope);
    const full = this.rateOf(call);
    bucket.pauses = 0;
    bucket.rate = Math.min(full, bucket.rate + (recovery * full) / bucket.rate);
  }

  /** One for each bucket, as long as somebody waits. */
  async #handOut(bucket: Bucket): Promise<void> {
    const { clock } = this.#options;
    bucket.handing = true;
    while (!bucket.line.isEmpty) {
      const now = clock.steady();
      if (bucket.next > now) {
        await clock.sleep(bucket.next - now);
        continue;
      }
      const waiter = bucket.line.shift();
      const allowed = waiter !== undefined && now <= waiter.deadline;
      if (allowed) bucket.next += 1000 / bucket.rate;
      waiter?.tell(allowed);
    }
    bucket.handing = false;
  }

  #bucketOf(call: string, scope: string): Bucket {
    const name = `${quotaName(call, this.#published(call))} ${scope}`;
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) return bucket;
    const made = {
      rate: this.rateOf(call),
      next: Number.NEGATIVE_INFINITY,
      pauses: 0,
      paused: Number.NEGATIVE_INFINITY,
      line: new LaneLine<Waiter>(),
      handing: false,
    };
    this.#buckets.set(name, made);
    return made;
  }
}
