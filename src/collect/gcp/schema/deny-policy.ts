/** What is used of IAM's deny policies, and nothing else. https://cloud.google.com/iam/docs/reference/rest/v2/policies */
import { z } from "zod";
import type { GcpDenyPolicy, GcpDenyRule } from "../../../model/gcp.ts";
import type { Page } from "../../all-pages.ts";
import { expected } from "../../field.ts";
import { canonical, expression, restPage, text, texts } from "./parts.ts";

const name = z
  .string()
  .regex(/^policies\/[^/]+\/denypolicies\/[^/]+$/, { error: "expected the name of a deny policy" });

const none: string[] = [];

const denyRule = z
  .object({
    deniedPrincipals: texts.default(none),
    exceptionPrincipals: texts.default(none),
    deniedPermissions: texts.default(none),
    exceptionPermissions: texts.default(none),
    denialCondition: expression.optional(),
  })
  .transform(
    (one) =>
      ({
        denied_principals: one.deniedPrincipals,
        exception_principals: one.exceptionPrincipals,
        denied_permissions: one.deniedPermissions,
        exception_permissions: one.exceptionPermissions,
        condition: one.denialCondition ?? null,
      }) satisfies GcpDenyRule,
  );

/** One page of the names of deny policies: the list has no rules. */
export function denyPolicyNamesPage(answer: unknown): Page<string> {
  return restPage(
    answer,
    "policies",
    z.object({ name }).transform((policy) => policy.name),
  );
}

const policy = z
  .object({ name: text, rules: z.array(z.object({ denyRule })).default([]) })
  .transform(
    (one) => ({ name: one.name, rules: canonical(one.rules.map((rule) => rule.denyRule)) }) satisfies GcpDenyPolicy,
  );

/** A deny policy with its rules. Throws `Refused` where it is not as documented: a rule that is not understood may deny. */
export function denyPolicyOf(answer: unknown) {
  return expected({ answer }, ["answer"], policy) satisfies GcpDenyPolicy;
}
