/** What is used of a role's definition, and nothing else. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { GcpRole } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import { whole } from "../../field.ts";
import { canonical, text } from "./parts.ts";

/** How many permissions outside Cloud KMS are named. */
const otherPermissionsNamed = 5;

/**
 * A role without permissions is left out of JSON like a field that was not sent: it is then not known, not harmless.
 * Bindings to a custom role that is deleted, or whose stage is `DISABLED`, give nothing:
 * https://cloud.google.com/iam/docs/creating-custom-roles#disabling-custom-role
 */
const role = z
  .object({
    name: text,
    includedPermissions: z.array(text).optional(),
    deleted: z.boolean().default(false),
    stage: z.string().nullish(),
  })
  .transform((one, issues) => {
    const deleted = one.deleted || one.stage === "DISABLED";
    if (one.includedPermissions === undefined && !deleted) {
      issues.addIssue({ code: "custom", message: `the answer names no permission of ${one.name}` });
      return z.NEVER;
    }
    const permissions = canonical([...new Set(one.includedPermissions)]);
    const others = permissions.filter((name) => !name.startsWith("cloudkms."));
    // Whoever sets the policy of what is above a key gives himself the rest: those are named before any other.
    const named = [...others.filter(setsPolicy), ...others.filter((name) => !setsPolicy(name))];
    return {
      kms_permissions: permissions.filter((name) => name.startsWith("cloudkms.")),
      other_permissions: others.length,
      some_others: named.slice(0, otherPermissionsNamed),
      deleted,
    } satisfies GcpRole;
  });

function setsPolicy(permission: string): boolean {
  return /^resourcemanager\.(?:projects|folders|organizations)\.setIamPolicy$/.test(permission);
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/roles */
export function roleFact(answer: unknown): Fact<Json> {
  return whole(answer, role);
}
