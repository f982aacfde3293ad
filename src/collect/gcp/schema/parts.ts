/** Pieces of Google Cloud's answers that are read alike in every service, over gRPC and REST. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import { unreadable } from "../../../model/fact.ts";
import type { GcpExpression } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import { expected, field, perhaps } from "../../field.ts";

export const text = z.string().min(1);

const specified = { error: "expected a specified value" };

/** A word of an enum. */
export const restWord = text.refine((one) => !isUnspecified(one), specified);

/** As `restWord`, over gRPC: one that the client does not know yet arrives as its number, and stays one. */
export const word = z.union([text, z.number().int().transform(String)]).refine((one) => !isUnspecified(one), specified);

/** The client gives 64-bit numbers as text. */
const int64 = z.union([z.string().regex(/^-?\d+$/), z.number().int()]).transform(Number);

/** A moment in epoch milliseconds, or a duration in milliseconds: both have the same shape over gRPC. */
export const milliseconds = z
  .object({ seconds: int64, nanos: z.number().int().nullish() })
  .transform(({ seconds, nanos }) => seconds * 1000 + Math.floor((nanos ?? 0) / 1_000_000));

export const texts = z.array(text).transform((list) => canonical(list));

/** https://cloud.google.com/iam/docs/reference/rest/Shared.Types/Expr */
export const expression = z
  .object({ title: z.string().nullish(), expression: text })
  .transform((one) => ({ title: blankToNull(one.title), expression: one.expression }) satisfies GcpExpression);

/** A list of which Google promises no order, in one of our own: what does not change must not move. */
export function canonical<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: JSON.stringify(item) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

export function blankToNull(value: string | null | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}

/**
 * As `field`, for a value that an answer always has. Over gRPC a field that was not sent arrives as its default (null,
 * empty text, an unspecified enum), which is no value here.
 */
export function reported<T extends Json>(answer: unknown, name: string, schema: z.ZodType<T>): Fact<T> {
  const value: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, name) : undefined;
  const told = value !== null && value !== "" && !(typeof value === "string" && isUnspecified(value));
  return told ? field(answer, [name], schema) : unreadable("not-reported", `the answer has no ${name}`);
}

/** What asks for the page after this one; the last page has none, or an empty one. */
export function nextPage(answer: unknown): string | undefined {
  return perhaps(answer, ["nextPageToken"], z.string()) || undefined;
}

/** A page of a list over gRPC, where the list is always there. Throws `Refused`: a list with a hole is not known. */
export function page<T extends Json>(answer: unknown, name: string, item: z.ZodType<T>) {
  return { items: expected(answer, [name], z.array(item)), next: nextPage(answer) };
}

/** As `page`, over REST, where an empty list is left out. */
export function restPage<T extends Json>(answer: unknown, name: string, item: z.ZodType<T>) {
  const { items } = expected(
    { answer },
    ["answer"],
    z.object({ [name]: z.array(item).default([]) }).transform((told) => ({ items: told[name] ?? [] })),
  );
  return { items, next: nextPage(answer) };
}

function isUnspecified(enumValue: string): boolean {
  return enumValue.endsWith("_UNSPECIFIED");
}
