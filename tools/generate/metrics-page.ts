import { catalogue, type Metric } from "../../src/metrics/catalogue.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import { code, page, table } from "./markdown.ts";

/** Every metric family of our own; those of the process are prom-client's. */
export function metricsPage(): GeneratedFile {
  const metrics: readonly Metric[] = Object.values(catalogue);
  const rows = metrics.map(({ name, type, labels, help, buckets }) => [
    code(name),
    type,
    labels.map(code).join(", "),
    buckets === undefined ? help : `${help} Buckets: ${buckets.join(", ")}.`,
  ]);
  return {
    path: "docs/metrics.md",
    text: page(
      pageNote("src/metrics/catalogue.ts"),
      "# Metrics",
      "Names, types and labels are a public contract. `keyposture_key_info` has a further label `label_<name>` for each " +
        "name under `metrics.key_labels`. With `metrics.mode: summary`, `keyposture_check_failing` has only the series " +
        "that are 1: one is there from the moment a check fails until it passes.",
      table(["Name", "Type", "Labels", ""], rows),
      "Beside these are those of the process and of Node.js that prom-client brings, `process_*` and `nodejs_*`: memory, " +
        "CPU, file descriptors, the event loop. They carry no labels of keys.",
    ),
  };
}
