import type { Path } from "./yaml-source.ts";

/**
 * The ways to texts with half of a surrogate pair. JSON and YAML can write it, and many who read an answer that holds
 * it refuse all of it.
 */
export function halfCharacters(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return value.isWellFormed() ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => halfCharacters(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => halfCharacters(part, [...path, name]));
}
