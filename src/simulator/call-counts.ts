/** How many calls of one kind were received, and what became of those that were not simply answered. */
export interface CallCount {
  readonly received: number;
  readonly throttled: number;
  readonly denied: number;
  /** By a fault, which may also have spoiled a refusal. */
  readonly failed: number;
}

export interface CallCounts {
  readonly total: CallCount;
  readonly by_call: Readonly<Record<string, CallCount>>;
  /** Resource, then call; calls that are about no resource are not here. */
  readonly by_resource: Readonly<Record<string, Readonly<Record<string, CallCount>>>>;
  /** Requests in which no call could be made out: unsigned, unknown operation, no JSON. */
  readonly unrecognized: number;
}

type Count = { -readonly [K in keyof CallCount]: CallCount[K] };

/** Counts calls by call and by resource since the last clear. */
export class CallCounter {
  #total = zero();
  #byCall = new Map<string, Count>();
  #byResource = new Map<string, Map<string, Count>>();
  #unrecognized = 0;

  add(what: keyof CallCount, call: string, resource: string | null): void {
    this.#total[what] += 1;
    entry(this.#byCall, call, zero)[what] += 1;
    if (resource !== null) {
      const calls = entry(this.#byResource, resource, () => new Map<string, Count>());
      entry(calls, call, zero)[what] += 1;
    }
  }

  addUnrecognized(): void {
    this.#unrecognized += 1;
  }

  clear(): void {
    this.#total = zero();
    this.#byCall.clear();
    this.#byResource.clear();
    this.#unrecognized = 0;
  }

  counts(): CallCounts {
    return structuredClone({
      total: this.#total,
      by_call: Object.fromEntries(this.#byCall),
      by_resource: Object.fromEntries(
        [...this.#byResource].map(([resource, calls]) => [resource, Object.fromEntries(calls)]),
      ),
      unrecognized: this.#unrecognized,
    });
  }
}

function zero(): Count {
  return { received: 0, throttled: 0, denied: 0, failed: 0 };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
