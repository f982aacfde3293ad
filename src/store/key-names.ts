/** The names of keys, which change, by numbers of what they name, which do not; and their alphabetical order. */
export class KeyNames {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  #sorted: readonly string[] | undefined;
  #ranks = new Int32Array(0);

  /** The number of a subject, from 0 on, which has that name from now on; and whether it had another one. */
  call(subject_id: string, name: string): { readonly number: number; readonly isRenamed: boolean } {
    const known = this.#numbers.get(subject_id);
    const number = known ?? this.#names.length;
    if (this.#names[number] === name) return { number, isRenamed: false };
    this.#numbers.set(subject_id, number);
    this.#names[number] = name;
    this.#sorted = undefined;
    return { number, isRenamed: known !== undefined };
  }

  /** By the number of each subject, the place of its name among all. */
  ranks(): Int32Array {
    this.#sort();
    return this.#ranks;
  }

  /** The place of a name; between two others where nothing is called so. */
  rankOf(name: string): number {
    return placeIn(this.#sort(), name);
  }

  #sort(): readonly string[] {
    if (this.#sorted === undefined) {
      // In the order of their letters, which are ASCII's, as the database has it.
      const sorted = [...new Set(this.#names)].toSorted();
      const ranks = new Map(sorted.map((name, rank) => [name, rank]));
      this.#ranks = Int32Array.from(this.#names, (name) => ranks.get(name) as number);
      this.#sorted = sorted;
    }
    return this.#sorted;
  }
}

/** The place of a text in a sorted list; between two others where it is not there. */
export function placeIn(sorted: readonly string[], text: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as string) < text) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === text ? from : from - 0.5;
}
