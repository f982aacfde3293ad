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

const written = z.iso.datetime({ offset: true });

/** The same moment in a query. T and Z may be small letters: https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export const momentSchema = z
  .string({ error: momentForm })
  .refine((text) => written.safeParse(text.toUpperCase()).success && isWritable(momentOf(text)), {
    error: ({ input }) => `${momentForm}${hint(input)}`,
  })
  .transform(momentOf)
  .meta({ format: "date-time" });

function momentOf(text: string): number {
  return Date.parse(text.toUpperCase());
}

/** With its offset a moment may lie beyond the years that can be written in UTC. */
function isWritable(at: number): boolean {
  return /^\d{4}-/.test(time(at));
}

/** A plus sign in a query means a space. */
function hint(input: unknown): string {
  return typeof input === "string" && / \d\d:\d\d$/.test(input) ? "; write the + of an offset as %2B" : "";
}
