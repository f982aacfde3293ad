/** Three-valued logic: what holds, what does not, and what depends on something not known. Ordered, so that "and" is the least and "or" the greatest. */
export type Tri = 0 | 1 | 2;

export const no: Tri = 0;
export const maybe: Tri = 1;
export const yes: Tri = 2;

export function not(value: Tri): Tri {
  return (2 - value) as Tri;
}

/** What two possible cases have in common: their value where they agree, else unknown. */
export function either(a: Tri, b: Tri): Tri {
  return a === b ? a : maybe;
}

export function triOf(value: boolean): Tri {
  return value ? yes : no;
}

const words = ["false", "unknown", "true"] as const;

export function triWord(value: Tri): "true" | "false" | "unknown" {
  return words[value];
}
