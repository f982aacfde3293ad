import { z } from "zod";
import { unreadableReasons } from "../../model/fact.ts";
import { findingStatuses } from "../../model/finding.ts";
import { scanLanes } from "../../model/lane.ts";
import { outcomes, severities } from "../../model/outcome.ts";
import { providers } from "../../model/resource.ts";
import { scoreShape } from "./score.ts";
import { timeSchema } from "./time.ts";

function counts<const T extends readonly [string, ...string[]]>(names: T) {
  return z.record(z.enum(names), z.int());
}

const missingSchema = z
  .object({
    call: z.string().nullable().describe("Null where no call would have told: what is open is context."),
    permission: z.string().nullable().describe("The permission that the call needs."),
    reason: z.enum(unreadableReasons),
    scope: z.string(),
    facts: z.array(z.string()),
    checks: z.array(z.string()).describe("The checks that say `unknown` because of it."),
    keys: z.int().describe("For how many keys."),
  })
  .meta({ id: "Missing", description: "Something whose lack keeps checks from an outcome." });

export const summarySchema = z
  .object({
    as_of: timeSchema,
    keys: z.object({
      watched: z.int(),
      blind: z.array(z.string()).describe("Keys about which no check could decide anything."),
    }),
    ...scoreShape,
    findings: z.object({
      by_status: counts(findingStatuses),
      by_outcome: counts(outcomes).describe("Of keys that are watched."),
      open_by_severity: counts(severities),
    }),
    unknown: z.array(missingSchema).describe("What is missing, that which concerns most keys first."),
    switched_off: z.array(z.object({ read: z.string(), description: z.string() })),
    last_scans: z
      .array(
        z.object({
          provider: z.enum(providers),
          scope: z.string(),
          lane: z.enum(scanLanes),
          finished_at: timeSchema,
        }),
      )
      .describe("The newest finished scan of each lane over each scope."),
  })
  .meta({ id: "Summary" });
