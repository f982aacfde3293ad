import { z } from "zod";
import { unreadableReasons } from "../../model/fact.ts";
import type { Snapshot, SnapshotFact } from "../../model/snapshot.ts";
import { asOfQuery, query } from "./query.ts";
import { sightSchema } from "./sight.ts";
import { time, timeOrNull, timeSchema } from "./time.ts";

export const snapshotQuery = query({ as_of: asOfQuery });

const factSchema = z
  .discriminatedUnion("state", [
    z.object({ state: z.literal("known"), value: z.unknown() }),
    z.object({
      state: z.literal("unreadable"),
      reason: z.enum(unreadableReasons),
      detail: z.string(),
      call: z.string().optional().describe("The call that would have told."),
      permission: z.string().optional().describe("The permission that this call needs."),
    }),
  ])
  .meta({ id: "Fact", description: "One thing that was to be learned: known, or unreadable with a reason." });

const snapshotFactSchema = z
  .object({
    fact: factSchema.describe("As a check may use it: what is too old or was never read is unreadable."),
    sight: sightSchema,
    subject: z.string().describe("The key's own, or its scope's."),
    call: z.string().nullable().describe("The call that tells it; null for what is registered."),
    observed_at: timeSchema.nullable().describe("Time of the last good read."),
    last_known: z
      .object({ value: z.unknown(), since: timeSchema })
      .nullable()
      .describe("The last value that was read, whatever the sight is now."),
  })
  .meta({ id: "SnapshotFact" });

export const snapshotSchema = z
  .object({
    key: z.string(),
    resource: z.string(),
    as_of: timeSchema,
    facts: z.record(z.string(), snapshotFactSchema),
  })
  .meta({ id: "Snapshot", description: "All facts of a key and of its scope at one moment." });

export function snapshotBody({ key, resource, facts }: Snapshot, asOf: number): z.output<typeof snapshotSchema> {
  const bodies = Object.entries(facts).map(([name, fact]) => [name, factBody(fact)] as const);
  return { key, resource, as_of: time(asOf), facts: Object.fromEntries(bodies) };
}

function factBody({ fact, sight, subject, call, observed_at, last_known }: SnapshotFact) {
  return {
    fact: { ...fact },
    sight,
    subject,
    call,
    observed_at: timeOrNull(observed_at),
    last_known: last_known === null ? null : { value: last_known.value, since: time(last_known.since) },
  };
}
