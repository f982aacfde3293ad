import { isJsonObject } from "./shape.ts";

/** A partial T: objects are merged deeply, lists and plain values replaced, and null deletes a field. */
export type Change<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Change<T[K]> | null }
    : T;

/** Applies a JSON merge patch (https://www.rfc-editor.org/rfc/rfc7396) and returns a new value; the inputs stay as they are. */
export function mergePatch(target: unknown, change: unknown): unknown {
  if (!isJsonObject(change)) {
    return structuredClone(change);
  }
  const merged: Record<string, unknown> = isJsonObject(target) ? structuredClone(target) : {};
  for (const [name, value] of Object.entries(change)) {
    if (value === null) {
      delete merged[name];
    } else if (value !== undefined) {
      // defineProperty and not assignment: a field named __proto__ is data like any other.
      Object.defineProperty(merged, name, {
        value: mergePatch(Object.hasOwn(merged, name) ? merged[name] : undefined, value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return merged;
}
