import { describe, expect, it } from "vitest";
import { type DocumentType, documentKinds } from "../../src/access/documents.ts";
import { parseKeyResource } from "../../src/config/key-resource.ts";
import { documentedPolicy, testAccount, testKeyArn, testRegistration } from "../support/aws-kms-key.ts";
import { documentedPolicies } from "../support/documented-policies.ts";
import { context, file, judgeFile, ofAccount, ofNobody, publicPolicy, results } from "./lint-files.ts";

describe("a key policy", () => {
  it.each(documentedPolicies)("as documented in $guidance, $name, passes everything but advice", async (policy) => {
    const path = file("documented.json", policy.text);
    const report = await judgeFile(path, { ...context, guidance: policy.guidance });
    const bad = report.outcomes.filter(({ outcome }) => outcome === "error" || outcome === "unknown");
    expect(report).toMatchObject({ error: null, type: "aws-key-policy" });
    expect(bad).toEqual([]);
    expect(results(report)).toMatchObject({
      "aws/no-public-access": "pass",
      "aws/principal-role-scoped": "pass",
      "aws/role-least-privilege": "pass",
      "aws/no-unexpected-external-principal": "pass",
    });
  });

  it("is judged by what it tells, and by nothing else", async () => {
    const report = await judgeFile(file("some.json", documentedPolicy()), context);
    for (const check of ["key-exists", "key-enabled", "cloudtrail-logs-key-use", "rotation-enabled"]) {
      expect(results(report)).not.toHaveProperty(`aws/${check}`);
    }
  });

  it("may be what AWS answers GetKeyPolicy", async () => {
    const plain = await judgeFile(file("plain.json", publicPolicy), context);
    const answer = JSON.stringify({ Policy: publicPolicy, PolicyName: "default" }, null, 4);
    const wrapped = await judgeFile(file("answer.json", answer), context);
    expect(results(plain)).toMatchObject({ "aws/no-public-access": "fail" });
    expect(wrapped.outcomes).toEqual(plain.outcomes);
  });

  it("may begin with a byte order mark", async () => {
    const report = await judgeFile(file("bom.json", `\uFEFF${documentedPolicy()}`), context);
    expect(report.error).toBeNull();
  });

  it("leaves out without an account what depends on it, and judges the rest", async () => {
    const stranger = documentedPolicy().replace("915198916910:role/anthropic-cmek-client-us", "444455556666:role/x");
    const path = file("stranger.json", stranger);
    const known = await judgeFile(path, { ...context, origin: ofAccount });
    const unknown = await judgeFile(path, { ...context, origin: ofNobody });
    expect(results(known)).toMatchObject({ "aws/no-unexpected-external-principal": "fail" });
    expect(results(unknown)).not.toHaveProperty("aws/no-unexpected-external-principal");
    expect(results(unknown)).toMatchObject({ "aws/no-public-access": "pass" });
    expect(Object.entries(results(known))).toEqual(expect.arrayContaining(Object.entries(results(unknown))));
  });

  it("expects whom it is told to expect", async () => {
    const guest = "arn:aws:iam::444455556666:role/guest";
    const statement = { Effect: "Allow", Principal: { AWS: guest }, Action: "kms:Decrypt", Resource: "*" };
    const parsed = JSON.parse(documentedPolicy()) as { Statement: unknown[] };
    const path = file("guest.json", JSON.stringify({ ...parsed, Statement: [...parsed.Statement, statement] }));
    const registration = { ...testRegistration, expected_principals: [guest] };
    const check = "aws/no-unexpected-external-principal";
    expect(results(await judgeFile(path, context))[check]).toBe("fail");
    expect(results(await judgeFile(path, { ...context, registration }))[check]).toBe("pass");
  });
});

describe("the key that a policy belongs to", () => {
  const keys = (text: string, origin: Parameters<(typeof documentKinds)[DocumentType]["keys"]>[1]) =>
    documentKinds["aws-key-policy"].keys(text, origin).map(({ resource }) => resource);

  it("is the one that is named", () => expect(keys(documentedPolicy(), context.origin)).toEqual([testKeyArn]));

  it("is of the account that is named, and the one that the policy names of that account", () => {
    expect(keys(documentedPolicy(), ofAccount)).toEqual([expect.stringContaining(`:${testAccount}:key/`)]);
    expect(keys(documentedPolicy().replaceAll('"*"', `"${testKeyArn}"`), ofAccount)).toContain(testKeyArn);
  });

  it("has the partition that the policy has for the account", () => {
    const china = documentedPolicy().replace(`arn:aws:iam::${testAccount}`, `arn:aws-cn:iam::${testAccount}`);
    expect(keys(china, ofAccount)).toEqual([expect.stringMatching(/^arn:aws-cn:kms:/)]);
  });

  it("may be of any account where none is said, Anthropic's own excepted", () => {
    const accounts = keys(documentedPolicy(), ofNobody).map((arn) => arn.split(":")[4]);
    expect(accounts).toContain(testAccount);
    expect(accounts.length).toBeGreaterThan(2);
    expect(accounts).not.toContain("915198916910");
  });

  const elsewhere = `arn:aws:kms:us-east-2:${testAccount}:key/00000000-1111-4222-8333-444455556666`;
  const roleStatement = (change: object) => {
    const parsed = JSON.parse(documentedPolicy()) as { Statement: { Sid: string; Resource?: string }[] };
    const Statement = parsed.Statement.map(({ Resource, ...others }) => {
      if (others.Sid !== "AnthropicUses") return { ...others, Resource };
      return "NotResource" in change ? { ...others, ...change } : { ...others, Resource, ...change };
    });
    return JSON.stringify({ ...parsed, Statement });
  };
  const inRegion = (operator: string, region: string) =>
    roleStatement({
      Condition: {
        StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": testRegistration.organizations[0] },
        [operator]: { "aws:RequestedRegion": region },
      },
    });
  const denying = (resource: string) => {
    const parsed = JSON.parse(documentedPolicy()) as { Statement: object[] };
    const deny = { Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: resource };
    return JSON.stringify({ ...parsed, Statement: [...parsed.Statement, deny] });
  };
  const use = "aws/role-can-encrypt-and-decrypt";

  it.each<[string, string, string]>([
    ["a NotResource names one", roleStatement({ NotResource: elsewhere }), use],
    ["a Deny names one", denying(elsewhere), "aws/no-blocking-deny"],
    ["a region is asked for", inRegion("StringEqualsIgnoreCase", "us-west-2"), use],
    ["the region is asked for that an invented key has", inRegion("StringLike", "us-east-2"), use],
    ["regions are asked for by a pattern", inRegion("StringLike", "ap-*"), use],
    ["a region is shut out", inRegion("StringNotEquals", "us-west-2"), use],
    ["a Resource names a region", roleStatement({ Resource: `arn:aws:kms:us-west-2:${testAccount}:key/*` }), use],
  ])("is not told where %s", async (_, text, check) => {
    const path = file("key.json", text);
    for (const origin of [ofAccount, ofNobody]) {
      expect(results(await judgeFile(path, { ...context, origin }))).not.toHaveProperty(check);
    }
    expect(results(await judgeFile(path, context))).toHaveProperty(check);
  });

  it("is the one that an Allow names, whatever else is named", async () => {
    const path = file("named.json", denying(elsewhere).replaceAll('"Resource":"*"', `"Resource":"${testKeyArn}"`));
    expect(results(await judgeFile(path, { ...context, origin: ofAccount }))).toMatchObject({
      [use]: "pass",
      "aws/no-blocking-deny": "pass",
    });
  });

  it("is a key by its form", () => {
    for (const arn of keys(documentedPolicy(), ofNobody)) expect(parseKeyResource(arn)).toMatchObject({ ok: true });
  });
});
