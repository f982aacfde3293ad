import type { Registry } from "prom-client";
import type { Metric } from "./catalogue.ts";

/** How prom-client is told of a family of the catalogue. */
export function settings<const M extends Metric>(metric: M, registry: Registry) {
  const { name, help, labels, buckets } = metric;
  const labelNames = [...labels] as M["labels"][number][];
  return { name, help, labelNames, registers: [registry], ...(buckets === undefined ? {} : { buckets: [...buckets] }) };
}
