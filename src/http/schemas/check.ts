import { z } from "zod";
import { scanLanes } from "../../model/lane.ts";
import { severities } from "../../model/outcome.ts";
import type { CheckDescription } from "../ports.ts";

export const conflictsSchema = z
  .array(
    z.object({
      framework: z.string(),
      version: z.string(),
      id: z.string(),
      reason: z.string(),
      compensating: z.array(z.string()).describe("Controls that stand in its place."),
    }),
  )
  .describe("Controls of generic benchmarks that ask for the opposite, and why this check does not.");

export const checkBodySchema = z
  .object({
    id: z.string().describe("A public contract: never used for anything else."),
    title: z.string().describe("The good state."),
    resource: z.string().describe("The kind of resource that it judges."),
    severity: z.enum(severities),
    why: z.string(),
    remediation: z.string(),
    references: z.array(z.string()),
    controls: z
      .array(
        z.object({
          framework: z.string(),
          version: z.string(),
          id: z.string(),
          basis: z.enum(["seen", "judgement"]).describe("`seen` in a published mapping, or a `judgement` of ours."),
        }),
      )
      .describe("Controls of published frameworks that it speaks to."),
    conflicts: conflictsSchema,
    reads: z.array(z.string()).describe("Facts without which there is no verdict."),
    pass_needs: z.array(z.string()).describe("Facts that a pass needs and a fail does not."),
    may_read: z.array(z.string()).describe("Facts that may decide, and without which others may."),
    calls: z
      .array(z.object({ call: z.string(), permission: z.string(), lane: z.enum(scanLanes) }))
      .describe("The calls that tell these facts, each with the permission that it needs."),
    links: z.object({ self: z.string(), findings: z.string() }),
  })
  .meta({ id: "Check", description: "One check of the catalogue." });

export const checksSchema = z.object({ checks: z.array(checkBodySchema) }).meta({ id: "Checks" });

/** Of a check that this version does not have, nothing is known to be in conflict. */
export function conflictsBody(
  check: Pick<CheckDescription, "conflicts"> | undefined,
): z.output<typeof conflictsSchema> {
  return (check?.conflicts ?? []).map((conflict) => ({ ...conflict, compensating: [...conflict.compensating] }));
}

export function checkBody(check: CheckDescription): z.output<typeof checkBodySchema> {
  const { id, title, resource, severity, why, remediation, references, controls, reads, passNeeds, mayRead, calls } =
    check;
  return {
    id,
    title,
    resource,
    severity,
    why,
    remediation,
    references: [...references],
    controls: controls.map(({ framework, version, id: control, basis }) => ({
      framework,
      version,
      id: control,
      basis,
    })),
    conflicts: conflictsBody(check),
    reads: [...reads],
    pass_needs: [...passNeeds],
    may_read: [...mayRead],
    calls: calls.map(({ call, permission, lane }) => ({ call, permission, lane })),
    links: { self: `/checks/${id}`, findings: `/findings?check=${encodeURIComponent(id)}` },
  };
}
