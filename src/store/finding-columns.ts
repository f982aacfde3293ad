/**
 * What findings say and said, as far as lists choose and order by it, in memory. Outcomes of a kind have all in common that
 * is filtered by but their times: a list is a look through the times of the kinds that it asks for, in whatever order and
 * as of whatever moment.
 */
import type { FindingCursor, FindingFilters, FindingQuery, FindingSort } from "../model/finding-query.ts";
import { type Severity, severities } from "../model/outcome.ts";
import type { Place } from "./finding-rows.ts";
import { FirstPlaces, type Standing } from "./first-places.ts";
import { KeyNames, placeIn } from "./key-names.ts";
import { KindColumns, type OutcomeRow, type RowOrder } from "./kind-columns.ts";
import { KindList, type OutcomeKind } from "./kind-list.ts";
import { anything, KindSpans } from "./kind-spans.ts";
import { withValue } from "./number-column.ts";
import type { FindingTable } from "./tables.ts";

/** Which rows are asked for, and in what order. */
export interface OrderedQuestion extends Pick<FindingQuery, "limit"> {
  readonly as_of: number | undefined;
  readonly filters: FindingFilters;
  readonly sort: NonNullable<FindingQuery["sort"]>;
  /** With the number of its finding. */
  readonly after: (FindingCursor & { readonly seq: number }) | undefined;
}

/** An outcome that still holds. */
export type LatestOutcome = OutcomeKind & Pick<FindingTable, "seq" | "number" | "changed_at">;
/** A finding with it. */
export type NewFinding = LatestOutcome & Pick<FindingTable, "id" | "subject_id" | "key_name">;
/** An outcome that is over. */
export type PastOutcome = OutcomeKind & Pick<OutcomeRow, "seq" | "number" | "from" | "until">;

export class FindingColumns {
  readonly #kinds = new KindList();
  /** By the numbers of the kinds. */
  readonly #columns: KindColumns[] = [];
  readonly #spans = new KindSpans();
  /** All kinds; no longer known where their sizes may have changed much. */
  #largestFirst: readonly number[] | undefined;
  /** Those which may have something to sort. */
  readonly #unsorted = new Set<KindColumns>();
  readonly #names = new KeyNames();
  /** Subjects whose names have changed since the last order of names. */
  readonly #renamed = new Set<number>();
  /** By which the kinds' spans of subjects were told, but for those of some kinds. */
  #ranks: Int32Array = new Int32Array(0);
  readonly #unspanned = new Set<KindColumns>();
  /** Where the latest outcome of each finding lies, by the number of the finding. */
  #latestKinds = new Int32Array(0);
  #latestRows = new Int32Array(0);
  #last = 0;

  /** The number of the newest finding. */
  get last(): number {
    return this.#last;
  }

  /** The number of a finding's latest outcome. */
  latestOf(seq: number): number {
    return this.#latest(seq).outcome.number;
  }

  /** One that is newer than all others. */
  add(finding: NewFinding): void {
    const { seq, id } = finding;
    if (seq <= this.#last) throw new TypeError(`finding ${seq} comes after ${this.#last}`);
    this.#last = seq;
    this.#addLatest(finding, { subject: this.name(finding), id: numberOfId(id) });
  }

  /** Another outcome is a finding's latest from now on. */
  conclude(latest: LatestOutcome): void {
    this.#addLatest(latest, this.#latest(latest.seq).outcome);
  }

  /** Returns whether it was the latest until now: there is another one, which is to be told next. */
  addPast(past: PastOutcome): boolean {
    const { seq, number, from, until } = past;
    const { columns, row, outcome } = this.#latest(seq);
    const wasLatest = outcome.number === number;
    if (wasLatest) columns.end(row, until);
    else this.#addTo(this.#columnsOf(past), { ...outcome, number, from, until });
    return wasLatest;
  }

  /** What a subject is called from now on. Returns the number that stands for it. */
  name({ subject_id, key_name }: Pick<FindingTable, "subject_id" | "key_name">): number {
    const { number, isRenamed } = this.#names.call(subject_id, key_name);
    if (isRenamed) this.#renamed.add(number);
    return number;
  }

  /** Sorts about so many rows of those that came since; false where there were none. Lists are right before, and slower. */
  sortSome(limit: number): boolean {
    const ranks = () => this.#currentRanks();
    let sorted = 0;
    for (const columns of this.#unsorted) {
      for (let count = 1; count > 0; sorted += count) {
        if (sorted >= limit) return true;
        count = columns.sortOnce(ranks);
        if (count > 0) this.#largestFirst = undefined;
      }
      this.#unsorted.delete(columns);
    }
    return sorted > 0;
  }

  /** Whatever the names of keys. */
  find({ filters, sort, after, limit, as_of }: OrderedQuestion): readonly Place[] {
    const held = { at: as_of ?? Number.MAX_VALUE, since: filters.changed_since ?? -Infinity };
    const asked = this.#kinds.asked(this.#kindsBySize(), filters);
    const order = this.#orderBy(sort.by);
    const found: Place[] = [];
    for (const { kinds, standing } of this.#parts(asked, sort, after)) {
      const first = new FirstPlaces(limit - found.length, sort.direction, standing);
      for (const kind of kinds) {
        if (!this.#spans.isApart(kind, held, order.by, first)) this.#columnsAt(kind).offer(held, order, first);
      }
      for (const { kind, row } of first.found()) found.push(placeOf(this.#columnsAt(kind).row(row)));
      if (found.length === limit) break;
    }
    return found;
  }

  /** The kinds with most outcomes first: after these there are soon enough to pass over the others. */
  #kindsBySize(): readonly number[] {
    this.#largestFirst ??= this.#columns.toSorted((a, b) => b.count - a.count).map(({ kind }) => kind);
    return this.#largestFirst;
  }

  /** Kinds that are to be looked through one part after the other, each from some place on. */
  #parts(
    asked: readonly number[],
    { by, direction }: OrderedQuestion["sort"],
    after: OrderedQuestion["after"],
  ): readonly Part[] {
    if (by !== "severity" && by !== "check") {
      return [{ kinds: asked, standing: after && { value: this.#valueOf(after, by), seq: after.seq } }];
    }
    const sign = direction === "asc" ? 1 : -1;
    const begin = after === undefined ? -Infinity : sign * this.#valueOf(after, by);
    const placeOfKind = this.#placesBy(by);
    return [...Map.groupBy(asked, (kind) => sign * placeOfKind(kind))]
      .filter(([place]) => place >= begin)
      .toSorted(([a], [b]) => a - b)
      .map(([place, kinds]) => {
        const isBegun = after !== undefined && place === begin;
        return { kinds, standing: isBegun ? { value: after.seq, seq: after.seq } : undefined };
      });
  }

  #placesBy(by: "severity" | "check"): (kind: number) => number {
    if (by === "severity") return this.#kinds.mapped(by, (severity) => severities.indexOf(severity as Severity));
    const checks = this.#kinds.checks();
    return this.#kinds.mapped("check_id", (check) => checks.indexOf(check));
  }

  #orderBy(by: FindingSort): RowOrder {
    switch (by) {
      case "severity":
      case "check":
        return { by: "seq" };
      case "changed":
        return { by: "from" };
      case "key":
        return { by: "subject", ranks: this.#spannedRanks() };
      case "id":
        return { by: "id" };
    }
  }

  /** The ranks of subjects; then those that were renamed have their new places. */
  #currentRanks(): Int32Array {
    const ranks = this.#names.ranks();
    if (this.#renamed.size > 0) {
      const isMoved = new Uint8Array(ranks.length);
      for (const subject of this.#renamed) isMoved[subject] = 1;
      for (const columns of this.#columns) columns.moveSubjects(isMoved, ranks);
      this.#renamed.clear();
    }
    return ranks;
  }

  /** The ranks of subjects; then each kind is known to lie between two of them. */
  #spannedRanks(): Int32Array {
    const ranks = this.#currentRanks();
    if (ranks !== this.#ranks) for (const columns of this.#columns) this.#unspanned.add(columns);
    this.#ranks = ranks;
    for (const columns of this.#unspanned) {
      const span = columns.rankSpan(ranks);
      this.#spans.set(columns.kind, "subject", span);
      if (span !== anything) this.#unspanned.delete(columns);
    }
    return ranks;
  }

  /** The number by which a cursor's value is ordered. Texts come after numbers. */
  #valueOf({ value }: FindingCursor, by: FindingSort): number {
    switch (by) {
      case "severity":
      case "changed":
        return typeof value === "number" ? value : Infinity;
      case "check":
        return placeIn(this.#kinds.checks(), String(value));
      case "key":
        return this.#names.rankOf(String(value));
      case "id":
        return numberOfId(String(value));
    }
  }

  #latest(seq: number): { readonly columns: KindColumns; readonly row: number; readonly outcome: OutcomeRow } {
    const columns = this.#columns[this.#latestKinds[seq] ?? 0];
    const row = this.#latestRows[seq] ?? 0;
    const outcome = columns?.row(row);
    if (columns === undefined || outcome?.seq !== seq) throw new TypeError(`finding ${seq} is not there`);
    return { columns, row, outcome };
  }

  #addLatest(latest: LatestOutcome, { subject, id }: Pick<OutcomeRow, "subject" | "id">): void {
    const { seq, number, changed_at } = latest;
    const columns = this.#columnsOf(latest);
    const row = this.#addTo(columns, { seq, number, subject, id, from: changed_at, until: Infinity });
    this.#latestKinds = withValue(this.#latestKinds, seq, columns.kind);
    this.#latestRows = withValue(this.#latestRows, seq, row);
  }

  #addTo(columns: KindColumns, outcome: OutcomeRow): number {
    for (const by of ["seq", "from", "id"] as const) this.#spans.widen(columns.kind, by, outcome[by]);
    this.#spans.set(columns.kind, "subject", anything);
    this.#unspanned.add(columns);
    this.#unsorted.add(columns);
    return columns.add(outcome);
  }

  #columnsOf(kind: OutcomeKind): KindColumns {
    const number = this.#kinds.numberOf(kind);
    if (number === this.#columns.length) {
      this.#columns.push(new KindColumns(number));
      this.#spans.add(number);
      this.#largestFirst = undefined;
    }
    return this.#columnsAt(number);
  }

  #columnsAt(kind: number): KindColumns {
    return this.#columns[kind] as KindColumns;
  }
}

interface Part {
  readonly kinds: readonly number[];
  /** What is asked for comes after it. */
  readonly standing: Standing | undefined;
}

function placeOf({ seq, number, until }: OutcomeRow): Place {
  return until === Infinity ? { seq } : { seq, number };
}

const prefix = "fnd_".length;
/** Of five bits each, so many that a number holds them exactly. Hardly ever are two of a million ids alike in all of them. */
const letters = 10;

/** Ordered as ids are, in which digits come before letters. */
function numberOfId(id: string): number {
  let number = 0;
  for (let at = prefix; at < prefix + letters; at += 1) {
    const code = at < id.length ? id.charCodeAt(at) : 0;
    number = number * 32 + (code < 97 ? code - 50 : code - 91);
  }
  return number;
}
