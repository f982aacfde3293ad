import { describe, expect, it } from "vitest";
import {
  listedCompartments,
  unlistedContexts,
  unlistedOrganization,
  workspaceTraffic,
} from "../../../src/access/aws/anthropic-requests.ts";
import { contextValuesLetIn, testsContextPair } from "../../../src/access/aws/listed-context-values.ts";
import { awsEncryptionContext } from "../../../src/guidance/aws-encryption-context.ts";
import { guidanceRevisions } from "../../../src/model/guidance-revision.ts";
import { accessTo, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { compartmentIs, documented, organizationIs, secondCompartment, uses } from "../../support/key-policies.ts";

const policyOf = (...statements: readonly Statement[]) => accessTo(policyText(statements)).policy;
const pair = "anthropic:compartment_uuid";
const listing = (value: unknown, operator?: string) => policyOf(uses(compartmentIs(value, operator)));

describe("contextValuesLetIn", () => {
  const valuesIn = (...statements: readonly Statement[]) =>
    contextValuesLetIn(policyOf(...statements), pair).map(({ value, kind }) => [value, kind]);

  it.each([
    ["StringEquals", "Allow", true],
    ["StringLikeIfExists", "Allow", true],
    ["ForAnyValue:StringEquals", "Allow", true],
    ["StringNotEquals", "Allow", false],
    ["Null", "Allow", false],
    ["StringSounds", "Allow", false],
    ["StringEquals", "Deny", false],
    ["StringNotEquals", "Deny", true],
    ["ForAllValues:StringNotLike", "Deny", true],
  ])("%s in an %s lists: %s", (operator, Effect, lists) => {
    expect(valuesIn(uses(compartmentIs(testCompartment, operator), { Effect }))).toHaveLength(lists ? 1 : 0);
  });

  it.each([
    [testCompartment, "StringLike", "uuid"],
    [testCompartment.toUpperCase(), "StringEquals", "uuid"],
    ["f8a7*", "StringLike", "pattern"],
    ["f8a7*", "StringEquals", "other"],
    ["${aws:PrincipalTag/c}", "StringEquals", "pattern"],
    ["<compartment>", "StringLike", "other"],
  ])("%s under %s is a %s", (value, operator, kind) => {
    expect(valuesIn(uses(compartmentIs(value, operator)))).toEqual([[value, kind]]);
  });

  it("finds the pair whatever the case of the condition key, and no other", () => {
    const [statement] = policyOf(
      uses({ Null: { "KMS:EncryptionContext:Anthropic:Compartment_UUID": "true" } }),
    ).statements;
    expect(statement && testsContextPair(statement, pair)).toBe(true);
    expect(statement && testsContextPair(statement, "anthropic:org_uuid")).toBe(false);
    expect(valuesIn(uses(organizationIs()), deny({ Condition: compartmentIs() }))).toEqual([]);
  });
});

describe("workspaceTraffic", () => {
  const values = (choices: readonly { readonly value: string; readonly source: string }[] | null) =>
    choices?.map(({ value, source }) => `${source} ${value}`);

  it("has the organization in the revisions that send it", () => {
    const sends = guidanceRevisions.filter(
      (revision) =>
        workspaceTraffic(awsEncryptionContext[revision], { organizations: [], compartments: [] }, []).organizations !==
        null,
    );
    expect(sends).toEqual(["2026-09"]);
  });

  it("has what is registered and nothing else", () => {
    const registration = { organizations: [testOrganization], compartments: [secondCompartment] };
    const traffic = workspaceTraffic({ organization: true }, registration, [
      policyOf(...documented["2026-09 with compartments"]),
    ]);
    expect(values(traffic.organizations)).toEqual([`registration ${testOrganization}`]);
    expect(values(traffic.compartments)).toEqual([`registration ${secondCompartment}`]);
  });

  it("else what the policy lists, in lower case, without what validation sends", () => {
    const zeros = "00000000-0000-0000-0000-000000000000";
    const policy = listing([testCompartment.toUpperCase(), zeros, testCompartment, "wrkspc_1"]);
    const { compartments } = workspaceTraffic({ organization: false }, { organizations: [], compartments: [] }, [
      policy,
    ]);
    expect(values(compartments)?.slice(1)).toEqual([`policy ${testCompartment}`]);
    expect(compartments?.[0]?.source).toBe("nobody");
  });

  it.each([
    ["f8a7*", /^f8a7/],
    ["*8a9b0c", /8a9b0c$/],
    ["f8a7*0c", /^f8a7.*0c$/],
    ["f8a7b6c5-????-4???-8b4c-5d6e7f8a9b0c", /^f8a7b6c5-.{4}-4.{3}-8b4c-5d6e7f8a9b0c$/],
  ])("and one of the form %s", (pattern, form) => {
    const { compartments } = workspaceTraffic({ organization: false }, { organizations: [], compartments: [] }, [
      listing(pattern, "StringLike"),
    ]);
    expect(compartments).toHaveLength(2);
    expect(compartments?.[1]).toMatchObject({ source: "pattern", value: expect.stringMatching(form) as string });
  });

  it.each(["*", "wrkspc_*", "a*".repeat(40)])("but none of the form %s", (pattern) => {
    const { compartments } = workspaceTraffic({ organization: false }, { organizations: [], compartments: [] }, [
      listing(pattern, "StringLike"),
    ]);
    expect(compartments).toHaveLength(1);
  });
});

it("lists one of the compartments that no condition tells apart", () => {
  const third = "c61f08da-2e7b-4d95-8a43-b90e5f7d1c26";
  const both = uses(compartmentIs([testCompartment, secondCompartment, third]));
  expect(listedCompartments(policyOf(both))).toHaveLength(1);
  const apart = deny({ Condition: compartmentIs(third.toUpperCase(), "StringEqualsIgnoreCase") });
  expect(listedCompartments(policyOf(both, apart))).toEqual([testCompartment, third]);
  expect(listedCompartments(policyOf(both, uses(compartmentIs("f8a7*", "StringLike"))))).toHaveLength(3);
});

it("lists compartments once, as they are written", () => {
  const policy = policyOf(uses(compartmentIs([secondCompartment, "<x>"])), uses(compartmentIs(secondCompartment)));
  expect(listedCompartments(policy)).toEqual([secondCompartment]);
});

describe("unlistedContexts", () => {
  it("are no context, one pair or both, with values that nobody has", () => {
    const contexts = unlistedContexts(policyOf(...documented["2026-09"])).map(({ context }) => Object.keys(context));
    expect(contexts).toEqual([[], [pair], ["anthropic:org_uuid"], ["anthropic:org_uuid", pair]]);
  });

  it("hold a value for each pattern", () => {
    const contexts = unlistedContexts(policyOf(uses(organizationIs("3f2b*", "StringLike"))));
    const organizations = new Set(contexts.flatMap(({ context }) => context["anthropic:org_uuid"] ?? []));
    expect([...organizations]).toEqual([unlistedOrganization, `3f2b${unlistedOrganization.slice(4)}`]);
  });
});
