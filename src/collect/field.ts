import type { z } from "zod";
import type { Fact } from "../model/fact.ts";
import { known, unreadable } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import { fieldOf } from "./field-of.ts";
import { Refused } from "./refusal.ts";

/**
 * One fact out of an answer. A field that is not there is `not-reported`, one of a wrong type `malformed`; neither
 * touches the other facts of the same answer.
 */
export function field<T extends Json>(answer: unknown, path: readonly string[], schema: z.ZodType<T>): Fact<T> {
  const name = path.join(".");
  const value = path.reduce<unknown>(fieldOf, answer);
  if (value === undefined) return unreadable("not-reported", `the answer has no ${name}`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return known(parsed.data);
  const [issue] = parsed.error.issues;
  const where = [name, ...(issue?.path ?? [])].join(".");
  return unreadable("malformed", `${where}: ${issue?.message ?? "not as documented"}`);
}

/** As `field`, for one that the provider leaves out where it has nothing to say: absence is the value null. */
export function optionalField<T extends Json>(
  answer: unknown,
  path: readonly string[],
  schema: z.ZodType<T>,
): Fact<T | null> {
  const value = path.reduce<unknown>(fieldOf, answer);
  return value === undefined || value === null ? known(null) : field(answer, path, schema);
}

/** The whole answer as one fact. */
export function whole<T extends Json>(answer: unknown, schema: z.ZodType<T>): Fact<T> {
  if (typeof answer !== "object" || answer === null) {
    throw new Refused({ reason: "malformed", detail: "the answer is no object", again: "no" });
  }
  return field({ answer }, ["answer"], schema);
}

/** A part without which the rest of the answer tells nothing. Throws `Refused`: `not-reported`, or `malformed`. */
export function expected<T extends Json>(answer: unknown, path: readonly string[], schema: z.ZodType<T>): T {
  return valueOf(field(answer, path, schema));
}

/** As `expected`, for one that the provider leaves out where it has nothing to say. */
export function perhaps<T extends Json>(answer: unknown, path: readonly string[], schema: z.ZodType<T>): T | null {
  return valueOf(optionalField(answer, path, schema));
}

function valueOf<T>(fact: Fact<T>): T {
  if (fact.state === "known") return fact.value;
  throw new Refused({ reason: fact.reason, detail: fact.detail, again: "no" });
}
