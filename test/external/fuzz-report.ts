// What schemathesis tells of a run, in its report of events.
import { z } from "zod";

/** One request, and what the checks of schemathesis say of its answer. */
export interface FuzzCase {
  /** As the description writes it, e.g. `GET /keys/{name}`; sequences of requests have a name of their own. */
  readonly operation: string;
  readonly request: string;
  readonly status: number;
  /** The code of a problem document. */
  readonly code: string | null;
  /** Where the problem document says that something is wrong. */
  readonly places: readonly string[];
  readonly failed: readonly { readonly check: string; readonly message: string }[];
}

const checkSchema = z.object({
  name: z.string(),
  status: z.string(),
  failure_info: z.object({ failure: z.object({ message: z.string() }) }).optional(),
});

const bytesSchema = z
  .object({ $base64: z.string() })
  .nullish()
  .transform((bytes) => Buffer.from(bytes?.$base64 ?? "", "base64").toString());

const interactionSchema = z.object({
  request: z.object({ method: z.string(), uri: z.string(), body: bytesSchema }),
  response: z.object({ status_code: z.number(), content: bytesSchema }).nullable(),
});

/** The end of a series of requests to one operation; the other events tell nothing of their own. */
const eventSchema = z.object({
  ScenarioFinished: z
    .object({
      recorder: z.object({
        label: z.string(),
        checks: z.record(z.string(), z.array(checkSchema)).default({}),
        interactions: z.record(z.string(), interactionSchema).default({}),
      }),
    })
    .optional(),
});

const problemSchema = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string().optional(), parameter: z.string().optional() })).default([]),
});

/** Reads the lines of a report. Throws for one that this version of schemathesis would not write. */
export function readFuzzReport(lines: string): FuzzCase[] {
  const events = lines.split("\n").filter((line) => line !== "");
  return events.flatMap((line) => {
    const recorder = eventSchema.parse(JSON.parse(line)).ScenarioFinished?.recorder;
    if (recorder === undefined) return [];
    return Object.entries(recorder.interactions).map(([id, interaction]) =>
      caseOf(recorder.label, interaction, recorder.checks[id] ?? []),
    );
  });
}

function caseOf(
  operation: string,
  { request, response }: z.output<typeof interactionSchema>,
  checks: readonly z.output<typeof checkSchema>[],
): FuzzCase {
  const { pathname, search } = new URL(request.uri);
  const problem = problemSchema.safeParse(jsonOf(response?.content ?? ""));
  const failed = checks.filter(({ status }) => status !== "success");
  return {
    operation,
    request: `${request.method} ${pathname}${search} ${request.body}`.trim(),
    status: response?.status_code ?? 0,
    code: problem.success ? problem.data.code : null,
    places: problem.success ? problem.data.errors.map(({ pointer, parameter }) => pointer ?? parameter ?? "") : [],
    failed: failed.map(({ name, failure_info }) => ({ check: name, message: failure_info?.failure.message ?? "" })),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Metrics and empty bodies.
    return null;
  }
}
