// The parts that queries are made of.
import { z } from "zod";
import { momentSchema } from "./time.ts";

/** For routes that take no parameters: even so, an unknown one is refused and not ignored. */
export const noQuery = z.strictObject({});

export const asOfQuery = momentSchema
  .optional()
  .describe("Answer with what was concluded by this moment. Left out: now. In the future: refused.");

export function limitQuery(standard: number, most: number) {
  const error = `a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(1, { error }).max(most, { error }))
    .optional()
    .meta({
      type: "integer",
      minimum: 1,
      maximum: most,
      pattern: undefined,
      description: `How many at most; ${standard} where it is left out.`,
    });
}

/** The parameters of a route: none but these, lists written as `a,b`. */
export function query<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape).meta({ style: "form", explode: false });
}

/** One or several of a closed list, separated by commas; any one of them will do. */
export function listOf<const T extends readonly [string, ...string[]]>(values: T) {
  return split(z.enum(values, { error: `one of ${values.join(", ")}` })).meta({
    type: "array",
    minItems: 1,
    items: { type: "string", enum: [...values] },
  });
}

/** One or several texts of a form, separated by commas. */
export function listOfTexts(pattern: RegExp, form: string) {
  return split(z.string().regex(pattern, { error: form })).meta({
    type: "array",
    minItems: 1,
    items: { type: "string", pattern: pattern.source },
  });
}

/** In a fixed order and without repetition, so that equal questions are the same question. */
function split<T extends z.ZodType<string, string>>(item: T) {
  return z
    .string()
    .transform((text) => [...new Set(text.split(","))].toSorted())
    .pipe(z.array(item));
}

/** A name from a path. What cannot be a name is not found like any other that does not exist. */
export function pathName(description: string) {
  return z.string().meta({ description, minLength: 1 });
}
