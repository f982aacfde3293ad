// What a route can answer: its own bodies, and problem documents.
import { z } from "zod";
import { type ErrorCode, errorCodes } from "../../errors/error-codes.ts";
import { type AnswerHeaders, problemHeaders } from "./headers.ts";

export const problemSchema = z
  .object({
    type: z.string().describe("`/problems/<code>`, relative to the service."),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What is particular to this case."),
    code: z.enum(Object.keys(errorCodes) as ErrorCode[]).describe("What is wrong, of a closed list."),
    errors: z
      .array(
        z.union([
          z.object({ pointer: z.string().describe("JSON pointer into the body (RFC 6901)."), detail: z.string() }),
          z.object({ parameter: z.string().describe("Parameter of the query or path."), detail: z.string() }),
          z.object({ path: z.string(), detail: z.string() }),
        ]),
      )
      .optional()
      .describe("The places that are wrong, all of them."),
  })
  .meta({ id: "Problem", description: "A problem document (RFC 9457)." });

export const problemType = "application/problem+json";

/** What every route can be refused with. */
const always = [
  "malformed-request",
  "unknown-parameter",
  "invalid-parameter",
  "foreign-origin",
  "foreign-host",
  "internal-error",
  "not-ready",
] as const satisfies readonly ErrorCode[];

/** What every route can be refused with where tokens are asked for, and often. */
const byTheGate = ["unauthenticated", "forbidden", "too-many-requests"] as const satisfies readonly ErrorCode[];

/** What every route that takes a body can be refused with beside that. */
export const bodyProblems = ["invalid-body", "body-too-large", "unsupported-media-type"] as const;

interface Answer<T extends z.ZodType> {
  readonly description: string;
  readonly headers: AnswerHeaders;
  readonly content: { readonly "application/json": { readonly schema: T } };
}

/** A JSON body. */
export function json<T extends z.ZodType>(description: string, schema: T, headers: AnswerHeaders = {}): Answer<T> {
  return { description, headers, content: { "application/json": { schema } } };
}

/** A status without a body. */
export function empty(description: string, headers: AnswerHeaders = {}) {
  return z.undefined().meta({ description, headers });
}

/**
 * The answers of a route: its own, and a problem document for each status of the codes that it can meet. To the
 * compiler only its own, as no handler sends a problem: it throws an OperatorError.
 */
export function answers<const T extends Readonly<Record<number, unknown>>>(
  own: T,
  codes: readonly ErrorCode[] = [],
): T {
  return openAnswers(own, [...byTheGate, ...codes]);
}

/** The answers of a route that asks nobody for a token, and that is not counted unless the codes say so. */
export function openAnswers<const T extends Readonly<Record<number, unknown>>>(
  own: T,
  codes: readonly ErrorCode[] = [],
): T {
  const problems = [...new Set([...always, ...codes])].map((code) => ({ code, ...errorCodes[code] }));
  const byStatus = Map.groupBy(problems, ({ status }) => status ?? 500);
  const documented = [...byStatus].map(([status, group]) => [
    status,
    {
      description: group.map(({ code, title }) => `\`${code}\`: ${title}.`).join(" "),
      headers: problemHeaders[status] ?? {},
      content: { [problemType]: { schema: problemSchema } },
    },
  ]);
  return { ...own, ...(Object.fromEntries(documented) as object) };
}
