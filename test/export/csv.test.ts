import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRow } from "../../src/export/csv.ts";
import { exported, hostileTexts, lost, written } from "./material.ts";
import { parseCsv } from "./parse-csv.ts";

/** Each row by the names of the first one. */
async function rowsOf(...findings: Parameters<typeof written>[1][]) {
  const [names = [], ...rows] = parseCsv(await written("csv", ...findings));
  return rows.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column]])));
}

describe("findings as CSV", () => {
  it("have a line of names, and a line each, whatever portions they came in", async () => {
    const [first, second] = [exported({ id: "fnd_1" }), exported({ id: "fnd_2" })];
    expect((await rowsOf([first], [], [second])).map(({ id }) => id)).toEqual(["fnd_1", "fnd_2"]);
    expect(await rowsOf([first, second])).toEqual(await rowsOf([first], [second]));
    expect(await written("csv")).toMatch(/^id,check,title,[a-z0-9_,]+\r\n$/);
  });

  it("have these columns", async () => {
    const evidence = hash("sha256", '{"caused_by":["aws/key-exists"],"state":"Disabled"}', "hex");
    expect(await rowsOf([exported({ caused_by: ["aws/a", "aws/b"] })])).toEqual([
      {
        id: "fnd_1",
        check: "aws/key-enabled",
        title: "The key is enabled",
        provider: "aws",
        account: "111122223333",
        location: "us-east-2",
        key: "prod",
        resource_kind: "aws.kms-key",
        resource: exported().body.resource.name,
        labels: "env=prod,team=search",
        status: "open",
        outcome: "fail",
        severity: "critical",
        message: "the key is in state Disabled",
        evidence_sha256: evidence,
        caused_by: "aws/a aws/b",
        guidance: "2026-09",
        catalogue: "0.1.0",
        since: "2026-11-22T11:00:00.000Z",
        opened_at: "2026-11-22T11:00:00.000Z",
        resolved_at: "",
        decided_outcome: "",
        decided_severity: "",
        decided_message: "",
        decided_guidance: "",
        decided_since: "",
        decided_until: "",
        as_of: "2026-11-22T12:00:00.000Z",
      },
    ]);
  });

  it("tell the last decided outcome where the latest decides nothing", async () => {
    expect(await rowsOf([exported(lost)])).toMatchObject([
      {
        status: "open",
        outcome: "unknown",
        severity: "high",
        decided_outcome: "fail",
        decided_severity: "critical",
        decided_message: "the key is in state Disabled",
        decided_guidance: "2026-09",
        decided_since: "2026-11-22T11:00:00.000Z",
        decided_until: "2026-11-22T11:30:00.000Z",
      },
    ]);
  });

  it("leave empty what is not there", async () => {
    const noLocation = { account: "a", location: null, labels: {} };
    expect(
      await rowsOf([
        exported({ key: null, title: null }, { key: null, card: null }),
        exported({}, { key: noLocation }),
      ]),
    ).toMatchObject([
      { key: "", title: "", account: "", location: "", labels: "" },
      { account: "a", location: "", labels: "" },
    ]);
  });
});

describe("a cell", () => {
  it.each(hostileTexts)("says %j, and is no formula", (text) => {
    const [[cell = "", next] = []] = parseCsv(csvRow([text, "next"]));
    expect(next).toBe("next");
    expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
    expect([text.toWellFormed(), `'${text.toWellFormed()}`]).toContain(cell);
  });

  it("reads back as what was written, whatever it is", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", "\t", "=", "+", "-", "@", "'", "a", " ") }),
      fc.constantFrom(...hostileTexts),
    );
    const cells = fc.array(fc.oneof(text, fc.constant(null)), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1 }), (rows) => {
        const expected = rows.map((row) =>
          row.map((cell) => {
            const [first = ""] = cell ?? "";
            return ["=", "+", "-", "@", "\t", "\r", "\n"].includes(first) ? `'${cell}` : (cell ?? "").toWellFormed();
          }),
        );
        expect(parseCsv(rows.map(csvRow).join(""))).toEqual(expected);
      }),
    );
  });
});
