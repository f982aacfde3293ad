import { describe, expect, it } from "vitest";
import { catalogue } from "../../../checks/index.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { known } from "../../../src/model/fact.ts";
import { type GuidanceRevision, guidanceRevisions } from "../../../src/model/guidance-revision.ts";
import type { Registration } from "../../../src/model/registration.ts";
import { testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import { documented, keyWith } from "../../support/key-policies.ts";
import { organizationPolicies } from "../../support/organization-policies.ts";

type Reads = Parameters<typeof keyWith>[2];

const nobodyKnown: Partial<Registration> = { organizations: [], compartments: [] };
const compartmentKnown = { organizations: [], compartments: [testCompartment] };
const organizationKnown = { organizations: [testOrganization], compartments: [] };
const bothKnown = { organizations: [testOrganization], compartments: [testCompartment] };
const older = { in_use_since: "2026-06-15" };

/** The checks that neither pass nor are out of scope. */
function notClean(
  policy: keyof typeof documented,
  guidance: GuidanceRevision,
  registration: Partial<Registration>,
  facts: Reads = {},
): readonly string[] {
  const resource = keyWith(documented[policy], registration, facts);
  const outcomes = catalogue
    .filter(({ resource: kind }) => kind === "aws.kms-key")
    .map((check) => runCheck(check, resource.facts, { at: testTime, guidance, settings: testSettings }));
  return outcomes
    .filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable")
    .map(({ check, outcome }) => `${check} ${outcome}`);
}

/** The same, with an organization above the key that stops nothing. */
const withOrganization: Reads = {
  reads: known({ aws_organization: true }),
  organization_policies: known(organizationPolicies()),
};

describe("a key that was set up by the text of 2026-06, its organization not known", () => {
  const registrations = [
    ["nothing is registered", nobodyKnown],
    ["its compartment is", compartmentKnown],
    ["its age is", { ...nobodyKnown, ...older }],
    ["its compartment and its age are", { ...compartmentKnown, ...older }],
  ] as const;

  it.each(registrations)("is clean under 2026-06 and 2026-09 where %s", (_, registration) => {
    expect(notClean("2026-06", "2026-06", registration)).toEqual([]);
    expect(notClean("2026-06", "2026-09", registration)).toEqual([]);
    expect(notClean("2026-06", "2026-09", registration, withOrganization)).toEqual([]);
  });

  it.each(registrations)("fails nothing but the compartments under 2026-07 where %s", (_, registration) => {
    expect(notClean("2026-06", "2026-07", registration)).toEqual(["aws/encryption-context-compartments fail"]);
  });
});

it.each([
  ["nothing is registered", nobodyKnown],
  ["its compartment is", compartmentKnown],
])("a key that was set up by the text of 2026-07 is clean under every revision where %s", (_, registration) => {
  for (const revision of guidanceRevisions) expect(notClean("2026-07", revision, registration)).toEqual([]);
});

describe("the policies that 2026-09 documents are clean under it", () => {
  const registrations = [
    ["nothing is registered", nobodyKnown],
    ["the organization is", organizationKnown],
    ["the compartment is", compartmentKnown],
    ["organization and compartment are", bothKnown],
  ] as const;
  const policies = ["2026-09", "2026-09 with compartments", "2026-09 for an older key"] as const;

  it.each(policies.flatMap((policy) => registrations.map(([what, one]) => [policy, what, one] as const)))(
    "%s, where %s",
    (policy, _, registration) => {
      expect(notClean(policy, "2026-09", registration)).toEqual([]);
      expect(notClean(policy, "2026-09", registration, withOrganization)).toEqual([]);
    },
  );

  it.each(registrations)("for a key in use since June, where %s", (_, registration) => {
    expect(notClean("2026-09 for an older key", "2026-09", { ...registration, ...older })).toEqual([]);
  });
});

describe("what a revision asks for", () => {
  it("the organization, from 2026-09 on", () => {
    expect(notClean("2026-06", "2026-09", bothKnown)).toEqual(["aws/encryption-context-organization fail"]);
    expect(notClean("2026-06", "2026-06", bothKnown)).toEqual([]);
  });

  it.each(["2026-09", "2026-09 with compartments"] as const)("data of before stays readable: not by %s", (policy) => {
    expect(notClean(policy, "2026-09", { ...bothKnown, ...older })).toEqual(["aws/existing-data-stays-readable fail"]);
  });
});
