/** Pieces of AWS's answers that are read alike in every service. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import { field, optionalField } from "../../field.ts";
import { Refused } from "../../refusal.ts";

export const text = z.string().min(1);
export const time = z.date().transform((date) => date.getTime());

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
