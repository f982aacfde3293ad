/** What the metrics are rendered from, put together from the database, the plan of the scans and the providers' views. */
import type { KeyView } from "../access/key-view.ts";
import { resourceAccess } from "../access/registry.ts";
import { scoreOf } from "../check/score.ts";
import type { KeyDetail, KeyHead, MetricsSource } from "../metrics/metrics-source.ts";
import { type Fact, known } from "../model/fact.ts";
import type { Key } from "../model/key.ts";
import type { OutcomeName } from "../model/outcome.ts";
import type { KeyConclusion, StampedKey, StoreReader } from "../store/store.ts";

export interface MetricsSourceOptions {
  readonly read: StoreReader;
  readonly now: () => number;
  /** The effective interval of the fast lane of a scope, in milliseconds. */
  readonly fastIntervalOf: (scope: string) => number;
}

const viewFacts = [...new Set(Object.values(resourceAccess).flatMap(({ view }) => [...view.reads]))];

/** How many keys are asked for before others have their turn. */
const keysOfPage = 250;

/** Renders nothing: it only puts together what of each key is rendered, and says when that has changed. */
export function createMetricsSource({ read, now, fastIntervalOf }: MetricsSourceOptions): MetricsSource {
  const stamps = read.keyStamps(viewFacts);
  return {
    async *keys() {
      let after = "";
      for (;;) {
        const page = await stamps.after(after, keysOfPage, now());
        yield page.map(({ provider, key: name, scope, version, observed_at }): KeyHead => {
          return { provider, name, version, last_observed: observed_at, scan_interval: fastIntervalOf(scope) };
        });
        const last = page.at(-1);
        if (last === undefined || page.length < keysOfPage) return;
        after = last.key;
      }
    },

    async details(names) {
      const keys = await stamps.detailed(names, now());
      return keys.map(({ key, version, facts, conclusions }) => {
        return { ...viewOf(key, facts), ...checksOf(conclusions), version };
      });
    },

    async findingCounts() {
      return (await read.findingCounts()).flatMap(({ provider, severity, status, outcome, count }) => [
        ...(status === "open" || status === "accepted" ? [{ provider, severity, status, count }] : []),
        ...(undecided(outcome) ? [{ provider, severity, status: "unknown" as const, count }] : []),
      ]);
    },
  };
}

function checksOf(conclusions: readonly KeyConclusion[]): Pick<KeyDetail, "checks" | "unknown_checks" | "score"> {
  const applicable = conclusions.filter(({ outcome, status }) => outcome !== "not-applicable" || status === "open");
  return {
    checks: applicable.map(({ check, severity, status }) => ({ check, severity, open: status === "open" })),
    unknown_checks: conclusions.filter(({ outcome }) => undecided(outcome)).length,
    score: scoreOf(conclusions).score,
  };
}

function viewOf(
  key: Key,
  told: StampedKey["facts"],
): Omit<KeyDetail, "checks" | "unknown_checks" | "score" | "version"> {
  const view: KeyView = resourceAccess[key.kind].view;
  const facts: Record<string, Fact<unknown>> = {};
  const lastKnown: Record<string, Fact<unknown>> = {};
  for (const [name, { fact, last_known }] of Object.entries(told)) {
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
