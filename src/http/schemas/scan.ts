import { z } from "zod";
import { unreadableReasons } from "../../model/fact.ts";
import { scanLanes } from "../../model/lane.ts";
import { providers } from "../../model/resource.ts";
import type { Scan } from "../../model/scan.ts";
import type { RequestedScan } from "../ports.ts";
import { limitQuery, query } from "./query.ts";
import { time, timeOrNull, timeSchema } from "./time.ts";

export const scansQuery = query({
  provider: z.enum(providers, { error: `one of ${providers.join(", ")}` }).optional(),
  scope: z.string().optional().describe("Only scans of this scope, e.g. `111122223333/us-east-2`."),
  limit: limitQuery(100, 1000),
  cursor: z.string().optional().describe("`next_cursor` of the page before, with the same filters."),
});

export const scanRequestSchema = z
  .strictObject({
    keys: z
      .array(z.string({ error: "the name of a key" }))
      .min(1, { error: "at least one name; leave it out for all keys" })
      .max(1000, { error: "at most 1000 names; leave it out for all keys" })
      .optional()
      .describe("Names of keys. Default: all of them."),
    lane: z
      .enum(scanLanes, { error: `one of ${scanLanes.join(", ")}` })
      .default("full")
      .describe("A full scan also reads what the fast lane reads."),
  })
  .meta({ id: "ScanRequest" });

export const scanBodySchema = z
  .object({
    id: z.string(),
    provider: z.enum(providers),
    scope: z.string(),
    lane: z.enum(scanLanes),
    state: z.enum(["queued", "running", "done", "interrupted"]).describe("`queued`: it is about to begin."),
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    keys: z.int(),
    failed_keys: z.int().describe("Keys whose scan broke on a fault of the service: nothing of theirs was changed."),
    changes: z.int().describe("Outcomes that became different ones."),
    refused: z
      .array(
        z.object({
          call: z.string(),
          permission: z
            .string()
            .nullable()
            .describe(
              "The permission that the call needs; null where no permission helps, as for missing credentials.",
            ),
          reason: z.enum(unreadableReasons),
          detail: z.string(),
          subjects: z.int().describe("For how many keys and scopes."),
        }),
      )
      .describe("Calls that were refused."),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: "Scan", description: "One run of a lane over keys of one scope." });
type ScanBody = z.output<typeof scanBodySchema>;

export const scansSchema = z
  .object({
    scans: z.array(scanBodySchema).describe("Newest first."),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: "Scans" });

export const requestedScansSchema = z
  .object({
    scans: z
      .array(
        z.object({
          id: z.string(),
          scope: z.string(),
          lane: z.enum(scanLanes),
          keys: z.array(z.string()),
          links: z.object({ self: z.string() }),
        }),
      )
      .describe("One for each scope of the keys."),
  })
  .meta({ id: "RequestedScans" });

export function scanBody(scan: Scan): ScanBody {
  return {
    ...scan,
    started_at: time(scan.started_at),
    finished_at: timeOrNull(scan.finished_at),
    refused: scan.refused.map((refused) => ({ ...refused })),
    links: linksOf(scan),
  };
}

export function queuedScanBody({ id, provider, scope, lane, keys }: RequestedScan): ScanBody {
  const nothingYet = { started_at: null, finished_at: null, failed_keys: 0, changes: 0, refused: [] };
  return { id, provider, scope, lane, state: "queued", keys: keys.length, ...nothingYet, links: linksOf({ id }) };
}

export function requestedScanBody({ id, scope, lane, keys }: RequestedScan) {
  return { id, scope, lane, keys: [...keys], links: linksOf({ id }) };
}

function linksOf({ id }: { readonly id: string }) {
  return { self: `/scans/${id}` };
}
