/**
 * The known name that was probably meant: the one that fewest single typing errors (a letter more, less, other, or two
 * exchanged) lead away from, if they are at most a third of its letters. Undefined where none is near, or several are
 * equally near.
 */
export function nearestName(text: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const errors = typingErrors(plain(text), plain(name));
    if (errors > least || errors > Math.max(1, Math.floor(name.length / 3))) continue;
    nearest = errors === least ? undefined : name;
    least = errors;
  }
  return nearest;
}

/** Capitals and the choice of separator are no typing errors. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

/** The distance known as optimal string alignment. */
function typingErrors(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const exchanged = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          exchanged ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
