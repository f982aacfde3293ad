import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { judgeCondition } from "../../../src/access/gcp/judge-condition.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { anythingRequested, keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import { testGcpKeyName, testGcpProject, testGcpProjectNumber, testGcpRing } from "../../support/gcp-kms-key.ts";

const at = Date.UTC(2026, 10, 22, 12, 30);
const key = gcpKeyParts(testGcpKeyName);
const project = { id: testGcpProject, number: testGcpProjectNumber };

function judge(expression: string, resources = keyRequested(key, project), time = at) {
  return judgeCondition({ title: null, expression, hidden: false }, { at: time, resources });
}

describe("judgeCondition", () => {
  it.each([
    'request.time < timestamp("2027-01-01T00:00:00Z")',
    'request.time >= timestamp("2026-11-22T12:30:00Z") && request.time <= timestamp("2026-11-22T13:30:00+01:00")',
    'request.time < timestamp("2026-11-22T00:00:00Z") + duration("13h")',
    "request.time.getFullYear() == 2026 && request.time.getMonth() == 10 && request.time.getDate() == 22",
    "request.time.getDayOfWeek() == 0 && request.time.getDayOfMonth() == 21 && request.time.getDayOfYear() == 325",
    "request.time.getHours() == 12 && request.time.getMinutes() == 30 && request.time.getSeconds() == 0",
    'request.time.getHours("+01:00") == 13 && request.time.getHours("-05:30") == 7',
    'resource.service == "cloudkms.googleapis.com"',
    'resource.type == "cloudkms.googleapis.com/CryptoKey"',
    `resource.name == "${testGcpKeyName}"`,
    `resource.name.startsWith("${testGcpRing}/cryptoKeys/")`,
    'resource.name.endsWith("/cmek") && !resource.name.contains("other") && resource.name.matches("keyRings/.+")',
    'resource.name.extract("projects/{project}/") == "customer-keys"',
    'resource.name.extract("cryptoKeys/{key}") == "cmek" && resource.name.extract("buckets/{b}/") == ""',
    'resource.type in ["cloudkms.googleapis.com/CryptoKey", "storage.googleapis.com/Bucket"]',
    'resource.matchTag("1/env", "prod") || request.time < timestamp("2027-01-01T00:00:00Z")',
    'request.time < timestamp("2027-01-01T00:00:00Z") || "x" in request.auth.access_levels',
  ])("holds: %s", (expression) => {
    expect(judge(expression)).toEqual({ result: "true", on: [] });
  });

  it.each([
    'request.time > timestamp("2027-01-01T00:00:00Z")',
    'resource.name == "projects/other/locations/us-central1/keyRings/r/cryptoKeys/k"',
    'resource.type == "cloudkms.googleapis.com/CryptoKeyVersion"',
    'request.time > timestamp("2027-01-01T00:00:00Z") && resource.matchTag("1/env", "prod")',
    'resource.matchTag("1/env", "prod") && request.time > timestamp("2027-01-01T00:00:00Z")',
    "false",
  ])("fails: %s", (expression) => {
    expect(judge(expression)).toEqual({ result: "false", on: [] });
  });

  it.each([
    ['resource.matchTag("1/env", "prod")', ["resource.matchTag"]],
    ['!resource.matchTag("1/env", "prod")', ["resource.matchTag"]],
    [
      '"accessPolicies/1/accessLevels/corp" in request.auth.access_levels && resource.hasTagKey("1/env")',
      ["request.auth.access_levels", "resource.hasTagKey"],
    ],
    ['destination.port == 443 && request.time < timestamp("2027-01-01T00:00:00Z")', ["destination.port"]],
    ['api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/x"])', ["api.getAttribute"]],
    ['request.time.getHours("Europe/Berlin") < 18', ["the time in Europe/Berlin"]],
    ['principal.type == "iam.googleapis.com/ServiceAccount"', ["principal.type"]],
  ])("stays open: %s", (expression, on) => {
    expect(judge(expression)).toEqual({ result: "unknown", on });
  });

  it.each([
    ["no expression", ""],
    ["no grammar", "request.time <"],
    ["no answer of yes or no", "request.time"],
    ["a text that is no time", 'request.time < timestamp("tomorrow")'],
    ["a comparison of different things", 'request.time < "2027"'],
    ["a division by nothing", "1 / 0 == 1"],
    ["a zone that is none", 'request.time.getHours("Mars/Olympus") > 0'],
    ["a pattern that is none", 'resource.name.matches("(")'],
    ["a template without a part", 'resource.name.extract("projects/") == ""'],
    ["a loop", "[1, 2].all(x, x > 0)"],
    ["a loop in a loop", "[1, 2].exists(x, [1].map(y, y + x).size() > 0)"],
    ["whether an attribute is there", "!has(request.auth)"],
    ["a whole object", "request != resource"],
    ["more nesting than the stack has", `${"(".repeat(1900)}true${")".repeat(1900)}`],
    ["more text than is tried", `true || "${"x".repeat(5000)}" == ""`],
  ])("does not judge %s", (_, expression) => {
    expect(judge(expression).result).toBe("unknown");
    expect(judge(expression).on).not.toEqual([]);
  });

  it("knows no condition, and one that is not shown", () => {
    const request = { at, resources: keyRequested(key, project) };
    expect(judgeCondition(null, request)).toEqual({ result: "true", on: [] });
    expect(judgeCondition({ title: null, expression: "true", hidden: true }, request).result).toBe("unknown");
  });

  it("names the project by its id, and not at all where only its number is known", () => {
    const numbered = gcpKeyParts(testGcpKeyName.replace(testGcpProject, testGcpProjectNumber));
    const byId = `resource.name == "${testGcpKeyName}"`;
    expect(judge(byId, keyRequested(numbered, project)).result).toBe("true");
    expect(judge(byId, keyRequested(numbered, null))).toEqual({ result: "unknown", on: ["resource.name"] });
    expect(judge('resource.name.startsWith("projects/")', keyRequested(numbered, null)).result).toBe("unknown");
    expect(judge('resource.name.endsWith("/other")', anythingRequested(numbered, null, "")).result).toBe("unknown");
  });

  it.each([
    [`resource.name == "${testGcpKeyName}/cryptoKeyVersions/7"`, "true"],
    ['resource.type == "cloudkms.googleapis.com/CryptoKeyVersion" && resource.name.endsWith("/3")', "true"],
    [`resource.name == "${testGcpRing}"`, "true"],
    [`resource.name.startsWith("projects/${testGcpProjectNumber}/")`, "true"],
    [`resource.name.startsWith("projects/${testGcpProject}/locations/us-central1/keyRings/other/")`, "false"],
    ['resource.type == "compute.googleapis.com/Instance"', "false"],
  ] as const)("somebody may ask for the versions and the ring too: %s is %s", (expression, result) => {
    expect(judge(expression, anythingRequested(key, project, expression)).result).toBe(result);
  });
});

describe("the calendar of conditions", () => {
  // On a machine whose clocks skip an hour that day, which is no business of the condition's.
  beforeAll(() => {
    vi.stubEnv("TZ", "America/New_York");
    expect(new Date(2026, 2, 8, 2, 30).getHours()).toBe(3);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  const zones = ["", "UTC", "+05:45", "-03:00", "05:30"];
  const fields = ["getFullYear", "getMonth", "getDate", "getHours", "getMinutes", "getSeconds", "getDayOfWeek"];
  /** What `Date` says, where the machine's own zone plays no part. */
  function expected(time: number, zone: string): readonly number[] {
    const [, sign, hours = "0", minutes = "0"] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
    const local = new Date(time + (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000);
    return [
      local.getUTCFullYear(),
      local.getUTCMonth(),
      local.getUTCDate(),
      local.getUTCHours(),
      local.getUTCMinutes(),
      local.getUTCSeconds(),
      local.getUTCDay(),
    ];
  }

  // Among them moments at which clocks change in New York, and the 29th of February.
  const times = [
    "2026-03-08T02:30:00Z",
    "2026-03-08T06:59:59Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:30:00Z",
    "2028-02-29T23:15:00Z",
    "1999-12-31T23:59:59Z",
    "1969-07-20T20:17:40Z",
  ];
  it.each(times.flatMap((time) => zones.map((zone) => [time, zone] as const)))(
    "reads %s in zone '%s'",
    (text, zone) => {
      const time = Date.parse(text);
      const values = expected(time, zone);
      const call = zone === "" ? "" : JSON.stringify(zone);
      const expression = fields
        .map((field, index) => `request.time.${field}(${call}) == ${values[index]}`)
        .join(" && ");
      expect(judge(expression, undefined, time)).toEqual({ result: "true", on: [] });
    },
  );
});
