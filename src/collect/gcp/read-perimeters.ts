import type { Fact, Unreadable } from "../../model/fact.ts";
import { known } from "../../model/fact.ts";
import type { GcpPerimeters } from "../../model/gcp.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { GcpReading } from "./gcp-reading.ts";
import type { GcpTarget } from "./reader.ts";
import { canonical } from "./schema/parts.ts";
import { accessLevelsPage, accessPolicyNamesPage, perimetersPage } from "./schema/perimeter.ts";

/** The service perimeters of the organization above a project, with the access levels that they name. */
export function readPerimeters(
  { reader, ask }: GcpReading,
  target: GcpTarget,
  ancestors: Fact<readonly string[]>,
): Promise<Reading> {
  const perimetersOf = async (organization: string) => {
    const policies = await allPages(async (next) =>
      accessPolicyNamesPage(await reader.listAccessPolicies(target, organization, next)),
    );
    const levels = policies.map((policy) =>
      allPages(async (next) => accessLevelsPage(await reader.listAccessLevels(target, policy, next))),
    );
    const perimeters = policies.map((policy) =>
      allPages(async (next) => perimetersPage(await reader.listServicePerimeters(target, policy, next))),
    );
    const [access_levels, found] = await Promise.all([Promise.all(levels), Promise.all(perimeters)]);
    return {
      access_levels: canonical(access_levels.flat()),
      perimeters: canonical(found.flat()),
    } satisfies GcpPerimeters;
  };
  return ask("accesscontextmanager:ListServicePerimeters", async () => {
    if (ancestors.state === "unreadable") throw new Refused(ancestryRefusal(ancestors));
    const organization = ancestors.value.find((name) => name.startsWith("organizations/"));
    return { facts: { perimeters: known(organization === undefined ? null : await perimetersOf(organization)) } };
  });
}

/** Which organization it is follows from the ancestry: where that is not known, the same is missing here. */
function ancestryRefusal({ reason, detail, call = "cloudresourcemanager:GetAncestry", permission }: Unreadable) {
  return { reason, detail, again: "no", call, permission: permission ?? null } as const;
}
