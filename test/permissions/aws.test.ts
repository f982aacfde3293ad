import { describe, expect, it } from "vitest";
import type { AwsCall } from "../../src/collect/aws/calls.ts";
import { cloudedService, type KeyName, keys } from "./aws-clouded-service.ts";
import {
  expectEverythingRead,
  expectMissing,
  expectSometimesMissing,
  type Missing,
  type SometimesMissing,
} from "./expect-missing.ts";
import { grantedByAws } from "./granted.ts";

const granted = grantedByAws();
const all: readonly KeyName[] = ["healthy", "open", "other"];
const own = "111122223333/us-east-2";
const other = "444455556666/us-east-2";
const policies = "organizations:DescribePolicy";

/** A call of its own permission, which nothing else hangs on. */
function alone(call: AwsCall, subject: "key" | "scope"): Missing<KeyName> {
  return {
    permission: call,
    lost: [{ keys: all, call }],
    refused: [
      [own, call, subject === "key" ? 2 : 1],
      [other, call, 1],
    ],
  };
}

/** What leads to the policies of the organization. */
function leading(call: AwsCall): Missing<KeyName> {
  return { ...alone(call, "scope"), lost: [{ keys: all, call: policies, refused: call }] };
}

const ofKey = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants"] as const;

const missing: readonly Missing<KeyName>[] = [
  ...ofKey.map((call) => alone(call, "key")),
  alone("cloudtrail:DescribeTrails", "scope"),
  alone("cloudtrail:GetTrailStatus", "scope"),
  alone("cloudtrail:GetEventSelectors", "scope"),
  leading("organizations:DescribeOrganization"),
  leading("organizations:ListParents"),
  leading("organizations:ListPoliciesForTarget"),
  alone(policies, "scope"),
  {
    permission: "sts:AssumeRole",
    lost: [...ofKey, "cloudtrail:DescribeTrails", policies].map((call) => ({
      keys: ["other"],
      call,
      refused: "sts:AssumeRole",
    })),
    refused: [[other, "sts:AssumeRole", 6]],
  },
];

const sometimes: readonly SometimesMissing<KeyName>[] = [
  {
    permission: "kms:ListResourceTags",
    where: "a key's policy tests tags of the key",
    happens: ({ simulator: { control } }) => {
      const Condition = { StringEquals: { "aws:ResourceTag/purpose": "backup" } };
      const Principal = { AWS: "arn:aws:iam::111122223333:root" };
      const Statement = [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*", Condition }];
      const policy = JSON.stringify({ Version: "2012-10-17", Statement });
      control.patch({ resource: keys.healthy, change: { policy, tags: [{ TagKey: "purpose", TagValue: "backup" }] } });
    },
    lost: [{ keys: ["healthy"], call: "kms:ListResourceTags" }],
    refused: [[own, "kms:ListResourceTags", 1]],
  },
];

describe("an identity with exactly what aws.json grants", { timeout: 30_000 }, () => {
  it("reads everything", async () => {
    await expectEverythingRead(await cloudedService(), granted, ["tags"]);
  });

  it.each(missing)("but for $permission misses exactly what needs it, and is told so", async (one) => {
    await expectMissing(await cloudedService(), "open", granted, one);
  });

  it.each(sometimes)("but for $permission misses something only where $where", async (one) => {
    await expectSometimesMissing(await cloudedService(), granted, one);
  });

  it("has no permission that is not tried here", () => {
    expect([...missing, ...sometimes].map(({ permission }) => permission).toSorted()).toEqual(granted.toSorted());
  });
});
