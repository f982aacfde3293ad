/** A list in portions, of which the last may be shorter: a statement has places for so many values. */
export function portionsOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, portion) =>
    list.slice(portion * size, (portion + 1) * size),
  );
}
