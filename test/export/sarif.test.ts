import { describe, expect, it } from "vitest";
import { type FindingStatus, findingStatuses } from "../../src/model/finding.ts";
import { type OutcomeName, outcomes, type Severity, severities } from "../../src/model/outcome.ts";
import { arn, asOf, card, exported, failing, hostileTexts, lost, written } from "./material.ts";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly suppressions: readonly object[];
}

interface Log {
  readonly runs: readonly [
    { readonly tool: { readonly driver: { readonly rules: readonly object[] } }; readonly results: readonly Result[] },
  ];
}

async function runOf(...portions: Parameters<typeof written>[1][]) {
  return (JSON.parse(await written("sarif", ...portions)) as Log).runs[0];
}

async function resultOf(...finding: Parameters<typeof exported>): Promise<Result | undefined> {
  return (await runOf([exported(...finding)])).results[0];
}

describe("findings as SARIF", () => {
  it("are one run, with or without findings", async () => {
    expect(JSON.parse(await written("sarif", []))).toEqual({
      $schema: expect.stringContaining("sarif-schema-2.1.0.json"),
      version: "2.1.0",
      runs: [
        {
          results: [],
          tool: { driver: { name: "Keyposture", version: "1.2.3", semanticVersion: "1.2.3", rules: [] } },
          properties: { as_of: new Date(asOf).toISOString() },
        },
      ],
    });
    expect((await runOf([exported()], [], [exported(), exported()])).results).toHaveLength(3);
  });

  it("tell of each check once what it is", async () => {
    const other = { ...card, id: "aws/other", severity: "low", references: [], controls: [] } as const;
    const { tool, results } = await runOf(
      [exported(), exported({ check: other.id }, { card: other })],
      [exported(), exported({ check: "aws/gone", title: null }, { card: null })],
    );
    expect(results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1, 0, 2]);
    expect(tool.driver.rules).toEqual([
      {
        id: "aws/key-enabled",
        shortDescription: { text: "The key is enabled" },
        fullDescription: { text: "Nothing can be read without it." },
        help: { text: `Enable the key.\n${card.references.join("\n")}` },
        helpUri: card.references[0],
        defaultConfiguration: { level: "error" },
        properties: {
          "security-severity": "9.0",
          tags: ["security", "CIS AWS 7.0 5.7", "CIS AWS 7.0 4.1", "FSBP 2026 KMS.3"],
        },
      },
      {
        id: "aws/other",
        shortDescription: { text: "The key is enabled" },
        fullDescription: { text: "Nothing can be read without it." },
        help: { text: "Enable the key." },
        defaultConfiguration: { level: "note" },
        properties: { "security-severity": "2.0", tags: ["security"] },
      },
      { id: "aws/gone" },
    ]);
  });

  it("name the resource, which is no file, and the finding, which never changes", async () => {
    expect(await resultOf()).toMatchObject({
      locations: [{ logicalLocations: [{ name: "prod", fullyQualifiedName: arn, kind: "resource" }] }],
      partialFingerprints: { "findingId/v1": "fnd_1" },
      properties: { account: "111122223333", location: "us-east-2", labels: { team: "search" }, status: "open" },
    });
    const nobodys = await resultOf({ key: null }, { key: null });
    expect(nobodys).toMatchObject({ locations: [{ logicalLocations: [{ fullyQualifiedName: arn }] }] });
    expect(nobodys).not.toHaveProperty("properties.account");
  });

  it.each([
    ["critical", "9.0", "error"],
    ["high", "7.0", "error"],
    ["medium", "4.0", "warning"],
    ["low", "2.0", "note"],
  ] as const satisfies readonly (readonly [Severity, string, string])[])(
    "say of a %s check %s, and of its failure %s",
    async (severity, score, level) => {
      const { tool, results } = await runOf([exported({ severity }, { card: { ...card, severity } })]);
      expect(tool.driver.rules).toMatchObject([{ properties: { "security-severity": score } }]);
      expect(results).toMatchObject([{ kind: "fail", level }]);
    },
  );

  const kindOfWatched = {
    pass: "pass",
    fail: "fail",
    unknown: "open",
    "not-applicable": "notApplicable",
    error: "open",
  } as const satisfies Record<OutcomeName, string>;
  const kindOfRetired = { ...kindOfWatched, fail: "informational", unknown: "informational", error: "informational" };
  const cases = outcomes.flatMap((outcome) =>
    findingStatuses.flatMap((status) => severities.map((severity) => [outcome, status, severity] as const)),
  );
  it.each(cases)("say of %s, %s, %s what it is", async (outcome, status, severity) => {
    const result = await resultOf({ outcome, status, severity });
    const kind = (status === "retired" ? kindOfRetired : kindOfWatched)[outcome];
    expect(result?.kind).toBe(kind);
    expect(result?.level === "none").toBe(kind !== "fail");
    expect(result?.suppressions).toEqual(status === "accepted" ? [{ kind: "external", status: "accepted" }] : []);
  });

  it.each([
    ["open", "fail", "error"],
    ["accepted", "fail", "error"],
    ["retired", "informational", "none"],
    ["resolved", "open", "none"],
    ["none", "open", "none"],
  ] as const satisfies readonly (readonly [FindingStatus, string, string])[])(
    "say of a failure that is %s and out of sight %s",
    async (status, kind, level) => {
      for (const outcome of ["unknown", "error"] as const) {
        const result = await resultOf({ ...lost, outcome, status });
        expect(result).toMatchObject({ kind, level });
        const both = `${failing.message}; cannot be judged now: ${lost.message}`;
        expect(result?.message.text).toBe(kind === "fail" ? both : lost.message);
      }
    },
  );

  it.each(hostileTexts)("carry %j as it is", async (text) => {
    const { results } = await runOf([exported({ message: text })]);
    expect(results[0]?.message.text).toBe(text);
  });
});
