import { ControlError } from "./control-error.ts";

/** A description of plain JSON that can be checked while the program runs. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | { readonly optional: Shape }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

/** The shape that a type must be described by: a field forgotten in either does not compile. */
export type ShapeOf<T> = undefined extends T
  ? { readonly optional: ShapeOf<Exclude<T, undefined>> }
  : [T] extends [string]
    ? "string"
    : [T] extends [number]
      ? "number"
      : [T] extends [boolean]
        ? "boolean"
        : T extends readonly (infer Item)[]
          ? { readonly list: ShapeOf<Item> }
          : string extends keyof T
            ? { readonly map: ShapeOf<T[string & keyof T]> }
            : { readonly fields: { readonly [K in keyof T]-?: ShapeOf<T[K]> } };

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: no list, no null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks a value against the shape of T.
 * @throws ControlError naming the first place that does not fit, with the names that would.
 */
export function assertShape<T>(value: unknown, shape: ShapeOf<T> & Shape, where: string): asserts value is T {
  checkShape(value, shape, where);
}

function checkShape(value: unknown, shape: Shape, where: string): void {
  if (typeof shape === "string") {
    const fits = typeof value === shape && (shape !== "number" || Number.isFinite(value));
    if (!fits) {
      throw wrongValue(where, `a ${shape}`, value);
    }
  } else if ("optional" in shape) {
    if (value !== undefined) {
      checkShape(value, shape.optional, where);
    }
  } else if ("list" in shape) {
    if (!Array.isArray(value)) {
      throw wrongValue(where, "a list", value);
    }
    for (const [index, item] of value.entries()) {
      checkShape(item, shape.list, `${where}[${index}]`);
    }
  } else if (!isJsonObject(value)) {
    throw wrongValue(where, "an object", value);
  } else if ("map" in shape) {
    for (const [name, item] of Object.entries(value)) {
      checkShape(item, shape.map, `${where}.${name}`);
    }
  } else {
    checkFields(value, shape.fields, where);
  }
}

function checkFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Shape>>,
  where: string,
): void {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) {
      throw new ControlError("unknown-field", `${where}.${name}`, "no such field", Object.keys(fields));
    }
  }
  for (const [name, shape] of Object.entries(fields)) {
    if (value[name] === undefined && !(typeof shape === "object" && "optional" in shape)) {
      throw new ControlError("missing-field", `${where}.${name}`, "this field is needed");
    }
    checkShape(value[name], shape, `${where}.${name}`);
  }
}

function wrongValue(where: string, expected: string, value: unknown): ControlError {
  return new ControlError("wrong-value", where, `expected ${expected}, got ${JSON.stringify(value)}`);
}
