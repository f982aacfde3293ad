/** What the metrics are rendered from, put together from the database, the plan of the scans and the providers' views. */
import type { KeyView } from "../access/key-view.ts";
import { resourceAccess } from "../access/registry.ts";
import { scoreOf } from "../check/score.ts";
import type { KeyDetail, KeyHead, MetricsSource } from "../metrics/metrics-source.ts";
import { type Fact, known } from "../model/fact.ts";
import type { Key } from "../model/key.ts";
import type { OutcomeName } from "../model/outcome.ts";
import type { Sight, Snapshot } from "../model/snapshot.ts";
import type { KeyConclusion, StoreReader } from "../store/store.ts";

export interface MetricsSourceOptions {
  readonly read: StoreReader;
  readonly now: () => number;
  /** The effective interval of the fast lane of a scope, in milliseconds. */
  readonly fastIntervalOf: (scope: string) => number;
}

const viewFacts = [...new Set(Object.values(resourceAccess).flatMap(({ view }) => [...view.reads]))];

/** Renders nothing: it only puts together what of each key is rendered, and says when that has changed. */
export function createMetricsSource({ read, now, fastIntervalOf }: MetricsSourceOptions): MetricsSource {
  const versions = new KeyVersions(read);
  return {
    async keys() {
      await versions.refresh();
      const facts = Map.groupBy(await read.factsOfAllKeys(viewFacts, now()), ({ key }) => key);
      return (await read.keys()).map(({ provider, kind, name, scope }): KeyHead => {
        const ofKey = facts.get(name) ?? [];
        const sights = new Map(ofKey.map((fact) => [fact.name, fact.sight] as const));
        const observed = ofKey.flatMap(({ observed_at }) => observed_at ?? []);
        return {
          provider,
          name,
          version: versions.of(name, resourceAccess[kind].view, (fact) => sights.get(fact)),
          last_observed: observed.length === 0 ? null : Math.max(...observed),
          scan_interval: fastIntervalOf(scope),
        };
      });
    },

    async details(names) {
      await versions.refresh();
      const wanted = new Set(names);
      const keys = (await read.keys()).filter(({ name }) => wanted.has(name));
      const conclusions = Map.groupBy(await read.conclusions({ keys: names }), ({ key }) => key);
      const found = keys.map(async (key): Promise<readonly KeyDetail[]> => {
        const snapshot = await read.currentSnapshot(key.name, now());
        if (snapshot === undefined) return [];
        const version = versions.of(key.name, resourceAccess[key.kind].view, (fact) => snapshot.facts[fact]?.sight);
        return [{ ...viewOf(key, snapshot), ...checksOf(conclusions.get(key.name) ?? []), version }];
      });
      return (await Promise.all(found)).flat();
    },

    async findingCounts() {
      return (await read.findingCounts()).flatMap(({ provider, severity, status, outcome, count }) => [
        ...(status === "open" || status === "accepted" ? [{ provider, severity, status, count }] : []),
        ...(undecided(outcome) ? [{ provider, severity, status: "unknown" as const, count }] : []),
      ]);
    },
  };
}

/** What was last concluded of each key, with how its state is seen, makes the version of what is rendered. */
class KeyVersions {
  readonly #read: StoreReader;
  readonly #changes = new Map<string, number>();
  #seq = -1;

  constructor(read: StoreReader) {
    this.#read = read;
  }

  async refresh(): Promise<void> {
    const seq = await this.#read.changeSeq();
    if (seq === this.#seq) return;
    for (const name of await this.#read.keysChangedSince(this.#seq)) this.#changes.set(name, seq);
    this.#seq = seq;
  }

  of(name: string, view: KeyView, sightOf: (fact: string) => Sight | undefined): string {
    return [this.#changes.get(name) ?? 0, ...view.reads.map(sightOf)].join(" ");
  }
}

function checksOf(conclusions: readonly KeyConclusion[]): Pick<KeyDetail, "checks" | "unknown_checks" | "score"> {
  const applicable = conclusions.filter(({ outcome, status }) => outcome !== "not-applicable" || status === "open");
  return {
    checks: applicable.map(({ check, severity, status }) => ({ check, severity, open: status === "open" })),
    unknown_checks: conclusions.filter(({ outcome }) => undecided(outcome)).length,
    score: scoreOf(conclusions).score,
  };
}

function viewOf(key: Key, snapshot: Snapshot): Omit<KeyDetail, "checks" | "unknown_checks" | "score" | "version"> {
  const view: KeyView = resourceAccess[key.kind].view;
  const facts: Record<string, Fact<unknown>> = {};
  const lastKnown: Record<string, Fact<unknown>> = {};
  for (const [name, { fact, last_known }] of Object.entries(snapshot.facts)) {
    facts[name] = fact;
    lastKnown[name] = last_known === null ? fact : known(last_known.value);
  }
  const attribute = (path: string | null) => {
    const [name = "", member] = path?.split(".") ?? [];
    const fact = lastKnown[name];
    if (fact?.state !== "known") return null;
    const value = member === undefined ? fact.value : memberOf(fact.value, member);
    return typeof value === "string" ? value : null;
  };
  const before = view.lifecycle(lastKnown);
  return {
    provider: key.provider,
    name: key.name,
    account: key.account,
    location: key.location,
    resource: key.resource,
    labels: key.registration.labels,
    lifecycle: view.lifecycle(facts),
    last_known_lifecycle: before.state === "known" ? before.value : null,
    key_spec: attribute(view.attributes.key_spec),
    origin: attribute(view.attributes.origin),
    protection_level: attribute(view.attributes.protection_level),
  };
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === member)?.[1]
    : null;
}

function undecided(outcome: OutcomeName): boolean {
  return outcome === "unknown" || outcome === "error";
}
