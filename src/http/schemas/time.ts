import { z } from "zod";

const momentForm = "an RFC 3339 time such as 2026-11-22T12:00:00Z";

/** A moment in an answer. */
export const timeSchema = z.string().meta({ format: "date-time", examples: ["2026-11-22T12:00:00.000Z"] });

/** Epoch milliseconds as RFC 3339 in UTC. */
export function time(at: number): string {
  return new Date(at).toISOString();
}

export function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}

/** The same moment in a query. */
export const momentSchema = z.iso
  .datetime({ offset: true, error: ({ input }) => `${momentForm}${hint(input)}` })
  // With its offset it may lie beyond the years that can be written in UTC.
  .refine((text) => isWritable(Date.parse(text)), { error: momentForm })
  .transform((text) => Date.parse(text))
  .meta({ format: "date-time", pattern: undefined });

/** What is no moment at all has been told already. */
function isWritable(at: number): boolean {
  return Number.isNaN(at) || /^\d{4}-/.test(time(at));
}

/** A plus sign in a query means a space. */
function hint(input: unknown): string {
  return typeof input === "string" && / \d\d:\d\d$/.test(input) ? "; write the + of an offset as %2B" : "";
}
