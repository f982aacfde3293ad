/** The first of very many rows in an order, without sorting them all: most come after all that are kept. */

/** Where a row stands in an order: by its value and, among equal ones, by the number of its finding. */
export interface Standing {
  readonly value: number;
  readonly seq: number;
}

/** A row of the columns of a kind. */
export interface FoundRow {
  readonly kind: number;
  readonly row: number;
}

export class FirstPlaces {
  /** 1 where less comes first, -1 where more does: what is compared here is multiplied by it. */
  readonly sign: 1 | -1;
  /** Nothing is asked for whose value comes before this. */
  readonly begin: number;
  readonly #beginSeq: number;
  readonly limit: number;
  readonly #values: Float64Array;
  readonly #seqs: Float64Array;
  readonly #kinds: Int32Array;
  readonly #rows: Int32Array;
  #count = 0;
  #end = Infinity;
  #endSeq = Infinity;

  /** `after`: nothing up to this place is asked for. */
  constructor(limit: number, direction: "asc" | "desc", after: Standing | undefined) {
    this.limit = limit;
    this.sign = direction === "asc" ? 1 : -1;
    this.begin = after === undefined ? -Infinity : after.value * this.sign;
    this.#beginSeq = after === undefined ? -Infinity : after.seq * this.sign;
    // Where there is no more room, those that come last are dropped.
    const room = 2 * limit + 32;
    this.#values = new Float64Array(room);
    this.#seqs = new Float64Array(room);
    this.#kinds = new Int32Array(room);
    this.#rows = new Int32Array(room);
  }

  /** Nothing whose value comes after this is one of the first any more. */
  get end(): number {
    return this.#end;
  }

  /** Takes a row whose value lies between begin and end, unless its place does not. */
  add(value: number, seq: number, kind: number, row: number): void {
    const place = seq * this.sign;
    if (value === this.begin && place <= this.#beginSeq) return;
    if (value === this.#end && place > this.#endSeq) return;
    this.#values[this.#count] = value;
    this.#seqs[this.#count] = place;
    this.#kinds[this.#count] = kind;
    this.#rows[this.#count] = row;
    this.#count += 1;
    if (this.#count === this.#values.length) this.#dropLast();
  }

  /** In their order. */
  found(): readonly FoundRow[] {
    return this.#first().map((at) => ({ kind: this.#kinds[at] as number, row: this.#rows[at] as number }));
  }

  #dropLast(): void {
    const first = this.#first();
    for (const column of [this.#values, this.#seqs, this.#kinds, this.#rows]) {
      column.set(first.map((at) => column[at] as number));
    }
    this.#count = first.length;
    this.#end = this.#values[this.#count - 1] as number;
    this.#endSeq = this.#seqs[this.#count - 1] as number;
  }

  #first(): readonly number[] {
    const [values, seqs] = [this.#values, this.#seqs];
    return Array.from({ length: this.#count }, (_, at) => at)
      .toSorted((a, b) => (values[a] as number) - (values[b] as number) || (seqs[a] as number) - (seqs[b] as number))
      .slice(0, this.limit);
  }
}
