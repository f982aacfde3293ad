/** What is used of an effective organization policy, and nothing else. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { GcpEffectivePolicy, GcpPolicyRule } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import { whole } from "../../field.ts";
import { canonical, expression, texts } from "./parts.ts";

/** A parameter of a managed constraint is a list, or one value: https://cloud.google.com/resource-manager/docs/organization-policy/managed-constraints */
const parameter = z
  .union([z.array(z.union([z.string(), z.number(), z.boolean()])), z.string(), z.number(), z.boolean()])
  .transform((value) => canonical((Array.isArray(value) ? value : [value]).map(String)));

const none: string[] = [];

const rule = z
  .object({
    allowAll: z.boolean().optional(),
    denyAll: z.boolean().optional(),
    values: z.object({ allowedValues: texts.default(none), deniedValues: texts.default(none) }).optional(),
    enforce: z.boolean().optional(),
    parameters: z.record(z.string(), parameter).default({}),
    condition: expression.optional(),
  })
  .refine(
    ({ allowAll, denyAll, values, enforce }) => [allowAll, denyAll, values, enforce].some((one) => one !== undefined),
    {
      error: "expected a rule of a kind that is known",
    },
  )
  .transform(
    (one) =>
      ({
        allow_all: one.allowAll ?? false,
        deny_all: one.denyAll ?? false,
        allowed_values: one.values?.allowedValues ?? [],
        denied_values: one.values?.deniedValues ?? [],
        enforced: one.enforce ?? null,
        parameters: one.parameters,
        condition: one.condition ?? null,
      }) satisfies GcpPolicyRule,
  );

const policy = z
  .object({ spec: z.object({ rules: z.array(rule).default([]) }) })
  .transform(({ spec }) => ({ rules: canonical(spec.rules) }) satisfies GcpEffectivePolicy);

/** https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy */
export function effectivePolicyFact(answer: unknown): Fact<Json> {
  return whole(answer, policy);
}
