import { catalogue as checks } from "../../checks/index.ts";
import { catalogue, type Metric } from "../../src/metrics/catalogue.ts";
import { unreadableReasons } from "../../src/model/fact.ts";
import { lifecycles } from "../../src/model/key.ts";
import { scanLanes } from "../../src/model/lane.ts";
import { severities } from "../../src/model/outcome.ts";
import { providers } from "../../src/model/resource.ts";
import { alternativesOf, groupingLabelsOf, type Matcher, matches, selectorsOf } from "./promql.ts";

/** What Prometheus adds to every series, and what a histogram's buckets have. */
const foreignLabels = ["job", "instance", "le"];

const valuesOf: Readonly<Record<string, readonly string[]>> = {
  provider: providers,
  state: [...lifecycles, "unknown"],
  severity: severities,
  lane: scanLanes,
  reason: unreadableReasons,
  check: checks.map(({ id }) => id),
};

/** The metric of the catalogue that a series belongs to. */
export function metricOf(series: string): Metric | undefined {
  const metrics: readonly Metric[] = Object.values(catalogue);
  return metrics.find(({ name, type }) =>
    type === "histogram" ? series.replace(/_(bucket|sum|count)$/, "") === name : series === name,
  );
}

/** What an expression names that our metrics do not have: labels, and values of closed lists. */
export function unknownNamesIn(expression: string): string[] {
  const selectors = selectorsOf(expression);
  const known = new Set([...foreignLabels, ...selectors.flatMap(({ metric }) => metricOf(metric)?.labels ?? [])]);
  return [
    ...groupingLabelsOf(expression).filter((label) => !known.has(label)),
    ...selectors.flatMap(({ metric, matchers }) =>
      matchers.flatMap((matcher) => {
        if (!metricOf(metric)?.labels.includes(matcher.label)) return [`${metric}{${matcher.label}}`];
        return unknownValuesOf(matcher).map((value) => `${matcher.label}=${value}`);
      }),
    ),
  ];
}

function unknownValuesOf({ label, operator, value }: Matcher): string[] {
  const values = valuesOf[label];
  if (values === undefined || value.startsWith("$")) return [];
  const asked = operator === "=~" || operator === "!~" ? alternativesOf(value) : [value];
  return asked.filter((one) => !values.some((known) => matches({ label, operator: "=~", value: one }, known)));
}
