/** What one page of findings answers: a query's parameters, or what a cursor holds of those of its first page. */
import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";
import { findingStatuses } from "../model/finding.ts";
import type { FindingCursor, FindingFilters, FindingQuery } from "../model/finding-query.ts";
import { outcomes, severities } from "../model/outcome.ts";
import { providers } from "../model/resource.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { type FindingsQuery, findingOrder, mostFindings } from "./schemas/finding.ts";

const defaultLimit = 100;
const defaultSort = "severity";

export interface FindingQuestion {
  /** Undefined on the first page of a question about the present. */
  readonly as_of: number | undefined;
  readonly filters: FindingFilters;
  readonly sort: z.output<typeof findingOrder>;
  readonly limit: number;
  readonly after: FindingCursor | undefined;
}

/** What can be written as a time in an answer. */
const moment = z.int().min(Date.parse("0000-01-01T00:00:00Z")).max(Date.parse("9999-12-31T23:59:59.999Z"));

/** No more than a query may ask: anybody can write a cursor. */
const cursorSchema = z.strictObject({
  as_of: moment,
  filters: z.strictObject({
    provider: z.array(z.enum(providers)).optional(),
    key: z.array(z.string()).optional(),
    check: z.array(z.string()).optional(),
    severity: z.array(z.enum(severities)).optional(),
    outcome: z.array(z.enum(outcomes)).optional(),
    status: z.array(z.enum(findingStatuses)).optional(),
    guidance: z.array(z.string()).optional(),
    changed_since: moment.optional(),
  }),
  sort: findingOrder,
  limit: z.int().min(1).max(mostFindings),
  after: z.strictObject({ value: z.union([z.string(), z.number()]), id: z.string() }),
});

/** Throws `cursor-invalid` for a cursor that is none, or one of another question than the parameters beside it. */
export function questionOf({ cursor, limit, as_of, sort, format: _, ...filters }: FindingsQuery): FindingQuestion {
  if (cursor === undefined) {
    return {
      as_of,
      filters: given(filters),
      sort: sort ?? defaultSort,
      limit: limit ?? defaultLimit,
      after: undefined,
    };
  }
  const held = decodeCursor("findings", cursor, cursorSchema);
  const heldByName: Readonly<Record<string, unknown>> = { ...held.filters, as_of: held.as_of, sort: held.sort };
  for (const [name, value] of Object.entries(given({ ...filters, as_of, sort }))) {
    if (JSON.stringify(value) === JSON.stringify(heldByName[name])) continue;
    throw new OperatorError("cursor-invalid", `The cursor belongs to a query with another ${name}.`, {
      errors: [{ parameter: name, detail: "expected what the query of the first page had, or nothing" }],
    });
  }
  return { ...held, filters: given(held.filters), limit: limit ?? held.limit };
}

/** The next page: of the same question, at the moment of the first one. */
export function cursorOf({ filters, sort, limit }: FindingQuestion, asOf: number, after: FindingCursor): string {
  return encodeCursor("findings", { as_of: asOf, filters, sort, limit, after });
}

export function storeQuery({ as_of, filters, sort, limit, after }: FindingQuestion): FindingQuery {
  const [, minus, by] = /^(-?)(.*)$/.exec(sort) ?? [];
  return {
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
    ...(as_of === undefined ? {} : { as_of }),
    sort: { by: by as NonNullable<FindingQuery["sort"]>["by"], direction: minus === "-" ? "desc" : "asc" },
    limit,
    ...(after === undefined ? {} : { after }),
  };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what was left out. */
function given<T extends object>(parameters: T): Given<T> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Given<T>;
}
