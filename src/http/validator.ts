/** Checks what comes in against a route's schemas, and says of every mistake where it is and what was expected. */
import type { FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import { halfCharacters } from "../config/half-characters.ts";
import { nearestName } from "../config/nearest-name.ts";
import { type ErrorPlace, OperatorError } from "../errors/operator-error.ts";

type Issue = z.core.$ZodIssue;

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const known = knownNames(schema);
  return (data: unknown) => {
    const result = schema.safeParse(data, { error: expectation, reportInput: true });
    if (result.success) {
      const halves = httpPart === "body" ? halfCharacters(result.data) : [];
      if (halves.length === 0) return { value: result.data };
      const errors = halves.map((path) => halfCharacter(path, result.data));
      return { error: new OperatorError("invalid-body", summed(errors), { errors }) };
    }
    const { issues } = result.error;
    return { error: httpPart === "body" ? bodyError(issues, data, known) : parameterError(issues, data, known) };
  };
};

/** The names that the schema knows at its top. */
function knownNames(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return knownNames(schema.unwrap());
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function parameterError(issues: readonly Issue[], data: unknown, known: readonly string[]): OperatorError {
  const unknown = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  if (unknown.length > 0) {
    const errors = unknown.map((parameter) => ({ parameter, detail: `unknown${suggestion(parameter, known)}` }));
    const allowed = known.length === 0 ? "The route takes none." : `The route takes ${known.join(", ")}.`;
    return new OperatorError("unknown-parameter", `${summed(errors)} ${allowed}`, { errors });
  }
  const errors = issues.map((issue) => ({
    parameter: String(issue.path[0] ?? ""),
    detail: repeated(data, issue) ?? expected(issue, issue.input),
  }));
  return new OperatorError("invalid-parameter", summed(errors), { errors });
}

function bodyError(issues: readonly Issue[], data: unknown, known: readonly string[]): OperatorError {
  const errors = issues.flatMap((issue) => bodyPlaces(issue, data, known));
  return new OperatorError("invalid-body", summed(errors), { errors });
}

function bodyPlaces(issue: Issue, data: unknown, known: readonly string[]): { pointer: string; detail: string }[] {
  if (issue.code === "unrecognized_keys") {
    const detail = (name: string) => `unknown field${issue.path.length === 0 ? suggestion(name, known) : ""}`;
    return issue.keys.map((name) => ({ pointer: pointer([...issue.path, name]), detail: detail(name) }));
  }
  const said = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
  const value = issue.code === "invalid_key" ? issue.path.at(-1) : valueAt(data, issue.path);
  return [{ pointer: pointer(issue.path), detail: expected(said, value) }];
}

function halfCharacter(path: readonly PropertyKey[], data: unknown): { pointer: string; detail: string } {
  return { pointer: pointer(path), detail: `expected whole characters, got ${shown(valueAt(data, path))}` };
}

function expected(issue: Issue, value: unknown): string {
  // What is expected, and then perhaps why, or what was probably meant.
  const [what = "", ...why] = issue.message.split("; ");
  if (value === undefined) return `missing; expected ${what}`;
  const isChoice = issue.code === "invalid_value" && typeof value === "string";
  const meant = isChoice ? suggestion(value, issue.values.map(String)) : "";
  return `${[`expected ${what}, got ${shown(value)}`, ...why].join("; ")}${meant}`;
}

/** What is expected, for the parts of schemas that do not say it themselves. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_value") return `one of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_type") return kinds[issue.expected] ?? issue.expected;
  return undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function repeated(data: unknown, { path }: Issue): string | undefined {
  const value = valueAt(data, path.slice(0, 1));
  return Array.isArray(value) ? "given more than once; several values are written as a,b" : undefined;
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

function summed(errors: readonly ErrorPlace[]): string {
  const text = errors.map((error) => `${placeOf(error)}: ${error.detail}`).join("; ");
  return text.endsWith("?") ? text : `${text}.`;
}

function placeOf(place: ErrorPlace): string {
  if ("pointer" in place) return place.pointer === "" ? "the body" : place.pointer;
  return "parameter" in place ? place.parameter : place.path;
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    data,
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text;
}
