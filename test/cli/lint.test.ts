import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { accountOption, principalOption, resourceOption, uuidOption } from "../../src/cli/document-options.ts";
import { documentFormats, exitCodeOf, type FileReport } from "../../src/cli/document-report.ts";
import type { FailOn } from "../../src/cli/fail-on.ts";
import { type FileContext, judgeFile as judgeWithCorrection } from "../../src/cli/judge-file.ts";
import { setOption } from "../../src/cli/registered-options.ts";
import type { RegistrationFields } from "../../src/config/registration-schema.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { OutcomeName, Severity } from "../../src/model/outcome.ts";
import { documentedPolicy, testAccount, testKey, testKeyArn, testRegistration } from "../support/aws-kms-key.ts";
import { testGcpKey } from "../support/gcp-kms-key.ts";
import { context, file, folder, judgeFile, ofNobody, publicPolicy, results } from "./lint-files.ts";

describe("a file that cannot be judged", () => {
  const policyError = (text: string, type: FileContext["type"] = null) =>
    judgeFile(file("broken.json", text), { ...context, type });

  it.each([
    ["JSON that breaks", '{"Version": "2012-10-17",\n "Statement": [{]}', "aws-key-policy", /line 2, column 17/],
    ["a key that stands twice", '{"Statement": [],\n"Statement": []}', "aws-key-policy", /twice.*line 2, column 1/],
    ["an effect that is none", '{"Statement": {"Effect": "Permit"}}', "aws-key-policy", /Effect.*line 1, column 26/],
    ["the text in an answer", '{"Policy": "{\\n \\"Statement\\": 3}"}', "aws-key-policy", /text of Policy.*line 2/],
    ["a binding without a role", '{"bindings": [{}]}', "gcloud-iam-policy", /role is missing \(line 1, column 15\)$/],
    ["no known document", '{"vaults": []}', "aws-key-policy", /--type.*line 1, column 2/],
    ["nothing", "", "aws-key-policy", /ends too early \(line 1, column 1\)$/],
    ["white space", " \n ", "aws-key-policy", /ends too early \(line 2, column 2\)$/],
    ["what ends too early", '{"Version":"2012-10-17"', "aws-key-policy", /\(line 1, column 24\)$/],
    ["no JSON", "not json at all", "aws-key-policy", /unexpected "n" \(line 1, column 1\)$/],
    ["an empty object", "{}", "aws-key-policy", /Statement is missing \(line 1, column 1\)$/],
    ["a list", "[]", "aws-key-policy", /must be an object \(line 1, column 1\)$/],
    ["no statements", '{"Version":"2012-10-17"}', "aws-key-policy", /Statement is missing \(line 1, column 1\)$/],
    ["a typing error", '{\n  "Statment": []}', "aws-key-policy", /"Statment".*\(line 2, column 3\)$/],
    ["a snapshot of another version", '{"format": "keyposture-snapshot/9"}', "snapshot", /keyposture-snapshot\/1/],
  ])("%s", async (_, text, type, error) => {
    const report = await policyError(text);
    expect(report).toMatchObject({ type, outcomes: [], error: expect.stringMatching(error) });
  });

  it.each([
    ["a key policy", documentedPolicy(), "aws-key-policy"],
    ["an IAM policy", '{"bindings": []}', "gcloud-iam-policy"],
    ["a vault", '{"properties": {"vaultUri": "https://acme.vault.azure.net/"}}', "az-vault"],
    ["a key", '{"key": {"kid": "https://acme.vault.azure.net/keys/a/1"}}', "az-key"],
    ["role assignments", '[{"roleDefinitionId": "x"}]', "az-role-assignments"],
  ])("is %s that is given for a snapshot, and says who judges it", async (_, text, kind) => {
    const report = await policyError(text, "snapshot");
    expect(report).toMatchObject({ type: "snapshot", outcomes: [] });
    expect(report.error).toBe(
      `it is no snapshot of \`collect\` (no format "keyposture-snapshot/1"); it looks like ${kind}, which \`lint\` judges`,
    );
  });

  it.each(["{}", "[]", "3", "keys: []", "", '{"format": "spdx"}'])("is %j, given for a snapshot", async (text) => {
    const { error } = await policyError(text, "snapshot");
    expect(error).toBe('it is no snapshot of `collect` (no format "keyposture-snapshot/1")');
  });

  it("is a snapshot that breaks off", async () => {
    const { error } = await policyError('{"format": "keyposture-snapshot/1",', "snapshot");
    expect(error).toMatch(/line 1, column \d+/);
  });

  it("is one that its type does not fit", async () => {
    expect(await policyError('{"bindings": []}', "aws-key-policy")).toMatchObject({
      error: expect.stringMatching(/line 1, column 2/),
    });
  });

  it.each([
    ["a key", testGcpKey, documentedPolicy(), /it is about a key of aws, and --resource names one of gcp/],
    [
      "a key of the other one",
      testKey,
      '{"bindings": []}',
      /it is about a key of gcp, and --resource names one of aws/,
    ],
  ])("is one of another provider than that of %s", async (_, key, text, error) => {
    const of = { ...context, origin: { account: key.account, key } };
    expect(await judgeFile(file("other.json", text), of)).toMatchObject({
      outcomes: [],
      error: expect.stringMatching(error),
    });
  });

  it.each([
    ["AWS", "project", "acme-prod", documentedPolicy(), "an account of AWS has 12 digits"],
    ["AWS", "vault", "acme.vault.azure.net", documentedPolicy(), "an account of AWS has 12 digits"],
    ["Google Cloud", "vault", "acme.vault.azure.net", '{"bindings": []}', "that is no project of Google Cloud"],
    ["Azure", "account of AWS", testAccount, '{"key": {"kid": "x"}}', "that is no host of a vault of Azure"],
    ["Azure", "project", "acme-prod", '[{"roleDefinitionId": "x"}]', "that is no host of a vault of Azure"],
  ])("is one of %s where the %s was named", async (_, __, account, text, error) => {
    const of = { ...context, origin: { account, key: null } };
    expect(await judgeFile(file("other.json", text), of)).toMatchObject({
      outcomes: [],
      error: `--account is ${account}, and ${error}`,
    });
  });

  it.each<[NonNullable<FileContext["type"]>, string, string]>([
    ["az-key", documentedPolicy(), "aws-key-policy"],
    ["az-vault", documentedPolicy(), "aws-key-policy"],
    ["gcloud-iam-policy", '{"key": {"kid": "https://acme.vault.azure.net/keys/a/1"}}', "az-key"],
    ["az-vault", '{"format": "keyposture-snapshot/1"}', "snapshot"],
  ])("is, by --type, %s, and looks like another kind", async (type, text, kind) => {
    const report = await policyError(text, type);
    expect(report).toMatchObject({ type, outcomes: [], error: `it looks like ${kind}, and --type names ${type}` });
    expect(exitCodeOf([report], "none")).toBe(2);
  });

  it("is not refused for its looks where it looks like nothing", async () => {
    const report = await judgeFile(file("bare.json", '{"tags": {}}'), { ...context, type: "az-key", origin: ofNobody });
    expect(report).toMatchObject({ type: "az-key", error: null });
  });

  it("is one that is not there, is a folder, or is no text", async () => {
    expect(await judgeFile(join(folder, "nothing"), context)).toMatchObject({
      type: null,
      error: expect.stringMatching(/no such file/),
    });
    expect(await judgeFile(folder, context)).toMatchObject({ error: expect.stringMatching(/directory/) });
    const utf16 = file("utf16.json", Buffer.from(documentedPolicy(), "utf16le"));
    expect(await judgeFile(utf16, context)).toMatchObject({ error: expect.stringMatching(/line 1, column 2/) });
    expect((await judgeFile(folder, context)).error).toBe("it is a directory, and a file is expected");
    const below = join(utf16, "below");
    expect((await judgeFile(below, context)).error).toBe("there is no such file");
  });

  it.each<[string, readonly number[], string]>([
    ["at the start", [0xff, 0xfe, 0x7b], "line 1, column 1"],
    ["in Latin-1", [0x7b, 0x0a, 0x22, 0xe4, 0x22, 0x7d], "line 2, column 2"],
    ["after letters of several bytes", [...Buffer.from('"\u00e4\ufffd'), 0xef, 0xbf, 0x22], "line 1, column 4"],
    ["that ends inside a letter", [0x22, 0xe2, 0x82], "line 1, column 2"],
  ])("is one with a bad byte %s", async (_, bytes, where) => {
    const report = await judgeFile(file("bytes.json", Uint8Array.from(bytes)), context);
    expect(report).toMatchObject({ type: null, error: `it is not UTF-8 text (${where})` });
  });
});

describe("a correction", () => {
  it("mends what fails, and is what a second look passes", async () => {
    const { report, corrected } = await judgeWithCorrection(file("open.json", publicPolicy), context);
    expect(results(report)).toMatchObject({ "aws/no-public-access": "fail" });
    const mended = corrected ?? expect.fail("no correction is offered");
    expect(mended.mended).toContain("aws/no-public-access");
    const again = results(await judgeFile(file("mended.json", mended.content), context));
    for (const check of mended.mended) expect(again[check], check).toBe("pass");
  });

  it("is not offered where nothing fails, or for a key that nobody named", async () => {
    const documented = await judgeWithCorrection(file("fine.json", documentedPolicy()), context);
    const ofAnybody = await judgeWithCorrection(file("open.json", publicPolicy), { ...context, origin: ofNobody });
    expect([documented.corrected, ofAnybody.corrected]).toEqual([null, null]);
  });
});

describe("the exit code", () => {
  const report = (...outcomes: readonly [OutcomeName, Severity][]): FileReport => ({
    file: "a",
    type: "aws-key-policy",
    error: null,
    outcomes: outcomes.map(([outcome, severity]) => ({ check: "x", outcome, severity, message: "", evidence: null })),
  });
  const failed: FileReport = { ...report(), error: "broken" };
  it.each<[string, readonly FileReport[], FailOn, number]>([
    ["all pass", [report(["pass", "critical"], ["not-applicable", "high"])], "low", 0],
    ["a failure at the limit", [report(["fail", "high"])], "high", 1],
    ["a failure above it", [report(["fail", "critical"])], "high", 1],
    ["a failure below it", [report(["fail", "medium"])], "high", 0],
    ["a failure that is not asked for", [report(["fail", "critical"])], "none", 0],
    ["an open outcome", [report(["unknown", "low"])], "none", 3],
    ["an error of a check", [report(["error", "low"])], "high", 3],
    ["a failure beside an open outcome", [report(["unknown", "low"], ["fail", "high"])], "high", 1],
    ["a bad file beside a failure", [report(["fail", "critical"]), failed], "high", 2],
  ])("%s", (_, files, failOn, code) => expect(exitCodeOf(files, failOn)).toBe(code));

  it("comes with a table that shows what is not fine", () => {
    const text = documentFormats.table([report(["fail", "low"], ["fail", "critical"], ["pass", "high"]), failed]);
    expect(text).toContain("a (aws-key-policy): 2 fail, 1 pass\n");
    expect(text.indexOf("critical")).toBeLessThan(text.indexOf("low"));
    expect(text).toContain("a: cannot be judged: broken");
  });
});

describe("the command", () => {
  interface Run {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  function run(...args: readonly string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(process.execPath, [main, "lint", ...args], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }
  let good: string;
  let bad: string;
  let broken: string;
  beforeAll(() => {
    good = file("good.json", documentedPolicy());
    bad = file("public.json", publicPolicy);
    broken = file("broken.json", '{"Statement": [}');
  });
  const about = ["--account", testAccount, "--organization", testRegistration.organizations[0] ?? ""];

  it("tells of every file, in order, as published", async () => {
    const { code, stdout } = await run(bad, broken, good, ...about, "--format", "json");
    const { files } = JSON.parse(stdout) as { files: Record<string, unknown>[] };
    expect(code).toBe(2);
    expect(files.map((one) => one["file"])).toEqual([bad, broken, good]);
    for (const one of files) expect(Object.keys(one)).toEqual(["file", "type", "error", "results"]);
    expect(files[1]).toMatchObject({ error: expect.stringMatching(/line 1, column 16/), results: [] });
    const told = files[0]?.["results"] ?? expect.fail("nothing is said of the first file");
    for (const one of told as Record<string, unknown>[]) {
      expect(Object.keys(one)).toEqual(["check", "outcome", "severity", "message"]);
    }
  });

  it("ends as its findings say", async () => {
    const [clean, open, quiet] = await Promise.all([
      run(good, ...about),
      run(bad, ...about),
      run(bad, ...about, "--fail-on", "none"),
    ]);
    expect([clean.code, open.code]).toEqual([0, 1]);
    expect([0, 3]).toContain(quiet.code);
    expect(open.stdout).toContain("aws/no-public-access");
  });

  it("prints the corrected policy alone", async () => {
    const { code, stdout, stderr } = await run(bad, ...about, "--correct");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveProperty("Statement");
    expect(stderr).toMatch(/^mended: .*aws\/no-public-access/);
  });

  it("says that there is nothing to mend where it prints nothing", async () => {
    const { code, stdout, stderr } = await run(good, ...about, "--correct");
    expect([code, stdout, stderr]).toEqual([0, "", "nothing fails, so nothing is printed\n"]);
  });

  const unboundPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${testAccount}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { AWS: anthropicAwsRoleArn },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"],
        Resource: "*",
      },
    ],
  });

  it("says that a check is mended also where another one's correction does it", async () => {
    const { stderr, stdout } = await run(file("unbound.json", unboundPolicy), ...about, "--correct");
    const again = await run(file("bound.json", stdout), ...about, "--format", "json");
    const { files } = JSON.parse(again.stdout) as { files: { results: { check: string; outcome: string }[] }[] };
    const failing = files[0]?.results.filter(({ outcome }) => outcome === "fail").map(({ check }) => check);
    const [, mended = ""] = /^mended: (.*)$/m.exec(stderr) ?? [];
    expect(mended.split(", ")).toContain("aws/encryption-context-organization");
    expect(failing).toEqual([]);
    expect(stderr).not.toContain("no correction");
  });

  it("says how to say what messages name as a setting", async () => {
    const { stdout } = await run(bad, "--account", testAccount);
    expect(stdout).toContain(
      "For aws/encryption-context-organization, aws/encryption-context-organization-known: `organizations` is said with --organization.",
    );
    expect(stdout).toMatch(/^For aws\/[^:]+: say --set in_use_since=…\.$/m);
    const told = await run(bad, ...about, "--set", "in_use_since=2026-07-01");
    expect(told.stdout).not.toMatch(/in_use_since|--organization/);
  });

  it("takes UUIDs in capitals, and says how", async () => {
    const [organization = ""] = testRegistration.organizations;
    const capitals = organization.toUpperCase();
    const given = ["--account", testAccount, "--organization", capitals, "--compartment", capitals];
    const { code, stderr } = await run(good, ...given, "--fail-on", "none");
    expect([0, 3]).toContain(code);
    expect(stderr).toContain(`${capitals} is taken as ${organization}`);
  });

  it.each([
    ["no file", []],
    ["an account that is none", ["x", "--account", "12"]],
    ["two accounts", ["x", "--account", "444455556666", "--resource", testKeyArn]],
  ])("refuses %s with one message", async (_, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
    expect(stderr).not.toContain("    at ");
  });
});

describe("the options", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["an account", () => accountOption("12"), /12 digits.*id of a project/],
    ["a project with what stands before it", () => accountOption("projects/acme-prod"), /id of a project/],
    ["a resource", () => resourceOption("alias/x"), /alias/],
    ["a tagged id", () => uuidOption("wrkspc_01"), /tagged id/],
    ["a UUID in capitals that lacks a digit", () => uuidOption("3F2B1C9D-6B1E-4C58-9D53-2F1A0E7C4B6"), /UUID/],
    ["everybody", () => principalOption("*"), /Expected/],
    ["nobody", () => principalOption("somebody"), /Expected/],
    ["a setting without a value", () => setOption("in_use_since"), /<name>=<value>, with one of in_use_since/],
    ["a setting that is none of a key", () => setOption("gcp.own_domains=x"), /<name>=<value>/],
    ["a day that is none", () => setOption("in_use_since=2026-02-30"), /a date such as/],
    ["a tenant that is none", () => setOption("azure.tenant_id=acme"), /the id of a tenant, a UUID/],
    ["everybody in Google Cloud", () => principalOption("allUsers"), /Expected/],
    ["an address of nobody says whose", () => principalOption("ann@acme.example"), /user:, group: or serviceAccount:/],
    ["an ARN with a hole", () => principalOption("arn:aws:iam::111122223333:role/<name>"), /Expected/],
  ])("refuse %s", (_, parse, message) => expect(parse).toThrow(message));

  it("may be repeated, and hold nothing twice", () => {
    const [one, two] = ["444455556666", "arn:aws:iam::444455556666:role/guest"];
    expect(principalOption(two, principalOption(one, principalOption(one)))).toEqual([one, two]);
    for (const other of ["s3.amazonaws.com", "o-a1b2c3d4e5"]) expect(principalOption(other)).toEqual([other]);
  });

  it("say each setting of a key", () => {
    const tenant = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";
    const said = [`azure.tenant_id=${tenant}`, "in_use_since=2026-07-01", "azure.dedicated_vault=true"];
    expect(said.reduce<RegistrationFields>((before, text) => setOption(text, before), {})).toMatchObject({
      in_use_since: "2026-07-01",
      azure: { tenant_id: tenant, dedicated_vault: true, vault_resource_id: null },
    });
  });

  it("name accounts, projects and members of Google Cloud as well", () => {
    expect(["111122223333", "acme-prod", "example.com:acme-prod"].map(accountOption)).toHaveLength(3);
    for (const member of ["user:ann@acme.example", "serviceAccount:a@p-project.iam.gserviceaccount.com"]) {
      expect(principalOption(member)).toEqual([member]);
    }
  });
});
