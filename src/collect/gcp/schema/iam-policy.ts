/** What is used of IAM's policies, version 3: https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { GcpAuditConfig, GcpIamPolicy, GcpPolicyBinding } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import { whole } from "../../field.ts";
import { canonical, expression, text, texts, word } from "./parts.ts";

const binding = z
  .object({ role: text, members: texts, condition: expression.nullish() })
  .transform((one) => ({ ...one, condition: one.condition ?? null }) satisfies GcpPolicyBinding);

const auditConfig = z
  .object({
    service: text,
    auditLogConfigs: z.array(
      z
        .object({ logType: word, exemptedMembers: texts })
        .transform((one) => ({ type: one.logType, exempted: one.exemptedMembers })),
    ),
  })
  .transform((one) => ({ service: one.service, logs: canonical(one.auditLogConfigs) }) satisfies GcpAuditConfig);

type AuditConfig = z.infer<typeof auditConfig>;

function policyWith(auditConfigs: z.ZodType<AuditConfig[]>) {
  return z.object({ version: z.number().int(), bindings: z.array(binding), auditConfigs }).transform(
    (one) =>
      ({
        version: one.version,
        bindings: canonical(one.bindings),
        audit_configs: canonical(one.auditConfigs),
      }) satisfies GcpIamPolicy,
  );
}

const ofProject = policyWith(z.array(auditConfig));
/**
 * The KMS client knows no audit configuration, and there is none on a key or a ring: it is set on projects, folders and
 * organizations. https://cloud.google.com/logging/docs/audit/configure-data-access
 */
const ofKey = policyWith(z.array(auditConfig).default([]));

/** The policy of a project, a folder or an organization. */
export function projectPolicyFact(answer: unknown): Fact<Json> {
  return whole(answer, ofProject);
}

/** The policy of a key or a key ring. */
export function keyPolicyFact(answer: unknown): Fact<Json> {
  return whole(answer, ofKey);
}

/** The roles that a policy binds, where it could be read. */
export function boundRoles(policy: Fact<Json> | undefined): readonly string[] {
  if (policy?.state !== "known") return [];
  const { bindings } = z.object({ bindings: z.array(z.object({ role: z.string() })) }).parse(policy.value);
  return bindings.map(({ role }) => role);
}
