/** What the counters tell beforehand of a question about the present: how many findings match, and of what kinds. */

import { sql } from "kysely";
import type { FindingSort } from "../model/finding-query.ts";
import { allOf, type Column, type Condition, type Criteria, type Criterion, columnNamed } from "./finding-criteria.ts";
import { lastChange } from "./last-change.ts";
import { type Statements, statement } from "./statements.ts";

/** What the counters are kept by. */
export const counted = {
  provider: columnNamed("c.provider"),
  check: columnNamed("c.check_id"),
  severity: columnNamed("c.severity"),
  outcome: columnNamed("c.outcome"),
  status: columnNamed("c.status"),
  guidance: columnNamed("c.guidance"),
  in_need: columnNamed("c.in_need"),
} as const satisfies Partial<Record<Criterion, Column>>;
type CountedCriterion = keyof typeof counted;

/** Counters of what is asked for. */
export function countersOf(criteria: Criteria): Condition {
  return allOf([sql`c.count > 0`, ...ofCounters(criteria).map(([criterion, wanted]) => wanted.of(counted[criterion]))]);
}

function ofCounters(criteria: Criteria) {
  return [...criteria].flatMap(([criterion, wanted]) =>
    criterion in counted ? [[criterion as CountedCriterion, wanted] as const] : [],
  );
}

/** What the findings of a part have in common, and how many match. */
export interface Part {
  readonly has: readonly (readonly [Criterion, string | number])[];
  readonly count: number;
}

/**
 * By what findings are counted for an order: which outcomes there are differs much between severities and checks, and
 * when they changed differs much between kinds.
 */
export const partedBy = {
  severity: ["severity"],
  check: ["check"],
  key: [],
  id: [],
  changed: ["status", "outcome", "guidance"],
} as const satisfies Record<FindingSort, readonly Criterion[]>;

const allCounters = statement<object>()((db) =>
  db
    .selectFrom("finding_count")
    .select(["provider", "check_id as check", "severity", "outcome", "status", "guidance", "in_need", "count"])
    .where("count", ">", 0),
);
type Counter = NonNullable<(typeof allCounters)["row"]>;

/** The counters of one state of the database: a few hundred. */
export class FindingCounters {
  readonly #counters: readonly Counter[];

  constructor(counters: readonly Counter[]) {
    this.#counters = counters;
  }

  partsOf(criteria: Criteria, by: readonly CountedCriterion[]): readonly Part[] {
    const parts = new Map<string, Part>();
    for (const counter of this.#matching(criteria)) {
      const has = by.map((criterion) => [criterion, counter[criterion]] as const);
      const name = has.map(([, value]) => value).join(" ");
      parts.set(name, { has, count: (parts.get(name)?.count ?? 0) + counter.count });
    }
    return [...parts.values()];
  }

  /** Whether half of the findings of the asked kinds, or more, have everything else that is asked for. */
  isOftenSo(criteria: Criteria): boolean {
    const ofKinds: readonly Criterion[] = [...partedBy.changed, "in_need"];
    const kinds = new Map([...criteria].filter(([criterion]) => ofKinds.includes(criterion)));
    return sum(this.#matching(criteria)) * 2 >= sum(this.#matching(kinds));
  }

  /** Where all keys are of one cloud, a filter by it only keeps the rest of the question from its best index. */
  withoutIdleProvider(criteria: Criteria): Criteria {
    const wanted = criteria.get("provider");
    if (wanted === undefined || this.#counters.some(({ provider }) => !wanted.has(provider))) return criteria;
    return new Map([...criteria].filter(([criterion]) => criterion !== "provider"));
  }

  #matching(criteria: Criteria): readonly Counter[] {
    const asked = ofCounters(criteria);
    return this.#counters.filter((counter) => asked.every(([criterion, wanted]) => wanted.has(counter[criterion])));
  }
}

/** The counters as the open transaction sees them, which is of a committed state: they are read where that is another. */
export function rememberingCounters(statements: Statements): () => FindingCounters {
  let remembered: { readonly change_seq: number; readonly counters: FindingCounters } | undefined;
  return () => {
    const { change_seq } = lastChange(statements);
    if (remembered?.change_seq !== change_seq) {
      remembered = { change_seq, counters: new FindingCounters(statements.all(allCounters, {})) };
    }
    return remembered.counters;
  };
}

export function sum(counters: readonly { readonly count: number }[]): number {
  return counters.reduce((total, { count }) => total + count, 0);
}

export function isOf({ has }: Part, named: Partial<Readonly<Record<Criterion, Column>>>): Condition {
  const equal = has.map(([criterion, value]) => sql`${named[criterion]} = ${value}`);
  return sql`(${sql.join(equal, sql` and `)})`;
}
