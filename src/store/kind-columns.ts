/**
 * The outcomes of one kind in columns of numbers: whose they are and when they held; and their rows in several orders, so
 * that the first of an order, or those that began in some time, are found without the others.
 */
import type { FirstPlaces } from "./first-places.ts";
import { anything, type Held, nothing, type OrderName, orderNames, type Span } from "./kind-spans.ts";
import { type NumberColumn, withValue } from "./number-column.ts";
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

type OtherOrderName = Exclude<OrderName, "from">;

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
  /** What stands in the other columns, in the order of time: what began in some time lies side by side. */
  readonly #byTime: Record<OtherOrderName, NumberColumn> = {
    seq: this.#columns.seq,
    id: this.#columns.id,
    subject: this.#columns.subject,
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
    // Before the sorted rows are looked at: asking for ranks moves those of subjects that were renamed.
    const ordering = this.#ordering(by === "subject" ? { by, ranks: ranks() } : { by });
    const sorted = this.#sorted[by];
    const left = this.#count - sorted.length;
    const added = new Int32Array(left > 2 * mostAtOnce ? mostAtOnce : left);
    for (let place = 0; place < added.length; place += 1) added[place] = sorted.length + place;
    this.#sorted[by] = sorted.with(added, ordering);
    if (by === "from") this.#lineUpByTime();
    return this.#sorted[by].length;
  }

  #lineUpByTime(): void {
    for (const by of ["seq", "id", "subject"] as const) {
      this.#byTime[by] = this.#sorted.from.inOrder(this.#columns[by]);
    }
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
    if (by === "from") this.#walkTime(held, first);
    else {
      const start = firstAfter(first, this.#sorted[by], order.ranks);
      const begun = this.#endsSoon(start, order, first) ? undefined : this.#fewerBegun(start, held, order, first);
      if (begun === undefined) this.#walk(start, held, order, first);
      else {
        this.#offerAllBegun(begun, held.at, { ...order, by }, first);
        by = "from";
      }
    }
    // Those that are not sorted yet.
    for (let row = this.#sorted[by].length; row < this.#count; row += 1) this.#offerRow(row, held, order, first);
  }

  /** Those that began in the time that is asked for. */
  #offerAllBegun(
    { begin, next }: Places,
    at: number,
    { by, ranks }: RowOrder & { readonly by: OtherOrderName },
    first: FirstPlaces,
  ): void {
    const values = this.#byTime[by];
    for (let place = begin; place < next; place += 1) {
      const value = values[place] as number;
      const stands = (ranks === undefined ? value : (ranks[value] as number)) * first.sign;
      if (stands >= first.begin && stands <= first.end) {
        this.#offerHeld(this.#sorted.from.row(place), stands, at, first);
      }
    }
  }

  /** Whether so few rows come before the last that is kept that it is not worth to look up how many began in that time. */
  #endsSoon(start: number, { by, ranks }: RowOrder, first: FirstPlaces): boolean {
    const sorted = this.#sorted[by];
    const place = start + first.sign * fewRows;
    return place < 0 || place >= sorted.length || sorted.value(place, ranks) * first.sign > first.end;
  }

  /** The rows that began in the time that is asked for, where they are fewer than come from the start to the last that is kept. */
  #fewerBegun(start: number, { at, since }: Held, { by, ranks }: RowOrder, first: FirstPlaces): Places | undefined {
    const sortedByTime = this.#sorted.from;
    const begin = sortedByTime.placeFrom(since);
    const next = sortedByTime.placeAfter(at);
    const count = Math.max(next - begin, 0);
    if (count * clearlyFewer > this.#count) return undefined;
    if (first.end === Infinity) {
      // Until there are enough: as many come in vain as began at another time.
      return count ** 2 < first.limit * this.#count ? { begin, next } : undefined;
    }
    const end = this.#sorted[by].placeAfter(first.end * first.sign, ranks);
    return count < (first.sign === 1 ? end - start : start - end + 1) ? { begin, next } : undefined;
  }

  /** In their order, from where the page begins until none is among the first any more. */
  #walk(start: number, held: Held, { by, ranks }: RowOrder, first: FirstPlaces): void {
    const sorted = this.#sorted[by];
    const { sign } = first;
    for (let place = start; place >= 0 && place < sorted.length; place += sign) {
      const stands = sorted.value(place, ranks) * sign;
      if (stands > first.end) return;
      this.#offerBegun(sorted.row(place), stands, held, first);
    }
  }

  /** The same for a page in the order of time, which begins and ends within the time that is asked for. */
  #walkTime({ at, since }: Held, first: FirstPlaces): void {
    const sorted = this.#sorted.from;
    const { sign, begin } = first;
    const [earliest, latest] = sign === 1 ? [Math.max(since, begin), at] : [since, Math.min(at, -begin)];
    const start = sign === 1 ? sorted.placeFrom(earliest) : sorted.placeAfter(latest) - 1;
    for (let place = start; place >= 0 && place < sorted.length; place += sign) {
      const from = sorted.value(place);
      if (from < earliest || from > latest || from * sign > first.end) return;
      this.#offerHeld(sorted.row(place), from * sign, at, first);
    }
  }

  #offerRow(row: number, held: Held, { by, ranks }: RowOrder, first: FirstPlaces): void {
    const value = this.#columns[by][row] as number;
    const stands = (ranks === undefined ? value : (ranks[value] as number)) * first.sign;
    if (stands < first.begin || stands > first.end) return;
    this.#offerBegun(row, stands, held, first);
  }

  #offerBegun(row: number, stands: number, { at, since }: Held, first: FirstPlaces): void {
    const from = this.#columns.from[row] as number;
    if (from <= at && from >= since) this.#offerHeld(row, stands, at, first);
  }

  #offerHeld(row: number, stands: number, at: number, first: FirstPlaces): void {
    const { until, seq } = this.#columns;
    if ((until[row] as number) > at) first.add(stands, seq[row] as number, this.kind, row);
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
