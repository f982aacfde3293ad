/** Columns of numbers that grow. */

export type NumberColumn = Int32Array | Float64Array;

/** The same numbers with another one; where there is no room for it, in a larger column. */
export function withValue<T extends NumberColumn>(column: T, place: number, value: number): T {
  const room = place < column.length ? column : larger(column, place);
  room[place] = value;
  return room;
}

function larger<T extends NumberColumn>(column: T, place: number): T {
  const copy = new (column.constructor as new (length: number) => T)(Math.ceil(place * 1.25) + 16);
  copy.set(column);
  return copy;
}

/** For numbers of the same kind. */
export function emptyLike(column: NumberColumn, length: number): NumberColumn {
  return column instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
}
