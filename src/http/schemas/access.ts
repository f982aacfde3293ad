import { z } from "zod";
import { unreadableReasons } from "../../model/fact.ts";
import { accessClasses, accessSourceKinds, type KeyAccessAt } from "../../model/key-access.ts";
import { asOfQuery, query } from "./query.ts";
import { time, timeSchema } from "./time.ts";

export const accessQuery = query({ as_of: asOfQuery });

const accessRowSchema = z
  .object({
    principal: z.string().describe("As the policy or the grant writes it; `*` is everybody."),
    class: z.enum(accessClasses).describe("Whose the principal is."),
    callers: z.array(z.string()).describe("As whom of that principal the question was put."),
    encryption_contexts: z
      .array(z.record(z.string(), z.string()))
      .nullable()
      .describe("The encryption contexts for which this holds, `{}` being none; null: whatever the caller sends."),
    operations: z.array(z.string()),
    decision: z.enum(["allowed", "conditional"]).describe("`conditional`: it hangs on what `on` names."),
    source: z.object({
      kind: z.enum(accessSourceKinds),
      name: z.string().describe("The statement, or the id of the grant."),
    }),
    conditions: z.array(z.string()).describe("What the source asks for, in words; all of it must hold."),
    on: z.array(z.string()).describe("Names of what is not known and would decide."),
  })
  .meta({ id: "AccessRow", description: "What one source lets one principal do. What is refused has no row." });

const unreadableSourceSchema = z
  .object({
    fact: z.string(),
    reason: z.enum(unreadableReasons),
    detail: z.string(),
    call: z.string().nullable().describe("The call that would have told."),
    permission: z.string().nullable().describe("The permission that this call needs, where it was refused."),
  })
  .meta({ id: "UnreadableSource" });

export const accessSchema = z
  .object({
    key: z.string(),
    resource: z.string(),
    as_of: timeSchema,
    access: z.array(accessRowSchema),
    unreadable: z
      .array(unreadableSourceSchema)
      .describe("Facts that the answer should rest on. While there is one, a missing row proves nothing."),
  })
  .meta({ id: "KeyAccess", description: "Who can do what with a key at one moment." });

export function accessBody(
  key: string,
  { resource, at, rows, unreadable }: KeyAccessAt,
): z.output<typeof accessSchema> {
  const access = rows.map((row) => ({
    ...row,
    callers: [...row.callers],
    encryption_contexts: row.encryption_contexts?.map((context) => ({ ...context })) ?? null,
    operations: [...row.operations],
    conditions: [...row.conditions],
    on: [...row.on],
  }));
  return { key, resource, as_of: time(at), access, unreadable: unreadable.map((one) => ({ ...one })) };
}
