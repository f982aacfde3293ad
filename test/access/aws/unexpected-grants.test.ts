import { describe, expect, it } from "vitest";
import { grantAccess } from "../../../src/access/aws/grants.ts";
import { unexpectedGrants } from "../../../src/access/aws/unexpected-grants.ts";
import { anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsGrant } from "../../../src/model/aws.ts";
import { testAccount } from "../../support/aws-kms-key.ts";

const home = { account: testAccount, partition: "aws" };
const partner = "arn:aws:iam::999988887777:role/partner";
const grant: AwsGrant = {
  id: "g1",
  name: null,
  grantee: `arn:aws:iam::${testAccount}:role/app`,
  retiring: null,
  issuing_account: testAccount,
  operations: ["Decrypt"],
  context_equals: null,
  context_subset: null,
};

function found(...changes: readonly Partial<AwsGrant>[]) {
  const { grants } = grantAccess(
    changes.map((one) => ({ ...grant, ...one })),
    "aws",
  );
  return unexpectedGrants(grants, [], home).map(({ grant: { id }, part, reason }) => `${id} ${part} ${reason}`);
}

describe("unexpectedGrants", () => {
  it("tells them by id, whatever the order in which they were read", () => {
    const grants = [{ id: "b", grantee: partner }, { id: "a", retiring: partner }, { id: "c" }];
    expect(found(...grants)).toEqual(["a retiring foreign", "b grantee foreign"]);
    expect(found(...grants.toReversed())).toEqual(found(...grants));
  });

  it("judges both parts of a grant", () => {
    expect(found({ grantee: anthropicAwsRoleArn, retiring: partner })).toEqual([
      "g1 grantee anthropic",
      "g1 retiring foreign",
    ]);
  });

  it("takes a service for the account that issued its grant", () => {
    const service = { grantee: "dynamodb.us-east-2.amazonaws.com" };
    expect(found(service)).toEqual([]);
    expect(found({ ...service, issuing_account: "999988887777" })).toEqual(["g1 grantee foreign-issuer"]);
    expect(found({ ...service, issuing_account: null })).toEqual(["g1 grantee unknown-issuer"]);
  });
});
