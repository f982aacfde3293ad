import type { Finding } from "../model/finding.ts";
import type { Json } from "../model/json.ts";

/** Findings of one key that lack the same: one missing permission is one line with the checks behind it. */
export interface UnknownGroup {
  /** In words, e.g. `kms:GetKeyPolicy (access-denied)`. */
  readonly lacks: string;
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Groups findings whose latest outcome is `unknown`; the order of the groups is that of their first findings. */
export function groupUnknowns(findings: readonly Finding[]): readonly UnknownGroup[] {
  const groups = Map.groupBy(findings, ({ latest }) => lackOf(latest.evidence));
  return [...groups].flatMap(([lacks, [first, ...rest]]) =>
    first === undefined ? [] : [{ lacks, findings: [first, ...rest] as const }],
  );
}

/** The runner's evidence of an `unknown`: what was missing, with the call that would have told. */
function lackOf(evidence: Json): string {
  const missing = fieldOf(evidence, "missing");
  if (!Array.isArray(missing)) return "something";
  const each = missing.map((one: Json) => {
    const what = textOf(one, "call") ?? textOf(one, "fact") ?? "something";
    return `${what} (${textOf(one, "reason") ?? "no reason given"})`;
  });
  return [...new Set(each)].join(", ");
}

function textOf(value: Json, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === "string" ? text : undefined;
}

function fieldOf(value: Json, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)[name]
    : undefined;
}
