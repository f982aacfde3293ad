import type { Fact } from "../../model/fact.ts";
import { known } from "../../model/fact.ts";
import type { GcpReads } from "../../model/gcp-kms-key.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages } from "../all-pages.ts";
import type { GcpReading } from "./gcp-reading.ts";
import { readAncestorPolicies, readDenyPolicies } from "./read-ancestors.ts";
import { readPerimeters } from "./read-perimeters.ts";
import { readBoundRoles } from "./read-roles.ts";
import type { GcpTarget } from "./reader.ts";
import { effectivePolicyFact } from "./schema/effective-policy.ts";
import { projectPolicyFact } from "./schema/iam-policy.ts";
import { exclusionsPage, sinksPage } from "./schema/logging.ts";
import { canonical } from "./schema/parts.ts";
import { ancestorsFact, billingFact, projectFact, serviceFact } from "./schema/project.ts";

/** Constraints that say who may be bound at all. */
const memberConstraints = ["iam.allowedPolicyMemberDomains", "iam.managed.allowedPolicyMembers"];

/** What the keys of a project share, and what of the levels above it may be looked at. */
export async function readProject(
  reading: GcpReading,
  target: GcpTarget,
  reads: GcpReads,
): Promise<readonly Reading[]> {
  const { reader, ask } = reading;
  const [policy, settings, above] = await Promise.all([
    ask("cloudresourcemanager:GetProjectIamPolicy", async () => ({
      facts: { project_policy: projectPolicyFact(await reader.getProjectIamPolicy(target, target.scope)) },
    })),
    Promise.all(readSettings(reading, target)),
    readAbove(reading, target, reads),
  ]);
  const roles = await readBoundRoles(reading, target, [policy, ...above]);
  return [policy, ...settings, ...above, ...roles];
}

/** The ancestry, and of each level what may be looked at. */
async function readAbove(reading: GcpReading, target: GcpTarget, reads: GcpReads): Promise<readonly Reading[]> {
  const { ancestry, ancestors } = await readAncestry(reading, target, reads);
  const levels = ancestors.state === "known" ? ancestors.value : [];
  const others = await Promise.all([
    ...(reads.gcp_ancestors ? readAncestorPolicies(reading, target, levels) : []),
    ...(reads.gcp_deny_policies ? readDenyPolicies(reading, target, [target.scope, ...levels]) : []),
    ...(reads.gcp_perimeters ? [readPerimeters(reading, target, ancestors)] : []),
  ]);
  return [ancestry, ...others];
}

/** `project`, whether it may use Cloud KMS at all, its logs, and what its organization sets it. */
function readSettings({ reader, ask }: GcpReading, target: GcpTarget): readonly Promise<Reading>[] {
  const { scope } = target;
  return [
    ask("cloudresourcemanager:GetProject", async () => ({
      facts: { project: projectFact(await reader.getProject(target, scope)) },
    })),
    ask("serviceusage:GetService", async () => ({
      facts: { kms_service: serviceFact(await reader.getService(target, scope, "cloudkms.googleapis.com")) },
    })),
    ask("cloudbilling:GetProjectBillingInfo", async () => ({
      facts: { billing: billingFact(await reader.getProjectBillingInfo(target, scope)) },
    })),
    ask("logging:ListSinks", async () => {
      const sinks = await allPages(async (next) => sinksPage(await reader.listSinks(target, scope, next)));
      return { facts: { log_sinks: known(canonical(sinks)) } };
    }),
    ask("logging:ListExclusions", async () => {
      const exclusions = await allPages(async (next) =>
        exclusionsPage(await reader.listExclusions(target, scope, next)),
      );
      return { facts: { log_exclusions: known(canonical(exclusions)) } };
    }),
    ...memberConstraints.map((constraint) =>
      ask(
        "orgpolicy:GetEffectivePolicy",
        async () => ({
          facts: { effective_policy: effectivePolicyFact(await reader.getEffectivePolicy(target, scope, constraint)) },
        }),
        constraint,
      ),
    ),
  ];
}

/** What is above the project; where a level is no longer there, what was read of it has ended. */
async function readAncestry({ reader, ask }: GcpReading, target: GcpTarget, reads: GcpReads) {
  let ancestors: Fact<readonly string[]> | undefined;
  const ancestry = await ask("cloudresourcemanager:GetAncestry", async () => {
    ancestors = ancestorsFact(await reader.getAncestry(target, target.scope));
    if (ancestors.state === "unreadable") return { facts: { ancestors } };
    const above = ancestors.value;
    const under = (kind: string) => above.filter((name) => name.startsWith(`${kind}/`));
    const parts = {
      ...(reads.gcp_ancestors
        ? {
            "cloudresourcemanager:GetFolderIamPolicy": under("folders"),
            "cloudresourcemanager:GetOrganizationIamPolicy": under("organizations"),
          }
        : {}),
      ...(reads.gcp_deny_policies ? { "iam:GetDenyPolicy": [target.scope, ...above] } : {}),
    };
    return { facts: { ancestors }, parts };
  });
  if (ancestors !== undefined) return { ancestry, ancestors };
  if (ancestry.answer.state === "seen") throw new TypeError("an ancestry was seen and tells no ancestors");
  return { ancestry, ancestors: ancestry.answer };
}
