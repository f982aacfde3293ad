/** What the lists of findings must say, worked out from a plain list of all outcomes. */
import type { FindingStatus } from "../../../src/model/finding.ts";
import type { FindingCursor, FindingQuery } from "../../../src/model/finding-query.ts";
import { type OutcomeName, type Severity, severities } from "../../../src/model/outcome.ts";
import { type Conclusion, conclude } from "../../../src/store/conclusion.ts";
import { findingId } from "../../../src/store/stable-id.ts";
import type { Store } from "../../../src/store/store.ts";
import { arn, outcomeOf } from "./material.ts";

export interface Said {
  readonly check: string;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
}

/** One key is concluded upon, or retired for good. */
export interface Step {
  readonly key: string;
  readonly after: number;
  readonly guidance: string;
  readonly says: readonly Said[] | "retire";
}

interface Row extends Said {
  readonly id: string;
  /** In the order in which findings were first concluded. */
  readonly seq: number;
  readonly key: string;
  readonly guidance: string;
  readonly conclusion: Conclusion;
  readonly since: number;
  until: number;
}

export class FindingModel {
  readonly #rows: Row[] = [];
  readonly #retired = new Set<string>();

  /** Writes a step into the store, and down here. */
  async take(store: Store, { key, guidance, says }: Step, at: number): Promise<void> {
    if (this.#retired.has(key)) return;
    if (says === "retire") {
      await store.write((tx) => tx.retireKey(key, at));
      this.#retired.add(key);
      for (const row of this.#latest().filter((one) => one.key === key)) {
        this.#replace({ ...row, conclusion: { ...row.conclusion, status: "retired" } }, at);
      }
      return;
    }
    const outcomes = says.map(({ check, outcome, severity }) => outcomeOf(check, outcome, { severity }));
    await store.write((tx) => tx.saveOutcomes(key, outcomes, { at, guidance, catalogue: "1" }));
    for (const said of says) this.#conclude(key, said, guidance, at);
  }

  list({ filters = {}, sort = { by: "severity", direction: "asc" }, as_of, after, limit }: FindingQuery) {
    const sign = sort.direction === "asc" ? 1 : -1;
    const isAsked = (row: Row) =>
      Object.keys(filters).length === 0
        ? isInNeed(row)
        : Object.entries<readonly string[] | number>({ ...filters }).every(([name, wanted]) => has(row, name, wanted));
    const all = this.#rows
      .filter((row) =>
        as_of === undefined ? row.until === Number.POSITIVE_INFINITY : row.since <= as_of && as_of < row.until,
      )
      .filter(isAsked)
      .map(({ id, seq, ...row }): Place => ({ id, seq, value: valueOf({ id, seq, ...row }, sort.by) }))
      .toSorted((a, b) => sign * compare(a, b))
      .filter((row) => after === undefined || sign * compare(row, { ...after, seq: this.#seqOf(after.id) }) > 0);
    const page = all.slice(0, limit);
    const last = page.at(-1);
    const next = all.length > limit && last !== undefined ? { id: last.id, value: last.value } : null;
    return { ids: page.map(({ id }) => id), next };
  }

  #seqOf(id: string): number {
    return this.#rows.find((row) => row.id === id)?.seq ?? 0;
  }

  #latest(): Row[] {
    return this.#rows.filter(({ until }) => until === Number.POSITIVE_INFINITY);
  }

  #conclude(key: string, said: Said, guidance: string, at: number): void {
    const id = findingId(said.check, arn(key));
    const was = this.#latest().find((row) => row.id === id);
    const isSame = was?.outcome === said.outcome && was.severity === said.severity && was.guidance === guidance;
    if (isSame) return;
    const conclusion = conclude(was?.conclusion, said.outcome, { number: 0, at });
    this.#replace(
      { ...said, id, seq: was?.seq ?? this.#latest().length, key, guidance, conclusion, since: at, until: 0 },
      at,
    );
  }

  #replace(row: Row, at: number): void {
    for (const one of this.#latest()) if (one.id === row.id) one.until = at;
    this.#rows.push({ ...row, since: at, until: Number.POSITIVE_INFINITY });
  }
}

function isInNeed({ outcome, conclusion: { status } }: Row): boolean {
  if (status === "retired") return false;
  return status === "open" || status === "accepted" || outcome === "unknown" || outcome === "error";
}

function has(row: Row, name: string, wanted: readonly string[] | number): boolean {
  if (typeof wanted === "number") return row.since >= wanted;
  const status: FindingStatus = row.conclusion.status;
  const values: Readonly<Record<string, string>> = {
    ...row,
    provider: "aws",
    status,
    conclusion: "",
    since: "",
    until: "",
    seq: "",
  };
  return wanted.includes(values[name] ?? "");
}

function valueOf(row: Row, by: string): string | number {
  if (by === "severity") return severities.indexOf(row.severity);
  if (by === "changed") return row.since;
  return by === "check" ? row.check : by === "key" ? row.key : row.id;
}

interface Place extends FindingCursor {
  readonly seq: number;
}

function compare(a: Place, b: Place): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.seq - b.seq;
}
