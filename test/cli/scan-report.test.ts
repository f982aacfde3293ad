import { describe, expect, it } from "vitest";
import { formats, type KeyReport, type ScopeReport } from "../../src/cli/scan-report.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { OutcomeName } from "../../src/model/outcome.ts";
import type { RefusedCall } from "../../src/model/scan.ts";

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

/** The last column of the table of keys. */
function states(keys: readonly KeyReport[]): readonly string[] {
  const [table = ""] = formats.table({ keys, scopes: [] }).split("\n\n");
  const lines = table.trimEnd().split("\n");
  const column = lines[0]?.indexOf("STATE OF ITS CHECKS") ?? 0;
  return lines.slice(1).map((line) => line.slice(column));
}

describe("the state of a key's checks", () => {
  it("is told in one order, whatever was judged first and however many there are", () => {
    const many = Array.from<OutcomeName>({ length: 26 }).fill("pass");
    expect(
      states([
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
  ])("%s", (_, change, line) => {
    const one: RefusedCall = {
      call: "cloudkms:ListCryptoKeys",
      permission: null,
      reason: "timeout",
      detail: "said",
      subjects: 2,
      ...change,
    };
    const scope: ScopeReport = { scope: "projects/p", skipped: false, failed_keys: 0, refused: [one] };

    expect(
      formats
        .table({ keys: [], scopes: [scope] })
        .trimEnd()
        .split("\n")
        .at(-1),
    ).toBe(line);
  });
});
