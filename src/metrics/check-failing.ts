import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";

const metric = catalogue.check_failing;

/** Public contract: `metrics.mode` of the configuration. `summary`: without the series of checks that do not fail. */
export type MetricsMode = "detailed" | "summary";

export function checkFailing(mode: MetricsMode): KeyFamily {
  return {
    metric,
    render: ({ provider, name, checks }) =>
      checks
        .filter(({ open }) => open || mode === "detailed")
        .map(({ check, severity, open }) => sample(metric, { provider, key: name, check, severity }, open ? 1 : 0))
        .join(""),
  };
}
