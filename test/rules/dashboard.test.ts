import { describe, expect, it } from "vitest";
import { labelValuesOf, type Panel, queriesOf, readDashboard } from "./dashboard-file.ts";
import { metricOf, unknownNamesIn } from "./names.ts";
import { selectorsOf } from "./promql.ts";

const dashboard = readDashboard();
const { panels } = dashboard;
const shown = panels.filter(({ type }) => type !== "row");
const source = { type: "prometheus", uid: "${datasource}" };

describe("the dashboard", () => {
  it("has rows, and panels with ids and titles of their own", () => {
    expect(dashboard).toMatchObject({ uid: "keyposture", title: "Keyposture" });
    expect(panels.filter(({ type }) => type === "row").map(({ title }) => title)).toEqual([
      "Keys now",
      "Keys",
      "Changes",
      "Scans",
      "Requests and service",
    ]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const targets = queriesOf(dashboard).map(({ name }) => name);
    expect(targets.length).toBeGreaterThanOrEqual(shown.length);
  });

  it("takes the data source, provider, account and key from its variables", () => {
    const [first, ...others] = dashboard.templating.list;
    expect(first).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
    expect(others.map(({ name }) => name)).toEqual(["provider", "account", "key"]);
    for (const variable of others) {
      const { selector, label } = labelValuesOf(variable);
      expect(variable).toMatchObject({ type: "query", datasource: source });
      expect(label).toBe(variable.name);
      expect(metricOf("keyposture_key_info")?.labels).toContain(label);
      expect(unknownNamesIn(selector)).toEqual([]);
    }
  });

  it("has panels that fit into its width and do not lie upon one another", () => {
    const places = panels.map(({ gridPos: { x, w } }) => x >= 0 && x + w <= 24);
    expect(places).not.toContain(false);
    const pairs = panels.flatMap((one, index) => panels.slice(index + 1).map((other) => [one, other] as const));
    expect(
      pairs.filter(([one, other]) => overlap(one, other)).map(([{ title }, other]) => [title, other.title]),
    ).toEqual([]);
  });
});

describe.each(shown)("the panel $title", ({ datasource, targets = [] }) => {
  it("asks the chosen data source, once under each letter", () => {
    expect(targets.length).toBeGreaterThan(0);
    expect([datasource, ...targets.map((target) => target.datasource)]).toEqual(
      Array.from({ length: targets.length + 1 }, () => source),
    );
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it.each(targets)("asks with $refId for metrics, labels and values that there are", ({ expr }) => {
    const metrics = selectorsOf(expr).map(({ metric }) => metric);
    const ours = metrics.filter((metric) => !/^(process|nodejs)_/.test(metric));
    expect(metrics.length).toBeGreaterThan(0);
    expect(ours.filter((metric) => metricOf(metric) === undefined)).toEqual([]);
    expect(unknownNamesIn(expr)).toEqual([]);
  });

  it.each(targets)("keeps with $refId to the chosen providers, accounts and keys", ({ expr }) => {
    const isOfKeys = selectorsOf(expr).some(({ metric }) => /^keyposture_(key_|check_)/.test(metric));
    if (isOfKeys) for (const name of ["$provider", "$key"]) expect(expr).toContain(`=~"${name}"`);
    const isOfProviders = selectorsOf(expr).some(({ metric }) => metricOf(metric)?.labels.includes("provider"));
    if (isOfProviders) expect(expr).toContain('provider=~"$provider"');
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
