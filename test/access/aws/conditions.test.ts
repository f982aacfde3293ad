import { describe, expect, it } from "vitest";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import type { AwsCaller } from "../../../src/model/aws-access.ts";
import { allow, anthropicRole, ask, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

type Result = "true" | "false" | "unknown";
type Row = readonly [name: string, condition: Statement, result: Result];

const org = "kms:EncryptionContext:anthropic:org_uuid";
const context = {
  "anthropic:org_uuid": testOrganization,
  "anthropic:compartment_uuid": testCompartment,
  empty: "",
  Bin: "QmluYXJ5",
  colons: "arn:aws:s3:::a:b:c:d",
  ip: "10.1.2.3",
};
const decisions = { true: "allowed", false: "denied", unknown: "conditional" } as const;

/** What follows from a condition under an Allow must follow, turned round, under a Deny. */
function expectCondition(
  condition: unknown,
  result: Result,
  caller: AwsCaller = anthropicRole,
  version = "2012-10-17",
): void {
  const request = { caller, encryption_context: context };
  expect(ask(policyText(allow({ Condition: condition }), version), request).decision).toBe(decisions[result]);
  const opposite = { true: "denied", false: "allowed", unknown: "conditional" }[result];
  expect(ask(policyText([allow(), deny({ Condition: condition })], version), request).decision).toBe(opposite);
}

function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    it.each(rows)("%s", (_, condition, result) => expectCondition(condition, result));
  });
}

table("string operators", [
  ["equal", { StringEquals: { [org]: testOrganization } }, "true"],
  ["one of several", { StringEquals: { [org]: ["x", testOrganization] } }, "true"],
  ["none of several", { StringEquals: { [org]: ["x", "y"] } }, "false"],
  ["no value", { StringEquals: { [org]: [] } }, "false"],
  ["another case of the value", { StringEquals: { [org]: testOrganization.toUpperCase() } }, "false"],
  ["another case of the key", { StringEquals: { [org.toUpperCase()]: testOrganization } }, "true"],
  ["another case of the operator", { stringequals: { [org]: testOrganization } }, "true"],
  ["ignoring case", { StringEqualsIgnoreCase: { [org]: testOrganization.toUpperCase() } }, "true"],
  ["a star is no wildcard", { StringEquals: { [org]: "*" } }, "false"],
  ["not equal", { StringNotEquals: { [org]: "x" } }, "true"],
  ["not equal to any", { StringNotEquals: { [org]: ["x", testOrganization] } }, "false"],
  ["not equal to none", { StringNotEquals: { [org]: [] } }, "true"],
  ["not equal ignoring case", { StringNotEqualsIgnoreCase: { [org]: testOrganization.toUpperCase() } }, "false"],
  ["like", { StringLike: { [org]: "3f2b????-*" } }, "true"],
  ["like anything", { StringLike: { [org]: "*" } }, "true"],
  ["like with case", { StringLike: { [org]: "3F2B*" } }, "false"],
  ["not like", { StringNotLike: { [org]: ["x*", "y*"] } }, "true"],
  ["not like one", { StringNotLike: { [org]: ["x*", "3f*"] } }, "false"],
]);

const without = "kms:EncryptionContext:absent";
table("a key that the request has not", [
  ["equal", { StringEquals: { [without]: "x" } }, "false"],
  ["like anything", { StringLike: { [without]: "*" } }, "false"],
  ["not equal", { StringNotEquals: { [without]: "x" } }, "true"],
  ["not like", { StringNotLike: { [without]: "*" } }, "true"],
  ["not ignoring case", { StringNotEqualsIgnoreCase: { [without]: "x" } }, "true"],
  ["number", { NumericLessThan: { [without]: "5" } }, "false"],
  ["not number", { NumericNotEquals: { [without]: "5" } }, "true"],
  ["date", { DateLessThan: { [without]: "2030-01-01" } }, "false"],
  ["not date", { DateNotEquals: { [without]: "2030-01-01" } }, "true"],
  ["Boolean", { Bool: { [without]: "false" } }, "false"],
  ["binary", { BinaryEquals: { [without]: "QmluYXJ5" } }, "false"],
  ["address", { IpAddress: { "aws:VpcSourceIp": "0.0.0.0/0" } }, "false"],
  ["not address", { NotIpAddress: { "aws:VpcSourceIp": "0.0.0.0/0" } }, "true"],
  ["ARN", { ArnLike: { "aws:SourceArn": "arn:*:*:*:*:*" } }, "false"],
  ["not ARN", { ArnNotLike: { "aws:SourceArn": "arn:*:*:*:*:*" } }, "true"],
  ["if exists", { StringEqualsIfExists: { [without]: "x" } }, "true"],
  ["Boolean if exists", { BoolIfExists: { [without]: "true" } }, "true"],
  ["for all values", { "ForAllValues:StringEquals": { [without]: "x" } }, "true"],
  ["for any value", { "ForAnyValue:StringEquals": { [without]: "x" } }, "false"],
  ["for any value, negated", { "ForAnyValue:StringNotEquals": { [without]: "x" } }, "false"],
  ["for any value, if exists", { "ForAnyValue:StringEqualsIfExists": { [without]: "x" } }, "true"],
  ["is absent", { Null: { [without]: "true" } }, "true"],
  ["is present", { Null: { [without]: "false" } }, "false"],
  ["is either", { Null: { [without]: ["true", "false"] } }, "true"],
  ["another key is absent", { Null: { [org]: true } }, "false"],
  ["another key is present", { Null: { [org]: false } }, "true"],
]);

table("if exists, where it does", [
  ["equal", { StringEqualsIfExists: { [org]: testOrganization } }, "true"],
  ["not equal", { StringEqualsIfExists: { [org]: "x" } }, "false"],
  ["negated", { StringNotEqualsIfExists: { [org]: testOrganization } }, "false"],
]);

const keys = "kms:EncryptionContextKeys";
const names = Object.keys(context);
table("several values", [
  ["all are listed", { "ForAllValues:StringEquals": { [keys]: names } }, "true"],
  ["one is not listed", { "ForAllValues:StringEquals": { [keys]: names.slice(1) } }, "false"],
  ["all are like", { "ForAllValues:StringLike": { [keys]: ["anthropic:*", "empty", "Bin", "colons", "ip"] } }, "true"],
  [
    "names keep their case",
    { "ForAllValues:StringEquals": { [keys]: names.map((name) => name.toUpperCase()) } },
    "false",
  ],
  ["none is listed", { "ForAllValues:StringNotEquals": { [keys]: "x" } }, "true"],
  ["one is listed", { "ForAllValues:StringNotEquals": { [keys]: "empty" } }, "false"],
  ["any is listed", { "ForAnyValue:StringEquals": { [keys]: ["x", "empty"] } }, "true"],
  ["any is not listed", { "ForAnyValue:StringNotEquals": { [keys]: names } }, "false"],
  ["any is unlisted", { "ForAnyValue:StringNotEquals": { [keys]: "empty" } }, "true"],
  ["an empty text counts as no value", { "ForAllValues:StringEquals": { "kms:EncryptionContext:empty": "x" } }, "true"],
  ["without quantifier, all agree", { StringLike: { [keys]: "*" } }, "true"],
  ["without quantifier, none", { StringEquals: { [keys]: "x" } }, "false"],
  ["without quantifier, some", { StringEquals: { [keys]: "empty" } }, "unknown"],
  ["one value under a quantifier", { "ForAllValues:StringEquals": { [org]: testOrganization } }, "true"],
]);

const account = "aws:PrincipalAccount";
const number = Number(anthropicAwsAccount);
table("numbers", [
  ["equal", { NumericEquals: { [account]: number } }, "true"],
  ["equal as another text", { NumericEquals: { [account]: `${number}.0` } }, "true"],
  ["not equal", { NumericNotEquals: { [account]: 5 } }, "true"],
  ["less", { NumericLessThan: { [account]: number } }, "false"],
  ["less or equal", { NumericLessThanEquals: { [account]: number } }, "true"],
  ["less or equal, and less", { NumericLessThanEquals: { [account]: number + 1 } }, "true"],
  ["greater", { NumericGreaterThan: { [account]: [number, 5] } }, "true"],
  ["greater, and equal", { NumericGreaterThan: { [account]: number } }, "false"],
  ["greater or equal, and greater", { NumericGreaterThanEquals: { [account]: 5 } }, "true"],
  ["greater or equal", { NumericGreaterThanEquals: { [account]: number + 1 } }, "false"],
  ["no number in the request", { NumericEquals: { [org]: 5 } }, "false"],
  ["no number in the policy", { NumericEquals: { [account]: "five" } }, "unknown"],
  ["no number beside one that matches", { NumericEquals: { [account]: ["five", number] } }, "true"],
]);

const now = "aws:CurrentTime";
const nowText = new Date(testTime).toISOString();
table("dates", [
  ["before", { DateLessThan: { [now]: "2027-01-01" } }, "true"],
  ["after", { DateGreaterThan: { [now]: "2027-01-01T00:00:00Z" } }, "false"],
  ["after what is past", { DateGreaterThan: { [now]: "2026-01-01" } }, "true"],
  ["until what is to come", { DateLessThanEquals: { [now]: "2027-01-01" } }, "true"],
  ["from what is past", { DateGreaterThanEquals: { [now]: "2026-01-01" } }, "true"],
  ["the same", { DateEquals: { [now]: nowText } }, "true"],
  [
    "the same in another zone",
    { DateEquals: { [now]: nowText.replace("T12", "T14").replace(".000Z", "+02:00") } },
    "true",
  ],
  ["not the same", { DateNotEquals: { [now]: nowText } }, "false"],
  ["until now", { DateLessThanEquals: { [now]: nowText } }, "true"],
  ["from now", { DateGreaterThanEquals: { [now]: nowText } }, "true"],
  ["in epoch seconds", { DateLessThan: { "aws:EpochTime": testTime / 1000 + 1 } }, "true"],
  ["epoch seconds as a number", { NumericLessThan: { "aws:EpochTime": testTime / 1000 } }, "false"],
  ["the time as a text", { StringLike: { [now]: "2026-11-22T*" } }, "true"],
  ["no date", { DateLessThan: { [now]: "tomorrow" } }, "unknown"],
  ["when the token was issued", { DateLessThan: { "aws:TokenIssueTime": "2026-01-01" } }, "unknown"],
]);

table("Booleans and binaries", [
  ["true", { Bool: { "aws:SecureTransport": "true" } }, "true"],
  ["true as a word of JSON", { Bool: { "aws:SecureTransport": true } }, "true"],
  ["in another case", { Bool: { "aws:SecureTransport": "TRUE" } }, "true"],
  ["false", { Bool: { "aws:SecureTransport": "false" } }, "false"],
  ["MFA is there and false", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, "true"],
  ["MFA is needed if it exists", { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } }, "false"],
  ["neither", { Bool: { "aws:SecureTransport": "yes" } }, "unknown"],
  ["binary", { BinaryEquals: { "kms:EncryptionContext:bin": "QmluYXJ5" } }, "true"],
  ["another binary", { BinaryEquals: { "kms:EncryptionContext:bin": "QmluYXJ6" } }, "false"],
]);

const ip = "kms:EncryptionContext:ip";
table("addresses", [
  ["inside", { IpAddress: { [ip]: ["192.0.2.0/24", "10.0.0.0/8"] } }, "true"],
  ["outside", { IpAddress: { [ip]: ["192.0.2.0/24", "::/0"] } }, "false"],
  ["not outside", { NotIpAddress: { [ip]: "10.1.2.3" } }, "false"],
  ["no range in the policy", { IpAddress: { [ip]: "ten" } }, "unknown"],
  ["no range beside one that holds it", { IpAddress: { [ip]: ["ten", "10.1.2.3/32"] } }, "true"],
  ["no address in the request", { IpAddress: { [org]: "0.0.0.0/0" } }, "false"],
]);

const arn = "aws:PrincipalArn";
table("ARNs", [
  ["equal", { ArnEquals: { [arn]: anthropicAwsRoleArn } }, "true"],
  ["equal with a wildcard", { ArnEquals: { [arn]: "arn:aws:iam::*:role/anthropic-cmek-*" } }, "true"],
  ["like", { ArnLike: { [arn]: `arn:aws:iam::${anthropicAwsAccount}:role/*` } }, "true"],
  ["a wildcard stays in its part", { ArnLike: { "kms:EncryptionContext:colons": "arn:aws:s3:*:c:d" } }, "false"],
  ["a text's wildcard does not", { StringLike: { "kms:EncryptionContext:colons": "arn:aws:s3:*:c:d" } }, "true"],
  ["the last part may hold colons", { ArnLike: { "kms:EncryptionContext:colons": "arn:aws:s3:::a:b:?:d" } }, "true"],
  ["too few parts", { ArnLike: { [arn]: "arn:*:role/*" } }, "unknown"],
  ["too few parts that do not match either", { ArnLike: { [arn]: "arn:*:user/*" } }, "false"],
  ["another partition", { ArnLike: { [arn]: `arn:aws-cn:iam::${anthropicAwsAccount}:role/*` } }, "false"],
  ["another case", { ArnEquals: { [arn]: anthropicAwsRoleArn.replace("anthropic", "Anthropic") } }, "false"],
  [
    "the session is not the principal's ARN",
    { ArnLike: { [arn]: `arn:aws:sts::${anthropicAwsAccount}:assumed-role/*` } },
    "false",
  ],
  ["not", { ArnNotEquals: { [arn]: anthropicAwsRoleArn } }, "false"],
  ["not like", { ArnNotLike: { [arn]: "arn:aws:iam::111122223333:*" } }, "true"],
  ["no ARN in the request", { ArnLike: { [org]: "arn:*:*:*:*:*" } }, "false"],
  ["a bare star", { ArnLike: { [arn]: "*" } }, "unknown"],
  ["a bare star on what is no ARN", { ArnLike: { [org]: "*" } }, "false"],
  ["what is no ARN, the same", { ArnEquals: { [org]: testOrganization } }, "false"],
  ["what is no ARN, negated", { ArnNotEquals: { [org]: testOrganization } }, "true"],
  ["what is no ARN, against one", { ArnEquals: { [arn]: "anthropic-cmek-client-us" } }, "false"],
  ["what is no ARN, of a form", { ArnLike: { "aws:PrincipalOrgID": "o-customer123" } }, "false"],
]);

table("what Anthropic's role sends", [
  ["its account", { StringEquals: { "kms:CallerAccount": anthropicAwsAccount } }, "true"],
  ["its kind", { StringEquals: { "aws:PrincipalType": "AssumedRole" } }, "true"],
  ["no service", { Bool: { "aws:PrincipalIsAWSService": "true" } }, "false"],
  ["not via a service", { Bool: { "aws:ViaAWSService": "false" } }, "true"],
  ["no kms:ViaService", { StringNotEquals: { "kms:ViaService": "s3.us-east-2.amazonaws.com" } }, "true"],
  ["no VPC endpoint", { StringEquals: { "aws:SourceVpce": "vpce-1" } }, "false"],
  ["no account of a VPC endpoint", { StringEquals: { "aws:VpceAccount": anthropicAwsAccount } }, "false"],
  ["no organization of a VPC endpoint", { StringNotEqualsIfExists: { "aws:VpceOrgID": "o-customer123" } }, "true"],
  ["no unit of a VPC endpoint", { Null: { "aws:VpceOrgPaths": "true" } }, "true"],
  ["no source account", { StringEquals: { "aws:SourceAccount": "111122223333" } }, "false"],
  ["not the customer's organization", { StringEquals: { "aws:PrincipalOrgID": "o-customer123" } }, "false"],
  ["not the key's organization", { StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }, "false"],
  [
    "an organization other than the customer's",
    { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-customer123" } },
    "true",
  ],
  ["some organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }, "true"],
  ["perhaps such an organization", { StringLike: { "aws:PrincipalOrgID": "o-a*" } }, "unknown"],
  ["an organization at all", { Null: { "aws:PrincipalOrgID": "false" } }, "true"],
  ["not the customer's unit", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-customer123/*" } }, "false"],
  ["the only algorithm", { StringEquals: { "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT" } }, "true"],
  ["tags of the role", { StringEquals: { "aws:PrincipalTag/x": "y" } }, "unknown"],
  ["tags of the role, if they exist", { StringEqualsIfExists: { "aws:PrincipalTag/x": "y" } }, "unknown"],
  ["whether there is a tag", { Null: { "aws:PrincipalTag/x": "true" } }, "unknown"],
  ["its unique id", { StringLike: { "aws:userid": "AROA*:*" } }, "unknown"],
  ["the alias asked for", { StringEquals: { "kms:RequestAlias": "alias/x" } }, "unknown"],
  ["a key that is not known", { StringEquals: { "aws:Future": "x" } }, "unknown"],
  ["a key that AWS KMS does not publish", { StringEquals: { "kms:Future": "x" } }, "false"],
  ["a pair after a slash", { StringEquals: { "kms:EncryptionContext/anthropic:org_uuid": testOrganization } }, "false"],
  ["a key of AWS STS", { StringEquals: { "sts:ExternalId": "abc" } }, "false"],
  ["a key of Amazon S3", { NumericLessThan: { "s3:TlsVersion": "1.2" } }, "false"],
  ["a key of another service, negated", { StringNotEquals: { "ec2:Region": "x" } }, "true"],
  ["a variable of another service", { StringEquals: { [org]: "${s3:prefix}" } }, "false"],
  ["a key of the caller's session", { StringEquals: { "accounts.google.com:aud": "x" } }, "unknown"],
  ["a key of the caller's SAML session", { StringEquals: { "saml:aud": "x" } }, "unknown"],
  ["a key without a prefix", { StringEquals: { Future: "x" } }, "unknown"],
  ["a key of the caller's workload", { ArnLike: { "lambda:SourceFunctionArn": "arn:*:*:*:*:*" } }, "unknown"],
  ["a published key that is not known", { StringEquals: { "kms:ResourceAliases": "alias/x" } }, "unknown"],
  ["an attestation", { StringEquals: { "kms:RecipientAttestation:PCR0": "x" } }, "unknown"],
  ["a quantifier that is not known", { "ForSomeValues:StringEquals": { [arn]: anthropicAwsRoleArn } }, "unknown"],
  ["an existence test with a suffix", { NullIfExists: { [arn]: "true" } }, "unknown"],
  ["an operator that is not known", { StringResembles: { [arn]: "x" } }, "unknown"],
  ["a parameter of another operation", { StringEquals: { "kms:GranteePrincipal": "x" } }, "false"],
  ["grants are not for a service", { Bool: { "kms:GrantIsForAWSResource": "true" } }, "false"],
  ["nothing", {}, "true"],
  ["an operator without keys", { Bool: {} }, "true"],
  ["two operators", { StringEquals: { [org]: testOrganization }, Bool: { "aws:SecureTransport": "false" } }, "false"],
  ["two keys", { StringEquals: { [org]: testOrganization, [account]: "x" } }, "false"],
]);

table("variables", [
  ["the caller's own value", { StringEquals: { [arn]: "${aws:PrincipalArn}" } }, "true"],
  ["in another case", { StringEquals: { [arn]: "${AWS:principalarn}" } }, "true"],
  [
    "amid text",
    { StringEquals: { [arn]: "arn:aws:iam::${aws:PrincipalAccount}:role/anthropic-cmek-client-us" } },
    "true",
  ],
  ["beside a wildcard", { StringLike: { [arn]: "arn:aws:iam::${aws:PrincipalAccount}:*" } }, "true"],
  ["under an ARN operator", { ArnLike: { [arn]: "arn:aws:iam::${aws:PrincipalAccount}:role/*" } }, "true"],
  ["without regard to case", { StringEqualsIgnoreCase: { "aws:PrincipalType": "${aws:PrincipalType}" } }, "true"],
  ["negated", { StringNotEquals: { [arn]: "${aws:PrincipalArn}" } }, "false"],
  ["without a value", { StringEquals: { [arn]: "${aws:username}" } }, "false"],
  ["without a value, negated", { StringNotEquals: { [arn]: "${aws:username}" } }, "unknown"],
  ["with a default", { StringEquals: { [account]: `\${aws:username, '${anthropicAwsAccount}'}` } }, "true"],
  ["with a default that is not needed", { StringEquals: { [account]: "${aws:PrincipalAccount, 'x'}" } }, "true"],
  ["not known", { StringEquals: { [account]: "${aws:PrincipalTag/x}" } }, "unknown"],
  ["with several values", { StringEquals: { [org]: `\${${keys}, '${testOrganization}'}` } }, "true"],
  ["a star that is none", { StringLike: { [org]: "${*}" } }, "false"],
  ["a question mark that is none", { StringLike: { [org]: `\${?}${testOrganization.slice(1)}` } }, "false"],
  ["a dollar", { StringEquals: { [org]: "${$}" } }, "false"],
  ["no variable", { StringEquals: { [org]: "${ORG}" } }, "false"],
  ["a number", { NumericEquals: { [account]: "${aws:PrincipalAccount}" } }, "unknown"],
]);

describe("what a decision is conditional on", () => {
  const on = (...conditions: readonly Statement[]) =>
    ask(policyText(conditions.map((condition) => allow({ Condition: condition })))).on;

  it("is the key that is not known", () => {
    expect(on({ StringEquals: { "aws:userid": "x", [arn]: anthropicAwsRoleArn } })).toEqual(["aws:userid"]);
  });
  it("is the variable, where the key is known", () => {
    expect(on({ StringEquals: { [account]: "${aws:PrincipalTag/x}" } })).toEqual(["aws:PrincipalTag/x"]);
  });
  it("is both, where neither is known", () => {
    expect(on({ StringEquals: { "aws:userid": "${aws:UserAgent}" } })).toEqual(["aws:UserAgent", "aws:userid"]);
  });
  it("is each name once", () => {
    const written = on({ StringEquals: { "aws:userid": "x" } }, { StringEquals: { "AWS:UserId": "y" } });
    expect(written.map((name) => name.toLowerCase())).toEqual(["aws:userid"]);
  });
});

describe("the version", () => {
  it.each([null, "2008-10-17", "2012-10-18"])("%s has no variables", (version) => {
    const policy = policyText(allow({ Condition: { StringEquals: { [arn]: "${aws:PrincipalArn}" } } }), version);
    expect(ask(policy).decision).toBe("denied");
    const literal = policyText(allow({ Condition: { StringLike: { "kms:EncryptionContext:v": "${*}" } } }), version);
    expect(ask(literal, { encryption_context: { v: "${anything}" } }).decision).toBe("allowed");
  });
});

describe("encryption context", () => {
  const bound = policyText(allow({ Condition: { StringEquals: { [org]: testOrganization } } }));
  const sent = { "anthropic:org_uuid": testOrganization };

  it("is found without regard to the case of its name", () => {
    expect(ask(bound, { encryption_context: { "Anthropic:ORG_uuid": testOrganization } }).decision).toBe("allowed");
  });
  it("is absent from operations that have none", () => {
    expect(ask(bound, { encryption_context: sent, operation: "kms:DescribeKey" }).decision).toBe("denied");
    expect(ask(bound, { encryption_context: sent, operation: "kms:GenerateDataKey" }).decision).toBe("allowed");
  });
  it("may be whatever the caller likes", () => {
    expect(ask(bound, { encryption_context: "any" })).toMatchObject({ decision: "conditional", on: [org] });
  });
  it("leaves pairs that differ only in case open", () => {
    const two = { "anthropic:org_uuid": testOrganization, "anthropic:ORG_UUID": "x" };
    expect(ask(bound, { encryption_context: two }).decision).toBe("conditional");
  });
  it("shows no algorithm to operations that have none", () => {
    const policy = policyText(
      allow({ Condition: { StringEquals: { "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT" } } }),
    );
    expect(ask(policy, { operation: "kms:DescribeKey" }).decision).toBe("denied");
    expect(ask(policy, { operation: "kms:Encrypt" }).decision).toBe("allowed");
  });
});
