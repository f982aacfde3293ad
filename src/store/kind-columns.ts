/**
 * The outcomes of one kind in columns of numbers: whose they are and when they held; and their rows in several orders, so
 * that the first of an order, or those that began in some time, are found without the others.
 */
import type { FirstPlaces } from "./first-places.ts";
import { anything, type Held, nothing, type OrderName, orderNames, type Span } from "./kind-spans.ts";
import { withValue } from "./number-column.ts";
import { type Ordering, SortedRows } from "./sorted-rows.ts";

export interface OutcomeRow {
  /** The finding's. */
  readonly seq: number;
  readonly number: number;
  /** The number that stands for what it is about. */
  readonly subject: number;
  /** The number that stands for the finding's id. */
  readonly id: number;
  /** Epoch milliseconds; until Infinity where it still holds. */
  readonly from: number;
  readonly until: number;
}

/** A column or, where there are ranks, the ranks of what stands in it. Among equal ones, findings go by their numbers. */
export interface RowOrder {
  readonly by: OrderName;
  readonly ranks?: Int32Array;
}

export class KindColumns {
  /** The number of the kind. */
  readonly kind: number;
  #count = 0;
  readonly #columns = {
    seq: new Int32Array(0),
    number: new Int32Array(0),
    subject: new Int32Array(0),
    id: new Float64Array(0),
    from: new Float64Array(0),
    until: new Float64Array(0),
  };
  /** All rows but the newest in each order. */
  readonly #sorted: Record<OrderName, SortedRows> = {
    seq: SortedRows.none(this.#columns.seq),
    from: SortedRows.none(this.#columns.from),
    id: SortedRows.none(this.#columns.id),
    subject: SortedRows.none(this.#columns.subject),
  };

  constructor(kind: number) {
    this.kind = kind;
  }

  /** Returns the number of the row. */
  add(outcome: OutcomeRow): number {
    const row = this.#count;
    const columns = this.#columns;
    this.#count += 1;
    columns.seq = withValue(columns.seq, row, outcome.seq);
    columns.number = withValue(columns.number, row, outcome.number);
    columns.subject = withValue(columns.subject, row, outcome.subject);
    columns.id = withValue(columns.id, row, outcome.id);
    columns.from = withValue(columns.from, row, outcome.from);
    columns.until = withValue(columns.until, row, outcome.until);
    return row;
  }

  /** Ends what held. */
  end(row: number, until: number): void {
    this.#columns.until[row] = until;
  }

  row(row: number): OutcomeRow {
    const { seq, number, subject, id, from, until } = this.#columns;
    return {
      seq: seq[row] as number,
      number: number[row] as number,
      subject: subject[row] as number,
      id: id[row] as number,
      from: from[row] as number,
      until: until[row] as number,
    };
  }

  /** Sorts some more rows by something by which many are not sorted yet. Returns how many are then: 0 if nothing was done. */
  sortOnce(ranks: () => Int32Array): number {
    const by = orderNames.find((name) => this.#isToSort(name));
    if (by === undefined) return 0;
    const sorted = this.#sorted[by];
    const left = this.#count - sorted.length;
    const added = new Int32Array(left > 2 * mostAtOnce ? mostAtOnce : left);
    for (let place = 0; place < added.length; place += 1) added[place] = sorted.length + place;
    this.#sorted[by] = sorted.with(added, this.#ordering(by === "subject" ? { by, ranks: ranks() } : { by }));
    return this.#sorted[by].length;
  }

  /** Puts the rows of subjects whose ranks have changed among the others where they belong now. */
  moveSubjects(isMoved: Uint8Array, ranks: Int32Array): void {
    const moved = this.#sorted.subject.rowsWhere((subject) => isMoved[subject] === 1);
    if (moved.length === 0) return;
    const staying = this.#sorted.subject.where((subject) => isMoved[subject] !== 1);
    this.#sorted.subject = staying.with(moved, this.#ordering({ by: "subject", ranks }));
  }

  get count(): number {
    return this.#count;
  }

  /** Between what the ranks of its subjects lie. */
  rankSpan(ranks: Int32Array): Span {
    if (this.#isToSort("subject")) return anything;
    const sorted = this.#sorted.subject;
    let { least, most } = nothing;
    const widen = (rank: number) => {
      least = Math.min(least, rank);
      most = Math.max(most, rank);
    };
    if (sorted.length > 0) for (const end of [0, sorted.length - 1]) widen(sorted.value(end, ranks));
    const { subject } = this.#columns;
    for (let row = sorted.length; row < this.#count; row += 1) widen(ranks[subject[row] as number] as number);
    return { least, most };
  }

  #isToSort(by: OrderName): boolean {
    const sorted = this.#sorted[by].length;
    return this.#count - sorted > Math.max(fewRows, sorted / 8);
  }

  #ordering({ by, ranks }: RowOrder): Ordering {
    return { column: this.#columns[by], ranks, seq: this.#columns.seq };
  }

  /** Adds the rows that held, as far as they may be among the first. */
  offer(held: Held, order: RowOrder, first: FirstPlaces): void {
    let { by } = order;
    const all: Places = { begin: 0, next: this.#sorted[by].length };
    if (by === "from") this.#walk(this.#begun(held), held, order, first);
    else if (this.#endsSoon(order, first)) this.#walk(all, held, order, first);
    else {
      const begun = this.#begun(held);
      if (this.#areFewer(begun, order, first)) {
        by = "from";
        for (let place = begun.begin; place < begun.next; place += 1)
          this.#offerRow(this.#sorted.from.row(place), held, order, first);
      } else this.#walk(all, held, order, first);
    }
    // Those that are not sorted yet.
    for (let row = this.#sorted[by].length; row < this.#count; row += 1) this.#offerRow(row, held, order, first);
  }

  /** Whether so few rows come before the last that is kept that it is not worth to look up how many began in that time. */
  #endsSoon({ by, ranks }: RowOrder, first: FirstPlaces): boolean {
    if (first.begin !== -Infinity) return false;
    const sorted = this.#sorted[by];
    if (sorted.length <= fewRows) return true;
    return sorted.value(first.sign === 1 ? fewRows : sorted.length - 1 - fewRows, ranks) * first.sign > first.end;
  }

  /** Of the rows in the order of their beginning: those that began in that time. */
  #begun({ at, since }: Held): Places {
    const sorted = this.#sorted.from;
    if (sorted.length === 0) return { begin: 0, next: 0 };
    // Most questions are about the present: nothing is looked up for these.
    const begin = since <= sorted.value(0, undefined) ? 0 : sorted.placeFrom(since);
    const next = at >= sorted.value(sorted.length - 1, undefined) ? sorted.length : sorted.placeAfter(at);
    return { begin, next: Math.max(begin, next) };
  }

  /** Whether fewer rows began in the time that is asked for than come between where the page begins and the last that is kept. */
  #areFewer({ begin, next }: Places, { by, ranks }: RowOrder, first: FirstPlaces): boolean {
    const count = next - begin;
    if (count * clearlyFewer > this.#count) return false;
    // Until there are enough: as many come in vain as began at another time.
    if (first.end === Infinity) return count ** 2 < first.limit * this.#count;
    const sorted = this.#sorted[by];
    const place = sorted.placeAfter(first.end * first.sign, ranks);
    const start = firstAfter(first, sorted, ranks);
    return count < (first.sign === 1 ? place - start : start - place + 1);
  }

  /** In their order, from where the page begins until none is among the first any more. */
  #walk({ begin, next }: Places, held: Held, { by, ranks }: RowOrder, first: FirstPlaces): void {
    const sorted = this.#sorted[by];
    const { sign } = first;
    const start = firstAfter(first, sorted, ranks);
    const from = sign === 1 ? Math.max(begin, start) : Math.min(next - 1, start);
    for (let place = from; place >= begin && place < next; place += sign) {
      const stands = sorted.value(place, ranks) * sign;
      if (stands > first.end) return;
      this.#offerAt(sorted.row(place), stands, held, first);
    }
  }

  #offerRow(row: number, held: Held, { by, ranks }: RowOrder, first: FirstPlaces): void {
    const value = this.#columns[by][row] as number;
    const stands = (ranks === undefined ? value : (ranks[value] as number)) * first.sign;
    if (stands < first.begin || stands > first.end) return;
    this.#offerAt(row, stands, held, first);
  }

  #offerAt(row: number, stands: number, { at, since }: Held, first: FirstPlaces): void {
    const { from, until, seq } = this.#columns;
    const begun = from[row] as number;
    if (begun > at || begun < since || (until[row] as number) <= at) return;
    first.add(stands, seq[row] as number, this.kind, row);
  }
}

/** In a list of sorted rows: the first one, and the one after the last. */
interface Places {
  readonly begin: number;
  readonly next: number;
}

/** A part of the rows for which it is worth to look up how many others there are. */
const clearlyFewer = 8;

/** So few rows are not worth sorting, or counting. */
const fewRows = 16;

/** So many rows, or up to twice as many, are sorted before others have their turn: some milliseconds. */
const mostAtOnce = 10_000;

/** Where a page begins in rows that are sorted upwards, be it that it goes downwards. */
function firstAfter({ sign, begin }: FirstPlaces, sorted: SortedRows, ranks: Int32Array | undefined): number {
  if (begin === -Infinity) return sign === 1 ? 0 : sorted.length - 1;
  return sign === 1 ? sorted.placeFrom(begin, ranks) : sorted.placeAfter(-begin, ranks) - 1;
}
