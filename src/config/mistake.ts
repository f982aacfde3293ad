// From what is wrong to a line that somebody can act on.
import type { z } from "zod";
import { knownNames } from "./config-reference.ts";
import { nearestName } from "./nearest-name.ts";
import type { Path } from "./yaml-source.ts";

/** One mistake of the configuration. */
export interface Mistake {
  /** Names joined with dots, e.g. `keys[0].resource`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Stands by itself: file, line, column, path, what was expected, what was found. */
  readonly message: string;
}

/** A mistake before it is known where in the file it stands. */
export interface FoundMistake {
  readonly path: Path;
  /** Whether the name at the path is wrong or its value. */
  readonly part: "name" | "value";
  readonly text: string;
}

/** Names joined with dots, as people write them. */
export function writtenPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const name = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** What to say about a name that means nothing where it stands. */
export function unknownName(name: string, known: readonly string[]): string {
  return `unknown name${suggestion(name, known) ?? `; known here: ${known.join(", ")}`}`;
}

function suggestion(text: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(text, known);
  return nearest === undefined ? undefined : `; did you mean "${nearest}"?`;
}

/** How the value at a path may be shown in a message. */
export type Show = (path: Path) => string;

/** Whether a text is shown at all: what came out of the environment is not. */
export function isShown(text: string, shownText: string): boolean {
  return shownText === shown(text, undefined);
}

/** What zod found, in our words. */
export function mistakesOf(issue: z.core.$ZodIssue, valueAt: (path: Path) => unknown, show: Show): FoundMistake[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const known = knownNames(path);
    return issue.keys.map((name) => ({ path: [...path, name], part: "name", text: unknownName(name, known) }));
  }
  if (issue.code === "invalid_key") {
    return [{ path, part: "name", text: `expected ${issue.issues[0]?.message ?? "another name"}` }];
  }
  const value = valueAt(path);
  // What is expected, and then perhaps why, or what was probably meant.
  const [what = "", ...why] = issue.message.split("; ");
  if (value === undefined) return [{ path, part: "value", text: `missing; expected ${what}` }];
  const reasons = why.map((reason) => `; ${reason}`).join("");
  return [{ path, part: "value", text: `expected ${what}, got ${show(path)}${reasons}${hint(issue, value)}` }];
}

function hint(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_type" && issue.expected === "string") {
    return typeof value === "number" || typeof value === "boolean" ? "; put it in quotes" : "";
  }
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  return suggestion(value, issue.values.map(String)) ?? "";
}

/** What is expected, for parts of the schema that do not say it themselves. */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_value") return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (issue.code === "invalid_type") return kinds[issue.expected] ?? issue.expected;
  return undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** A value as a message may hold it: short, and never what came out of the environment. */
export function shown(value: unknown, variables: readonly string[] | undefined): string {
  if (variables !== undefined) return `the text of ${variables.map((name) => `\${${name}}`).join(" and ")}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  if (value === null) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text;
}
