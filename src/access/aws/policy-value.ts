/** A value of `Resource` or of a condition: plain text, wildcards, and variables that the request fills in. */
import type { AwsContextValue } from "../../model/aws-access.ts";
import { anyOne, anyRun, type Glob, globOf, literalGlob } from "./glob.ts";

/** Only this version has variables; in every other, and without one, they are literal text. */
export const versionWithVariables = "2012-10-17";

export type ValuePart =
  /** Wildcards count in it, where the operator has them. */
  | { readonly kind: "text"; readonly text: string }
  /** `${*}`, `${?}`, `${$}`: the character itself. */
  | { readonly kind: "escape"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly key: string; readonly fallback: string | null };

/** `${name}` or `${name, 'default'}`: a condition key has a colon in its name. */
const variablePattern = /\$\{(?:([*?$])|\s*([^{}$,'\s]+:[^{}$,']*?)\s*(?:,\s*'([^']*)'\s*)?)\}/g;

/**
 * Takes a value apart.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function valueParts(text: string, version: string | null): readonly ValuePart[] {
  if (version !== versionWithVariables || !text.includes("${")) return [{ kind: "text", text }];
  const parts: ValuePart[] = [];
  let from = 0;
  for (const found of text.matchAll(variablePattern)) {
    const [whole, escape, key, fallback] = found;
    if (found.index > from) parts.push({ kind: "text", text: text.slice(from, found.index) });
    if (escape !== undefined) parts.push({ kind: "escape", text: escape });
    else if (key !== undefined) {
      parts.push({ kind: "variable", name: key, key: key.toLowerCase(), fallback: fallback ?? null });
    }
    from = found.index + whole.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

export function hasVariables(parts: readonly ValuePart[]): boolean {
  return parts.some((part) => part.kind === "variable");
}

/** The pattern that a value is for one request; `absent` where a variable has no value, `unknown` where it is not known. */
export function resolveValue(
  parts: readonly ValuePart[],
  wildcards: boolean,
  ask: (key: string) => AwsContextValue,
): Glob | "absent" | "unknown" {
  const codes: number[] = [];
  let unknown = false;
  for (const part of parts) {
    if (part.kind !== "variable") {
      codes.push(...(part.kind === "text" && wildcards ? globOf(part.text) : literalGlob(part.text)));
      continue;
    }
    const text = textOf(ask(part.key), part.fallback);
    if (text === "absent") return "absent";
    if (text === "unknown") unknown = true;
    else codes.push(...literalGlob(text.value));
  }
  return unknown ? "unknown" : codes;
}

/** Keys with several values cannot be used as variables: they count as having none. */
function textOf(value: AwsContextValue, fallback: string | null): { readonly value: string } | "absent" | "unknown" {
  if (value.state === "unknown") return "unknown";
  if (value.state === "form") return { value: value.text };
  const only = value.state === "present" && value.values.length === 1 ? value.values[0] : undefined;
  if (only !== undefined) return { value: only };
  return fallback === null ? "absent" : { value: fallback };
}

/** The text of a pattern, for comparing and for messages. */
export function globText(glob: Glob): string {
  return glob.map((code) => (code === anyRun ? "*" : code === anyOne ? "?" : String.fromCharCode(code))).join("");
}
