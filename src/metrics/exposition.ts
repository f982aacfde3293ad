// The text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
import type { Metric } from "./catalogue.ts";

/** The lines that open a family. */
export function familyHeader({ name, type, help }: Metric): string {
  const text = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`;
}

/** What a line begins with, up to its value. Labels keep their order. */
export function series({ name }: Metric, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} `;
}

/** One line, with its end. */
export function sample(metric: Metric, labels: Readonly<Record<string, string>>, value: number): string {
  return line(series(metric, labels), value);
}

export function line(ofSeries: string, value: number): string {
  return `${ofSeries}${value}\n`;
}

function escapeLabel(text: string): string {
  // Hardly ever is there anything to escape, and looking is cheaper than three replacements.
  if (!/[\\"\n]/.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
