/** Pieces of Azure's answers that are read alike everywhere. */
import { z } from "zod";
import type { AzurePermissions } from "../../../model/azure.ts";
import type { Json } from "../../../model/json.ts";
import { expected, perhaps } from "../../field.ts";

export const text = z.string().min(1);

/** One that is left out, null, or empty says nothing. */
export const perhapsText = z
  .string()
  .nullish()
  .transform((one) => (one === undefined || one === "" ? null : one));

/** That there is an object: what it leaves out is only then left out. */
export const anyObject = z.object({}).transform(() => true);

/** Seconds since 1970, as Key Vault tells times, in milliseconds. */
export const seconds = z
  .number()
  .int()
  .transform((one) => one * 1000);

/** RFC 3339, with as many digits of a second as it likes, in epoch milliseconds. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T/, { error: "expected a time" })
  .transform((one) => Date.parse(one))
  .refine((one) => !Number.isNaN(one), { error: "expected a time" });

/** In an order of our own. */
export const texts = z.array(text).transform((list) => list.toSorted());

const noTexts: string[] = [];
/** An empty list may be left out. */
export const perhapsTexts = texts.nullish().transform((list) => list ?? noTexts);

/**
 * Each list is there, if empty: one that is missing is not known, not harmless.
 * https://learn.microsoft.com/en-us/azure/role-based-access-control/role-definitions
 */
export const permissions = z
  .object({ actions: texts, notActions: texts, dataActions: texts, notDataActions: texts })
  .transform(
    (one) =>
      ({
        actions: one.actions,
        not_actions: one.notActions,
        data_actions: one.dataActions,
        not_data_actions: one.notDataActions,
      }) satisfies AzurePermissions,
  );

/** A list of which Azure promises no order, in one of our own: what does not change must not move. */
export function canonical<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: JSON.stringify(item) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

/** The last page has none, or an empty one. */
const link = z.union([z.literal(""), z.url({ protocol: /^https$/ })], { error: "expected a link" });

/** A page of a list. Throws `Refused`: a list with a hole is not known. */
export function page<T extends Json>(answer: unknown, item: z.ZodType<T>) {
  const items = expected(answer, ["value"], z.array(item));
  const next = perhaps(answer, ["nextLink"], link) ?? perhaps(answer, ["@odata.nextLink"], link);
  return { items, next: next || undefined };
}
