import type { AwsOrganizationLevel, AwsOrganizationPolicies } from "../../model/aws-access.ts";
import { allPages } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { AwsAccountTarget, AwsReader } from "./reader.ts";
import { organizationOf, parentsPage, policiesPage, policyText } from "./schema/organization.ts";

type Place = Pick<AwsOrganizationLevel, "kind" | "id">;

/** Units are nested five deep at most: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const longestPath = 10;

/**
 * The resource control policies above an account; null where it is in no organization. Throws `Refused`.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export async function readOrganization(reader: AwsReader, { account, ...turn }: AwsAccountTarget) {
  const organization = organizationOf(await reader.describeOrganization({ account, ...turn }));
  if (organization === null) return null;
  const { id, management_account } = organization;
  // Nothing up there applies to the management account, so that there is nothing to read.
  if (management_account === account) {
    return { organization_id: id, management_account: true, levels: [] } satisfies AwsOrganizationPolicies;
  }

  // Members may not read on. The management account may, with its role where it has one; else the service's own identity
  // is asked, which is of the management account or of a delegated administrator, or refused.
  const asked = { account: management_account, ...turn };
  const places = await pathTo(account, reader, asked);
  const attached = await Promise.all(places.map((place) => policiesAt(place, reader, asked)));
  const ids = new Set(attached.flat().map((policy) => policy.id));
  const texts = new Map(
    await Promise.all(
      [...ids].map(async (policy) => [policy, policyText(await reader.describePolicy(asked, policy))] as const),
    ),
  );
  const levels = places.map((place, index) => ({
    ...place,
    name: null,
    policies: (attached[index] ?? []).map((policy) => ({ ...policy, text: texts.get(policy.id) ?? "" })),
  }));
  return { organization_id: id, management_account: false, levels } satisfies AwsOrganizationPolicies;
}

/** From the root to the account. */
async function pathTo(account: string, reader: AwsReader, asked: AwsAccountTarget): Promise<readonly Place[]> {
  const path: Place[] = [{ kind: "account", id: account }];
  for (let child = account; path.length <= longestPath; ) {
    const [parent] = await allPages(async (next) => parentsPage(await reader.listParents(asked, child, next)));
    if (parent === undefined) {
      throw new Refused({ reason: "not-reported", detail: `${child} has no parent`, again: "no" });
    }
    path.unshift(parent);
    if (parent.kind === "root") return path;
    child = parent.id;
  }
  throw new Refused({
    reason: "malformed",
    detail: `no root within ${longestPath} levels above ${account}`,
    again: "no",
  });
}

async function policiesAt({ id }: Place, reader: AwsReader, asked: AwsAccountTarget) {
  const policies = await allPages(async (next) => policiesPage(await reader.listPoliciesForTarget(asked, id, next)));
  return policies.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
