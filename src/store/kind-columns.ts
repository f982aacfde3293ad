/**
 * The outcomes of one kind in columns of numbers: whose they are and when they held; and their rows in several orders, so
 * that the first of an order, or those that began in some time, are found without the others.
 */
import type { FirstPlaces } from "./first-places.ts";
import { anything, type Held, nothing, type OrderName, orderNames, type Span } from "./kind-spans.ts";
import { withValue } from "./number-column.ts";

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
  /** All rows but the newest, by their numbers, in each order. */
  readonly #sorted: Record<OrderName, Int32Array> = {
    seq: new Int32Array(0),
    from: new Int32Array(0),
    id: new Int32Array(0),
    subject: new Int32Array(0),
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
    this.#sorted[by] = this.#merged(sorted, added, by === "subject" ? { by, ranks: ranks() } : { by });
    return this.#sorted[by].length;
  }

  /** Puts the rows of subjects whose ranks have changed among the others where they belong now. */
  moveSubjects(isMoved: Uint8Array, ranks: Int32Array): void {
    const { subject } = this.#columns;
    const sorted = this.#sorted.subject;
    const moved = sorted.filter((row) => isMoved[subject[row] as number] === 1);
    if (moved.length === 0) return;
    const staying = sorted.filter((row) => isMoved[subject[row] as number] !== 1);
    this.#sorted.subject = this.#merged(staying, moved, { by: "subject", ranks });
  }

  #merged(sorted: Int32Array, others: Int32Array, order: RowOrder): Int32Array {
    const value = this.#values(order);
    const { seq } = this.#columns;
    const compare = (a: number, b: number) => value(a) - value(b) || (seq[a] as number) - (seq[b] as number);
    const added = others.toSorted(compare);
    if (sorted.length === 0) return added;
    const merged = new Int32Array(sorted.length + added.length);
    let [from, of] = [0, 0];
    for (let place = 0; place < merged.length; place += 1) {
      const isAdded =
        from === sorted.length || (of < added.length && compare(added[of] as number, sorted[from] as number) < 0);
      if (isAdded) merged[place] = added[of++] as number;
      else merged[place] = sorted[from++] as number;
    }
    return merged;
  }

  get count(): number {
    return this.#count;
  }

  /** Between what the ranks of its subjects lie. */
  rankSpan(ranks: Int32Array): Span {
    if (this.#isToSort("subject")) return anything;
    const sorted = this.#sorted.subject;
    const value = this.#values({ by: "subject", ranks });
    let { least, most } = nothing;
    const widen = (row: number) => {
      least = Math.min(least, value(row));
      most = Math.max(most, value(row));
    };
    for (const end of [sorted[0], sorted.at(-1)]) if (end !== undefined) widen(end);
    for (let row = sorted.length; row < this.#count; row += 1) widen(row);
    return { least, most };
  }

  #isToSort(by: OrderName): boolean {
    const sorted = this.#sorted[by].length;
    return this.#count - sorted > Math.max(fewRows, sorted / 8);
  }

  /** Adds the rows that held, as far as they may be among the first. */
  offer(held: Held, order: RowOrder, first: FirstPlaces): void {
    const offered: Offered = { held, first, value: this.#values(order) };
    let { by } = order;
    const all: Places = { begin: 0, next: this.#sorted[by].length };
    if (by === "from") this.#walk(this.#begun(held), by, offered);
    else if (this.#endsSoon(by, offered)) this.#walk(all, by, offered);
    else {
      const begun = this.#begun(held);
      if (this.#areFewer(begun, by, offered)) {
        by = "from";
        this.#read(begun, offered);
      } else this.#walk(all, by, offered);
    }
    // Those that are not sorted yet.
    for (let row = this.#sorted[by].length; row < this.#count; row += 1) this.#offerRow(row, offered);
  }

  /** Whether so few rows come before the last that is kept that it is not worth to look up how many began in that time. */
  #endsSoon(by: OrderName, { value, first }: Offered): boolean {
    if (first.begin !== -Infinity) return false;
    const sorted = this.#sorted[by];
    const row = sorted[first.sign === 1 ? fewRows : sorted.length - 1 - fewRows];
    return row === undefined || value(row) * first.sign > first.end;
  }

  /** Of the rows in the order of their beginning: those that began in that time. */
  #begun({ at, since }: Held): Places {
    const { from } = this.#columns;
    const rows = this.#sorted.from;
    const [oldest, newest] = [rows[0], rows.at(-1)];
    if (oldest === undefined || newest === undefined) return { begin: 0, next: 0 };
    // Most questions are about the present: nothing is looked up for these.
    const begin = since <= (from[oldest] as number) ? 0 : placeWhere(rows, (row) => (from[row] as number) >= since);
    const next = at >= (from[newest] as number) ? rows.length : placeWhere(rows, (row) => (from[row] as number) > at);
    return { begin, next: Math.max(begin, next) };
  }

  /** Whether fewer rows began in the time that is asked for than come between where the page begins and the last that is kept. */
  #areFewer({ begin, next }: Places, by: OrderName, { value, first }: Offered): boolean {
    const count = next - begin;
    if (count * clearlyFewer > this.#count) return false;
    // Until there are enough: as many come in vain as began at another time.
    if (first.end === Infinity) return count ** 2 < first.limit * this.#count;
    const sorted = this.#sorted[by];
    const end = first.end * first.sign;
    const place = placeWhere(sorted, (row) => value(row) > end);
    const start = firstAfter(first, sorted, value);
    return count < (first.sign === 1 ? place - start : start - place + 1);
  }

  /** In their order, from where the page begins until none is among the first any more. */
  #walk({ begin, next }: Places, by: OrderName, offered: Offered): void {
    const sorted = this.#sorted[by];
    const { value, first } = offered;
    const { sign } = first;
    const start = firstAfter(first, sorted, value);
    const from = sign === 1 ? Math.max(begin, start) : Math.min(next - 1, start);
    for (let place = from; place >= begin && place < next; place += sign) {
      const row = sorted[place] as number;
      if (value(row) * sign > first.end) return;
      this.#offerRow(row, offered);
    }
  }

  #read({ begin, next }: Places, offered: Offered): void {
    const sorted = this.#sorted.from;
    for (let place = begin; place < next; place += 1) this.#offerRow(sorted[place] as number, offered);
  }

  #offerRow(row: number, { held: { at, since }, value, first }: Offered): void {
    const from = this.#columns.from[row] as number;
    if (from > at || from < since || (this.#columns.until[row] as number) <= at) return;
    const stands = value(row) * first.sign;
    if (stands < first.begin || stands > first.end) return;
    first.add(stands, this.#columns.seq[row] as number, this.kind, row);
  }

  /** By what rows are ordered. */
  #values({ by, ranks }: RowOrder): (row: number) => number {
    const { [by]: column } = this.#columns;
    return ranks === undefined ? (row) => column[row] as number : (row) => ranks[column[row] as number] as number;
  }
}

/** What rows are offered for, and by what they are ordered. */
interface Offered {
  readonly held: Held;
  readonly first: FirstPlaces;
  readonly value: (row: number) => number;
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
function firstAfter({ sign, begin }: FirstPlaces, sorted: Int32Array, value: (row: number) => number): number {
  if (begin === -Infinity) return sign === 1 ? 0 : sorted.length - 1;
  if (sign === 1) return placeWhere(sorted, (row) => value(row) >= begin);
  return placeWhere(sorted, (row) => -value(row) < begin) - 1;
}

/** The first place in a list from which on something is so, and before which it is not. */
function placeWhere(rows: Int32Array, isSo: (row: number) => boolean): number {
  let [begin, next] = [0, rows.length];
  while (begin < next) {
    const middle = (begin + next) >> 1;
    if (isSo(rows[middle] as number)) next = middle;
    else begin = middle + 1;
  }
  return begin;
}
