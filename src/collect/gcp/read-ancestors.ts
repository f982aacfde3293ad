import { known } from "../../model/fact.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages } from "../all-pages.ts";
import type { GcpReading } from "./gcp-reading.ts";
import type { GcpTarget } from "./reader.ts";
import { denyPolicyNamesPage, denyPolicyOf } from "./schema/deny-policy.ts";
import { projectPolicyFact } from "./schema/iam-policy.ts";
import { canonical } from "./schema/parts.ts";

/** The IAM policies of folders and organizations, each by its name. */
export function readAncestorPolicies(
  { reader, ask }: GcpReading,
  target: GcpTarget,
  ancestors: readonly string[],
): readonly Promise<Reading>[] {
  return ancestors.map((name) =>
    name.startsWith("folders/")
      ? ask(
          "cloudresourcemanager:GetFolderIamPolicy",
          async () => ({ facts: { folder_policy: projectPolicyFact(await reader.getFolderIamPolicy(target, name)) } }),
          name,
        )
      : ask(
          "cloudresourcemanager:GetOrganizationIamPolicy",
          async () => ({
            facts: { organization_policy: projectPolicyFact(await reader.getOrganizationIamPolicy(target, name)) },
          }),
          name,
        ),
  );
}

/** The deny policies that are attached to each of these levels. https://cloud.google.com/iam/docs/deny-overview */
export function readDenyPolicies(
  { reader, ask }: GcpReading,
  target: GcpTarget,
  levels: readonly string[],
): readonly Promise<Reading>[] {
  const policiesOf = async (level: string) => {
    const names = await allPages(async (next) =>
      denyPolicyNamesPage(await reader.listDenyPolicies(target, level, next)),
    );
    return Promise.all(names.map(async (name) => denyPolicyOf(await reader.getDenyPolicy(target, name))));
  };
  return levels.map((level) =>
    ask(
      "iam:GetDenyPolicy",
      async () => ({ facts: { deny_policies: known(canonical(await policiesOf(level))) } }),
      level,
    ),
  );
}
