import { describe, expect, it } from "vitest";
import { catalogue as checks } from "../../checks/index.ts";
import { severities } from "../../src/model/outcome.ts";
import { metricOf, unknownNamesIn } from "./names.ts";
import { alternativesOf, matches, selectorsOf } from "./promql.ts";
import { type Alert, readAlerts, readAlertTests } from "./rule-file.ts";

const alerts = readAlerts();
const tests = readAlertTests();

/** The alerts that a failing check of this severity sets off. */
function alertsOf(check: string, severity: string): string[] {
  const labels: Readonly<Record<string, string>> = { check, severity };
  // What comes after `unless` keeps an alert from firing.
  const concerns = ({ expr }: Alert) =>
    selectorsOf(expr.split("unless")[0] ?? "").some(
      ({ metric, matchers }) =>
        metric === "keyposture_check_failing" && matchers.every((one) => matches(one, labels[one.label] ?? "")),
    );
  return alerts.filter(concerns).map(({ alert }) => alert);
}

describe("a failing check", () => {
  const ids = checks.map(({ id }) => id);

  it.each(["critical", "high"])("of severity %s has one alert, whichever check it is", (severity) => {
    const counts = ids.map((id) => [id, alertsOf(id, severity).length]);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it.each(["medium", "low"])("of severity %s has none, unless it has one of its own", (severity) => {
    const found = new Set(ids.flatMap((id) => alertsOf(id, severity)));
    expect([...found].filter((alert) => alert.startsWith("KeyPostureFinding"))).toEqual([]);
  });

  it("is told by severities that there are", () => {
    expect(alertsOf("aws/no-lookalike-principal", "critical")).toEqual(["KeyPostureFindingCritical"]);
    expect(alertsOf("aws/no-public-access", severities[0])).toEqual(["KeyPostureKeyPublicAccess"]);
  });
});

describe.each(alerts)("$alert", ({ alert, expr, labels, annotations, for: wait, keep_firing_for: keep }) => {
  it("reads our metrics only, with labels and values that they have", () => {
    const metrics = selectorsOf(expr).map(({ metric }) => metric);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => metricOf(metric) === undefined)).toEqual([]);
    expect(unknownNamesIn(expr)).toEqual([]);
  });

  it("has a severity, and waits before it fires", () => {
    expect(alert).toMatch(/^KeyPosture[A-Z][A-Za-z]+$/);
    expect(Object.keys(labels)).toEqual(["severity"]);
    expect(["critical", "warning", "info"]).toContain(labels["severity"]);
    expect(wait).toMatch(/^\d+[mh]$/);
  });

  it("goes on for longer than it takes to tell that the service is gone, where it is about what a key is", () => {
    const isAboutKey = /keyposture_(key_state|check_failing)\{/.test(expr);
    expect(keep !== undefined).toBe(isAboutKey);
    if (keep !== undefined) expect(minutes(keep)).toBeGreaterThanOrEqual(2 * minutes(waitOf("KeyPostureAuditDown")));
  });

  it("says what is wrong, and where to read on", () => {
    expect(Object.keys(annotations)).toEqual(["summary", "description", "runbook_url"]);
    expect(annotations["summary"]).toMatch(/^[A-Z].{9,99}\.$/);
    expect(annotations["description"]).toMatch(/^(?:[A-Z]|\{\{ \$value).*\.$/);
    expect(annotations["runbook_url"]).toBe(`https://keyposture.example/docs/runbook.md#${alert.toLowerCase()}`);
  });

  it("has a test of when it fires, and one of when it does not", () => {
    const own = tests.filter(({ alertname }) => alertname === alert);
    expect(own.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    expect(own.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
  });
});

it("tests no alert that there is not", () => {
  const names = alerts.map(({ alert }) => alert);
  expect(tests.map(({ alertname }) => alertname).filter((name) => !names.includes(name))).toEqual([]);
});

describe("an expression", () => {
  it.each([
    ['max by (key) (a{x="1"}) == 1', ["a"]],
    ["sum by (a) (rate(b_total[20m])) / on (a) group_left (c) d > 0.05 or vector(0)", ["b_total", "d"]],
    ['clamp_min(3 * a, 1800) unless on (x) (b{y=~"c{2}|(d)"} > 1e9)', ["a", "b"]],
    ["rate(a[$__rate_interval]) and on (job, instance) b", ["a", "b"]],
  ])("%s reads %j", (expression, metrics) => {
    expect(selectorsOf(expression).map(({ metric }) => metric)).toEqual(metrics);
  });

  it("is looked at with its labels and values", () => {
    const wrong =
      'max by (kee) (keyposture_key_state{state=~"enabled|off", kind="x"}) and keyposture_check_failing{check=~".+/(no-such|key-exists)"}';
    expect(unknownNamesIn(wrong)).toEqual(["kee", "state=off", "keyposture_key_state{kind}", "check=.+/no-such"]);
    expect(alternativesOf("a|b")).toEqual(["a", "b"]);
  });
});

function waitOf(name: string): string {
  return alerts.find(({ alert }) => alert === name)?.for ?? "";
}

function minutes(duration: string): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(duration) ?? [];
  return Number(count) * (unit === "h" ? 60 : 1);
}
