import { describe, expect, it } from "vitest";
import { conditionEnd, type GcpConditionEnd } from "../../../src/access/gcp/condition-end.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import { testGcpKeyName } from "../../support/gcp-kms-key.ts";

const at = Date.UTC(2026, 10, 22, 12, 30);
const newYear = Date.UTC(2027, 0, 1);
const request = { at, resources: keyRequested(gcpKeyParts(testGcpKeyName), null) };
const recurs = (...functions: readonly string[]): GcpConditionEnd => ({ kind: "comes-and-goes", functions });

const cases: readonly [expression: string, end: GcpConditionEnd][] = [
  ['request.time < timestamp("2027-01-01T00:00:00Z")', { kind: "ends", at: newYear }],
  ['request.time <= timestamp("2027-01-01T00:00:00Z")', { kind: "ends", at: newYear + 1 }],
  ['timestamp("2027-01-01T00:00:00.250Z") > request.time', { kind: "ends", at: newYear + 250 }],
  ['!(request.time >= timestamp("2027-01-01T00:00:00Z"))', { kind: "ends", at: newYear }],
  ["request.time < timestamp(1798761600)", { kind: "ends", at: newYear }],
  [
    'request.time > timestamp("2026-01-01T00:00:00Z") && request.time < timestamp("2027-01-01T00:00:00Z")',
    { kind: "ends", at: newYear },
  ],
  [
    'request.time < timestamp("2027-01-01T00:00:00Z") || request.time > timestamp("2028-01-01T00:00:00Z")',
    { kind: "ends", at: newYear },
  ],
  ['request.time - timestamp("2026-12-31T00:00:00Z") < duration("24h")', { kind: "ends", at: newYear }],
  ['request.time + duration("24h") < timestamp("2027-01-02T00:00:00Z")', { kind: "ends", at: newYear }],
  ['request.time > timestamp("2026-01-01T00:00:00Z")', { kind: "none" }],
  ['request.time < timestamp("2027-01-01T00:00:00Z") || resource.type.contains("CryptoKey")', { kind: "none" }],
  ['resource.service == "cloudkms.googleapis.com"', { kind: "none" }],
  ["true", { kind: "none" }],
  ["request.time.getHours() < 18", recurs("getHours")],
  [
    'request.time.getHours("Europe/Berlin") >= 9 && request.time.getDayOfWeek("Europe/Berlin") != 1',
    recurs("getDayOfWeek", "getHours"),
  ],
  ['request.time.getHours("Europe/Berlin") < 18 && resource.matchTag("1/env", "prod")', recurs("getHours")],
  [
    'request.time.getHours("Europe/Berlin") < 18 || resource.matchTag("1/env", "prod")',
    { kind: "unknown", on: ["resource.matchTag", "the time in Europe/Berlin"] },
  ],
  ['request.time.getHours() < 18 && resource.matchTag("1/env", "prod")', recurs("getHours")],
  [
    // Whenever it is between 9 and 15 in Tokyo it is before 6 in Greenwich: this always holds.
    'request.time.getHours("Asia/Tokyo") >= 15 || request.time.getHours("Asia/Tokyo") < 9 || request.time.getHours() < 6',
    { kind: "unknown", on: ["the time in Asia/Tokyo"] },
  ],
  [
    'request.time < timestamp("2027-01-01T00:00:00Z") && resource.matchTag("1/env", "prod")',
    { kind: "ends", at: newYear },
  ],
  // From then on it hangs on the tag.
  [
    'request.time < timestamp("2027-01-01T00:00:00Z") || resource.matchTag("1/env", "prod")',
    { kind: "unknown", on: ["resource.matchTag"] },
  ],
  [
    'request.time > timestamp("2027-01-01T00:00:00Z") || resource.matchTag("1/env", "prod")',
    { kind: "unknown", on: ["resource.matchTag"] },
  ],
  ['request.time.getHours("Europe/Berlin") < 24', { kind: "unknown", on: ["the time in Europe/Berlin"] }],
  [
    'request.time.getHours("Europe/Berlin") < 12 || request.time.getHours("Asia/Tokyo") > 11',
    { kind: "unknown", on: ["the time in Asia/Tokyo", "the time in Europe/Berlin"] },
  ],
  ["request.time.getMinutes() == 30", recurs("getMinutes")],
  ["request.time.getDayOfWeek() == 0", recurs("getDayOfWeek")],
  ["request.time.getMonth() == 10", recurs("getMonth")],
  ["request.time.getFullYear() == 2026", recurs("getFullYear")],
  ["request.time.getFullYear() < 2035", recurs("getFullYear")],
  // Short gaps, and long waits for them.
  ["request.time.getMilliseconds() != 7", recurs("getMilliseconds")],
  ["request.time.getSeconds() != 7", recurs("getSeconds")],
  ["request.time.getMinutes() != 40", recurs("getMinutes")],
  ["request.time.getHours() != 3", recurs("getHours")],
  ["request.time.getDayOfYear() != 200", recurs("getDayOfYear")],
  ['request.time.getHours("+02:00") < 15 && request.time.getHours("-05:00") < 12', recurs("getHours")],
  [
    'request.time.getHours() < 18 || resource.matchTag("1/env", "prod")',
    { kind: "unknown", on: ["resource.matchTag"] },
  ],
  ["request.time.getHours() >= 0", { kind: "none" }],
  ['request.time.getHours() < 18 && request.time < timestamp("2027-01-01T00:00:00Z")', { kind: "ends", at: newYear }],
  ['request.time < timestamp("2026-01-01T00:00:00Z")', { kind: "fails" }],
  ['request.time > timestamp("2027-01-01T00:00:00Z")', { kind: "fails" }],
  ['resource.matchTag("1/env", "prod")', { kind: "unknown", on: ["resource.matchTag"] }],
];

describe("conditionEnd", () => {
  it.each(cases)("%s", (expression, end) => {
    expect(conditionEnd({ title: null, expression, hidden: false }, request)).toEqual(end);
  });

  it("never ends where there is no condition", () => {
    expect(conditionEnd(null, request)).toEqual({ kind: "none" });
  });

  it("does not know the end of a condition that is not shown", () => {
    expect(conditionEnd({ title: null, expression: "", hidden: true }, request)).toMatchObject({ kind: "unknown" });
  });
});
