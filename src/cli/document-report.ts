/** What was found in files, for people and for programs. */
import { isDecided, type Outcome, severities } from "../model/outcome.ts";
import { type FailOn, isAtOrAbove } from "./fail-on.ts";
import { formatTable } from "./format-table.ts";
import { outcomeCounts } from "./outcome-counts.ts";
import { visible } from "./visible-text.ts";

export interface FileReport {
  readonly file: string;
  /** Null where it cannot be told. */
  readonly type: string | null;
  /** Why the file could not be judged, or null. */
  readonly error: string | null;
  readonly outcomes: readonly Outcome[];
}

/** 2: a file that could not be judged at all; else 1: a failure at or above `failOn`; else 3: an open outcome; else 0. */
export function exitCodeOf(files: readonly FileReport[], failOn: FailOn): number {
  if (files.some(({ error }) => error !== null)) return 2;
  const outcomes = files.flatMap((file) => file.outcomes);
  if (outcomes.some(({ outcome, severity }) => outcome === "fail" && isAtOrAbove(severity, failOn))) return 1;
  return outcomes.some(({ outcome }) => !isDecided(outcome)) ? 3 : 0;
}

function json(files: readonly FileReport[]): string {
  const told = files.map(({ file, type, error, outcomes }) => ({
    file,
    type,
    error,
    results: outcomes.map(({ check, outcome, severity, message }) => ({ check, outcome, severity, message })),
  }));
  return `${JSON.stringify({ files: told }, null, 2)}\n`;
}

function table(files: readonly FileReport[]): string {
  return files.map(aboutFile).join("\n");
}

function aboutFile({ file, type, error, outcomes }: FileReport): string {
  if (error !== null) return `${visible(`${file}: cannot be judged: ${error}`)}\n`;
  const rows = outcomes
    .filter(({ outcome }) => outcome === "fail" || !isDecided(outcome))
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ severity, outcome, check, message }) => [severity, outcome, check, message]);
  const head = `${visible(file)} (${type ?? "?"}): ${outcomeCounts(outcomes) || "nothing to judge"}\n`;
  return head + (rows.length === 0 ? "" : formatTable(["SEVERITY", "OUTCOME", "CHECK", "WHAT"], rows));
}

function rank({ outcome, severity }: Outcome): number {
  return severities.indexOf(severity) + (outcome === "fail" ? 0 : severities.length);
}

export const documentFormats = { table, json } satisfies Record<string, (files: readonly FileReport[]) => string>;
export type DocumentFormat = keyof typeof documentFormats;
