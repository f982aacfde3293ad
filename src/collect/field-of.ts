/** Looking into what came from outside before anything is known of it: it never throws. */

/** Undefined where the value is no object or has no such field. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** As `fieldOf`, for a text: empty where there is none. */
export function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : "";
}
