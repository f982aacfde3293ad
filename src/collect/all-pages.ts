import { Refused } from "./refusal.ts";

/** A part of a list, and what asks for the part after it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined where the list ends here. */
  readonly next: string | undefined;
}

/** A whole list, each page a request of its own. Throws `Refused` where one is refused: half a list is not known. */
export async function allPages<T>(read: (marker: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  const markers = new Set<string>();
  for (let marker: string | undefined; ; ) {
    const page = await read(marker);
    items.push(...page.items);
    if (page.next === undefined) return items;
    if (markers.has(page.next)) {
      throw new Refused({ reason: "malformed", detail: "the pages of the list go in a circle", again: "no" });
    }
    markers.add(page.next);
    marker = page.next;
  }
}
