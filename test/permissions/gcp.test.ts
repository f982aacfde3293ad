import { describe, expect, it } from "vitest";
import type { GcpCall } from "../../src/collect/gcp/calls.ts";
import { cloudedService, type KeyName, projects } from "../faults/gcp-clouded-service.ts";
import { expectEverythingRead, expectMissing, type Loss, type Missing } from "./expect-missing.ts";
import { grantedByGcp } from "./granted.ts";

const granted = grantedByGcp();
const all: readonly KeyName[] = ["healthy", "open", "other"];
const perimeters = "accesscontextmanager:ListServicePerimeters";
const ancestry = "cloudresourcemanager:GetAncestry";

/** One call, refused for so many subjects of either project; what is lost by it, where that is not all it tells. */
function one(
  permission: string,
  call: GcpCall,
  subjects: readonly [own: number, other: number] = [1, 1],
  lost: readonly Omit<Loss<KeyName>, "keys">[] = [{ call }],
): Missing<KeyName> {
  return {
    permission,
    lost: lost.map((each) => ({ ...each, keys: all })),
    refused: [
      [projects.own, call, subjects[0]],
      [projects.other, call, subjects[1]],
    ],
  };
}

const missing: readonly Missing<KeyName>[] = [
  one("cloudkms.cryptoKeys.list", "cloudkms:ListCryptoKeys", [2, 1]),
  one("cloudkms.cryptoKeys.getIamPolicy", "cloudkms:GetCryptoKeyIamPolicy", [2, 1]),
  one("cloudkms.cryptoKeyVersions.list", "cloudkms:ListCryptoKeyVersions", [2, 1]),
  one("cloudkms.keyRings.getIamPolicy", "cloudkms:GetKeyRingIamPolicy"),
  // Two that the project and the organization bind, and two that the keys do.
  one("iam.roles.get", "iam:GetRole", [4, 4]),
  one("logging.sinks.list", "logging:ListSinks"),
  one("logging.exclusions.list", "logging:ListExclusions"),
  // Two restrictions.
  one("orgpolicy.policy.get", "orgpolicy:GetEffectivePolicy", [2, 2]),
  one("resourcemanager.projects.getIamPolicy", "cloudresourcemanager:GetProjectIamPolicy"),
  {
    permission: "resourcemanager.projects.get",
    lost: [
      { keys: all, call: "cloudresourcemanager:GetProject" },
      { keys: all, call: "cloudbilling:GetProjectBillingInfo" },
      { keys: all, call: ancestry },
      // Whose perimeters they are follows from it.
      { keys: all, call: perimeters, refused: ancestry },
    ],
    refused: Object.values(projects).flatMap((project) => [
      [project, "cloudresourcemanager:GetProject", 1] as const,
      [project, "cloudbilling:GetProjectBillingInfo", 1] as const,
      [project, ancestry, 2] as const,
    ]),
  },
  // That Cloud KMS answers says as much.
  { ...one("serviceusage.services.get", "serviceusage:GetService"), blind: [] },
  one("resourcemanager.folders.getIamPolicy", "cloudresourcemanager:GetFolderIamPolicy"),
  one("resourcemanager.organizations.getIamPolicy", "cloudresourcemanager:GetOrganizationIamPolicy"),
  // Of a project, a folder and an organization.
  one(
    "iam.denypolicies.list",
    "iam:ListDenyPolicies",
    [3, 3],
    [{ call: "iam:GetDenyPolicy", refused: "iam:ListDenyPolicies" }],
  ),
  // Only the projects have one.
  one(
    "iam.denypolicies.get",
    "iam:GetDenyPolicy",
    [1, 1],
    [{ call: "iam:GetDenyPolicy", facts: Object.values(projects).map((project) => `deny_policies:${project}`) }],
  ),
  ...(["Policies", "Levels"] as const).map((what) => {
    const call = `accesscontextmanager:ListAccess${what}` as const;
    const permission = what === "Policies" ? "policies" : "accessLevels";
    return one(`accesscontextmanager.${permission}.list`, call, [1, 1], [{ call: perimeters, refused: call }]);
  }),
  one("accesscontextmanager.servicePerimeters.list", perimeters),
];

describe("an identity with exactly what gcp.yaml and gcp-organization.yaml grant", { timeout: 30_000 }, () => {
  it("reads everything", async () => {
    await expectEverythingRead(await cloudedService(), granted);
  });

  it.each(missing)("but for $permission misses exactly what needs it, and is told so", async (each) => {
    await expectMissing(await cloudedService(), "open", granted, each);
  });

  it("has no permission that is not tried here", () => {
    expect(missing.map(({ permission }) => permission).toSorted()).toEqual(granted.toSorted());
  });
});
