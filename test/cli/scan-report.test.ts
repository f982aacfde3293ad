import { text as textOf } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { formatTable } from "../../src/cli/format-table.ts";
import {
  exitCodeOf,
  formats,
  type KeyReport,
  readReport,
  type ScopeReport,
  withExitCode,
} from "../../src/cli/scan-report.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Outcome, OutcomeName } from "../../src/model/outcome.ts";
import type { RefusedCall } from "../../src/model/scan.ts";
import { keyNamed, scope, start } from "../store/support/material.ts";
import { storeOfTest } from "../store/support/store-of-test.ts";

function finding(outcome: OutcomeName, number: number): Finding {
  return {
    id: `fnd_${number}`,
    check: `aws/check-${number}`,
    provider: "aws",
    key: "k",
    resource: { kind: "aws.kms-key", name: "r" },
    status: outcome === "fail" ? "open" : "none",
    latest: {
      outcome,
      status: "none",
      severity: "low",
      message: "",
      evidence: null,
      guidance: "2026-09",
      catalogue: "1",
      since: 0,
      until: null,
    },
    last_decided: null,
    opened_at: null,
    resolved_at: null,
  };
}

function keyOf(name: string, outcomes: readonly OutcomeName[]): KeyReport {
  return { name, resource: "r", findings: outcomes.map(finding) };
}

/** All that a format tells of keys that come so many at a time. */
async function told(
  format: keyof typeof formats,
  { keys, scopes = [], at = 2 }: { keys: readonly KeyReport[]; scopes?: readonly ScopeReport[]; at?: number },
): Promise<string> {
  const portions = Map.groupBy(keys, (key) => Math.floor(keys.indexOf(key) / at)).values();
  const names = keys.map(({ name }) => name);
  return textOf(formats[format]({ names, keys: portions, scopes }));
}

/** The last column of the table of keys. */
async function states(keys: readonly KeyReport[]): Promise<readonly string[]> {
  const [table = ""] = (await told("table", { keys })).split("\n\n");
  const lines = table.trimEnd().split("\n");
  const column = lines[0]?.indexOf("STATE OF ITS CHECKS") ?? 0;
  return lines.slice(1).map((line) => line.slice(column));
}

describe("the state of a key's checks", () => {
  it("is told in one order, whatever was judged first and however many there are", async () => {
    const many = Array.from<OutcomeName>({ length: 26 }).fill("pass");
    expect(
      await states([
        keyOf("a", ["pass", "not-applicable", "not-applicable", "fail"]),
        keyOf("b", ["not-applicable", "not-applicable", ...many, "fail"]),
        keyOf("c", ["error", "not-applicable", "unknown", "pass", "fail"]),
        keyOf("d", ["not-applicable", "pass"]),
        keyOf("e", []),
      ]),
    ).toEqual([
      "1 fail, 1 pass, 2 not-applicable",
      "1 fail, 26 pass, 2 not-applicable",
      "1 fail, 1 unknown, 1 error, 1 pass, 1 not-applicable",
      "1 pass, 1 not-applicable",
      "not judged",
    ]);
  });
});

describe("a refused call", () => {
  it.each<readonly [string, Partial<RefusedCall>, string]>([
    [
      "for want of a permission names it",
      { permission: "cloudkms.cryptoKeys.list", reason: "access-denied" },
      "projects/p: cloudkms:ListCryptoKeys access-denied (2x); it needs the permission cloudkms.cryptoKeys.list: said",
    ],
    [
      "for another reason names no permission",
      { permission: "cloudkms.cryptoKeys.list", reason: "timeout" },
      "projects/p: cloudkms:ListCryptoKeys timeout (2x): said",
    ],
    [
      "that no permission would help is named all the same",
      { permission: null, reason: "api-disabled" },
      "projects/p: cloudkms:ListCryptoKeys api-disabled (2x): said",
    ],
    [
      "for want of credentials is none: their detail says what is wrong",
      { call: "credentials", permission: null, reason: "access-denied" },
      "projects/p: said (2x)",
    ],
  ])("%s", async (_, change, line) => {
    const one: RefusedCall = {
      call: "cloudkms:ListCryptoKeys",
      permission: null,
      reason: "timeout",
      detail: "said",
      subjects: 2,
      ...change,
    };
    const ofScope: ScopeReport = { scope: "projects/p", skipped: false, failed_keys: 0, refused: [one] };

    const text = await told("table", { keys: [], scopes: [ofScope] });
    expect(text.trimEnd().split("\n").at(-1)).toBe(line);
  });
});

/** Three keys of which the first is fine, and whose names are in no order. */
const three = [
  keyOf("a-rather-long-name", ["pass", "not-applicable"]),
  keyOf("b", ["fail", "unknown", "pass", "unknown"]),
  keyOf("Ab", ["fail", "pass", "fail"]),
];
const refusedScope: ScopeReport = {
  scope: "projects/p",
  skipped: true,
  failed_keys: 2,
  refused: [],
};

describe("a report that comes in portions", () => {
  it.each([1, 2, 3])("of %i keys is the same table", async (at) => {
    expect(await told("table", { keys: three, scopes: [refusedScope], at })).toBe(
      [
        "KEY                 SCORE  STATE OF ITS CHECKS",
        "a-rather-long-name  100    1 pass, 1 not-applicable",
        "b                   25     1 fail, 2 unknown, 1 pass",
        "Ab                  33     2 fail, 1 pass",
        "",
        "KEY  SEVERITY  OUTCOME  CHECK        WHAT",
        "Ab   low       fail     aws/check-0",
        "Ab   low       fail     aws/check-2",
        "b    low       fail     aws/check-0",
        "b    low       unknown  2 checks     cannot be judged without something: aws/check-1, aws/check-3",
        "",
        "projects/p: not scanned; another process holds it, or the scan could not be kept",
        "projects/p: the scan of 2 keys broke on a fault of keyposture; see the log",
        "",
      ].join("\n"),
    );
  });

  it.each<[string, readonly KeyReport[]]>([
    ["several keys", three],
    ["a key of which nothing is known", [keyOf("none", [])]],
    ["no key", []],
  ])("is the JSON of the whole: %s", async (_, keys) => {
    const scopes = keys.length === 1 ? [] : [refusedScope];
    const written = await told("json", { keys, scopes });
    expect(written).toBe(`${JSON.stringify(JSON.parse(written), null, 2)}\n`);
    expect(JSON.parse(written)).toMatchObject({
      keys: keys.map(({ name, resource, findings }) => ({
        key: name,
        resource,
        findings: findings.map(({ id }) => ({ id })),
      })),
      scopes,
    });
  });

  it.each<[string, readonly KeyReport[], readonly ScopeReport[]]>([
    ["nothing is wrong", [keyOf("a", ["pass"]), keyOf("b", ["pass"])], []],
    ["one fails", [keyOf("a", ["pass"]), keyOf("b", ["fail"]), keyOf("c", ["unknown"])], [refusedScope]],
    ["one could not be judged", [keyOf("a", ["pass"]), keyOf("b", ["unknown"]), keyOf("c", ["pass"])], []],
    ["one was not judged", [keyOf("a", []), keyOf("b", ["pass"])], []],
    ["a scope was not read", [keyOf("a", ["pass"])], [refusedScope]],
    ["there is none", [], []],
  ])("has the exit code of the whole where %s", async (_, keys, scopes) => {
    for (const failOn of ["low", "high", "none"] as const) {
      const names = keys.map(({ name }) => name);
      const { report, exitCode } = withExitCode({ names, keys: keys.map((key) => [key]), scopes }, failOn);
      await textOf(formats.table(report));
      expect(exitCode()).toBe(exitCodeOf({ keys, scopes }, failOn));
    }
  });
});

it("a table has any number of rows", () => {
  const rows = Array.from({ length: 200_000 }, () => ["a", "b"]);
  expect(formatTable(["ONE", "TWO"], rows)).toHaveLength("ONE  TWO\n".length + rows.length * "a    b\n".length);
});

it("more keys than are read at a time have each its own findings, in the order in which they were asked for", async () => {
  const { store } = await storeOfTest();
  const names = Array.from({ length: 120 }, (_, number) => `key-${(number * 7) % 120}`);
  await store.write(async (tx) => {
    for (const [place, name] of names.entries()) {
      await tx.registerKey(keyNamed(name), start);
      // One of which nothing is concluded.
      if (place === 60) continue;
      const severities = ["low", "critical", "high"] as const;
      const outcomes = severities.map((severity, number): Outcome => {
        const outcome = (place + number) % 3 === 0 ? "fail" : "pass";
        return { check: `aws/check-${number}`, severity, outcome, message: `${name} ${number}`, evidence: { place } };
      });
      await tx.saveOutcomes(name, outcomes, { at: start, guidance: "2026-09", catalogue: "test" });
    }
  });

  const asked = [...names, "nobody"];
  const report = readReport({ read: store.read, keys: asked, begun: [{ scope }], scans: [undefined] });
  const portions: (readonly KeyReport[])[] = [];
  for await (const keys of report.keys) portions.push(keys);

  expect(portions.length).toBeGreaterThan(1);
  expect(report.scopes).toMatchObject([{ scope, skipped: true }]);
  expect(portions.flat().map(({ name }) => name)).toEqual(asked);
  for (const { name, resource, findings } of portions.flat()) {
    expect(resource, name).toBe((await store.read.key(name))?.resource ?? "");
    const { findings: alone } = await store.read.findings({ filters: { key: [name] }, limit: 10 });
    expect(findings, name).toEqual(alone);
    expect(findings).toHaveLength(name === names[60] || name === "nobody" ? 0 : 3);
  }
});
