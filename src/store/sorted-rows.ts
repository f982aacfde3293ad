/**
 * Rows in an order, by their numbers, and beside them what they are ordered by: a place among them is looked up without
 * going to the rows, which lie all over the memory.
 */
import { emptyLike, type NumberColumn } from "./number-column.ts";

/** What rows are ordered by; where there are ranks, by those of what stands in the column. */
export interface Ordering {
  readonly column: NumberColumn;
  readonly ranks?: Int32Array | undefined;
  /** Rows that are equal otherwise go by this. */
  readonly seq: Int32Array;
}

export class SortedRows {
  readonly #rows: Int32Array;
  /** What stands in the column, in the order of the rows. */
  readonly #values: NumberColumn;

  private constructor(rows: Int32Array, values: NumberColumn) {
    this.#rows = rows;
    this.#values = values;
  }

  static none(column: NumberColumn): SortedRows {
    return new SortedRows(new Int32Array(0), emptyLike(column, 0));
  }

  get length(): number {
    return this.#rows.length;
  }

  /** At a place that there is. */
  row(place: number): number {
    return this.#rows[place] as number;
  }

  /** By what the row at that place is ordered. */
  value(place: number, ranks?: Int32Array): number {
    const value = this.#values[place] as number;
    return ranks === undefined ? value : (ranks[value] as number);
  }

  /** What stands in another column, in the order of the rows. */
  inOrder(column: NumberColumn): NumberColumn {
    const values = emptyLike(column, this.length);
    for (let place = 0; place < values.length; place += 1) values[place] = column[this.row(place)] as number;
    return values;
  }

  /** The first place whose value is not less. By the ranks that they are sorted by. */
  placeFrom(value: number, ranks?: Int32Array): number {
    // Most questions go as far as there is anything: nothing is looked up for these.
    if (this.length === 0 || this.value(0, ranks) >= value) return 0;
    return this.#lookUp(value, ranks, true);
  }

  /** The first place whose value is more. By the ranks that they are sorted by. */
  placeAfter(value: number, ranks?: Int32Array): number {
    if (this.length === 0 || this.value(this.length - 1, ranks) <= value) return this.length;
    return this.#lookUp(value, ranks, false);
  }

  #lookUp(value: number, ranks: Int32Array | undefined, isEqualEnough: boolean): number {
    let [begin, next] = [0, this.length];
    while (begin < next) {
      const middle = (begin + next) >> 1;
      const there = this.value(middle, ranks);
      if (there > value || (isEqualEnough && there === value)) next = middle;
      else begin = middle + 1;
    }
    return begin;
  }

  /** The numbers of the rows in whose column something stands of which that is so. */
  rowsWhere(isSo: (value: number) => boolean): Int32Array {
    return this.#rows.filter((_, place) => isSo(this.#values[place] as number));
  }

  /** Those rows alone. */
  where(isSo: (value: number) => boolean): SortedRows {
    return new SortedRows(this.rowsWhere(isSo), this.#values.filter(isSo));
  }

  /** With other rows, in whatever order these come. Those that are there have to be sorted by the same ordering. */
  with(rows: Int32Array, ordering: Ordering): SortedRows {
    const { column, ranks, seq } = ordering;
    const valueOf = (row: number) => (ranks === undefined ? column[row] : ranks[column[row] as number]) as number;
    const before = (a: number, b: number) => (seq[a] as number) - (seq[b] as number);
    const added = rows.toSorted((a, b) => valueOf(a) - valueOf(b) || before(a, b));
    const merged = new Int32Array(this.length + added.length);
    const values = emptyLike(column, merged.length);
    let [from, of] = [0, 0];
    for (let place = 0; place < merged.length; place += 1) {
      const row = added[of] as number;
      const isAdded =
        from === this.length ||
        (of < added.length && (valueOf(row) - this.value(from, ranks) || before(row, this.row(from))) < 0);
      merged[place] = isAdded ? row : this.row(from);
      values[place] = (isAdded ? column[row] : this.#values[from]) as number;
      if (isAdded) of += 1;
      else from += 1;
    }
    return new SortedRows(merged, values);
  }
}
