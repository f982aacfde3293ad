/** String and ARN operators: how one policy value compares with what a request has. */
import type { AwsContextValue, AwsOperator } from "../../../model/aws-access.ts";
import { maybe, no, type Tri, triOf, yes } from "../../three-valued.ts";
import { type Glob, globCovers, globMatches, globOf, globsIntersect, isLiteral, literalGlob } from "../glob.ts";
import { globText, hasVariables, resolveValue, type ValuePart, valueParts } from "../policy-value.ts";

type FormValue = Extract<AwsContextValue, { state: "form" }>;

/** One policy value, ready to be compared. */
export interface TextMatcher {
  /** With the value of a request. `missing` where a variable in the policy has no value. */
  matches(text: string, ask: (key: string) => AwsContextValue): Tri | "missing";
  /** With a value of which only the form is known. */
  matchesForm(value: FormValue, ask: (key: string) => AwsContextValue): Tri | "missing";
}

interface TextRules {
  readonly wildcards: boolean;
  readonly ignoreCase: boolean;
  readonly arn: boolean;
}

/** Undefined for operators that compare something else than text. Negated operators share the rules of their counterpart. */
export function textRulesOf(operator: AwsOperator): TextRules | undefined {
  if (operator.startsWith("Arn")) return { wildcards: true, ignoreCase: false, arn: true };
  if (operator === "BinaryEquals") return { wildcards: false, ignoreCase: false, arn: false };
  if (!operator.startsWith("String")) return undefined;
  return { wildcards: operator.endsWith("Like"), ignoreCase: operator.endsWith("IgnoreCase"), arn: false };
}

/** `version` is the policy's: it says whether the value may have variables. */
export function textMatcher(value: string, rules: TextRules, version: string | null): TextMatcher {
  const folded = (text: string) => (rules.ignoreCase ? text.toLowerCase() : text);
  const parts = valueParts(value, version).map((part) =>
    part.kind === "variable" ? part : { ...part, text: folded(part.text) },
  );
  if (!hasVariables(parts)) return fixedMatcher(parts, rules, folded);
  const patternFor = (ask: (key: string) => AwsContextValue) => {
    const resolved = resolveValue(parts, rules.wildcards, ask);
    return resolved === "absent" || resolved === "unknown" ? resolved : foldGlob(resolved, folded);
  };
  return {
    matches(text, ask) {
      const pattern = patternFor(ask);
      if (pattern === "absent") return "missing";
      return pattern === "unknown" ? maybe : comparison(pattern, rules)(folded(text));
    },
    matchesForm(form, ask) {
      const pattern = patternFor(ask);
      if (pattern === "absent") return "missing";
      return pattern === "unknown" ? maybe : compareForm(pattern, form, rules, folded);
    },
  };
}

/** A variable's value keeps its case until here. */
function foldGlob(glob: Glob, folded: (text: string) => string): Glob {
  return glob.map((code) => (code < 0 ? code : folded(String.fromCharCode(code)).charCodeAt(0)));
}

function fixedMatcher(parts: readonly ValuePart[], rules: TextRules, folded: (text: string) => string): TextMatcher {
  const pattern = resolveValue(parts, rules.wildcards, () => ({ state: "absent" })) as Glob;
  const compare = comparison(pattern, rules);
  // Callers are few and asked about often: each form is compared with each pattern once.
  const remembered = new WeakMap<FormValue, Tri>();
  return {
    matches: (text) => compare(folded(text)),
    matchesForm(form) {
      const result = remembered.get(form) ?? compareForm(pattern, form, rules, folded);
      remembered.set(form, result);
      return result;
    },
  };
}

function comparison(pattern: Glob, rules: TextRules): (text: string) => Tri {
  if (rules.arn) return arnComparison(pattern);
  if (!isLiteral(pattern)) return (text) => triOf(globMatches(pattern, text));
  const wanted = globText(pattern);
  return (text) => triOf(text === wanted);
}

/**
 * Each of the six parts of an ARN is compared on its own, so that a wildcard does not reach over a colon. What is no ARN
 * matches nothing; but what AWS does with a pattern of fewer parts whose wildcards could stand for the rest (a bare `*`)
 * it does not document.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
function arnComparison(pattern: Glob): (text: string) => Tri {
  const wanted = arnParts(pattern);
  return (text) => {
    const parts = arnParts(literalGlob(text));
    if (parts === undefined) return no;
    if (wanted === undefined) return globMatches(pattern, text) ? maybe : no;
    return triOf(wanted.every((part, index) => globCovers(part, parts[index] as Glob)));
  };
}

const colon = 0x3a;

function arnParts(pattern: Glob): readonly Glob[] | undefined {
  const parts: number[][] = [[]];
  for (const code of pattern) {
    if (code === colon && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(code);
  }
  return parts.length === 6 ? parts : undefined;
}

/** A text that no policy would write by chance is equal only through a variable: then it is the caller's own value. */
function compareForm(pattern: Glob, value: FormValue, rules: TextRules, folded: (text: string) => string): Tri {
  const text = globText(pattern);
  if (text === folded(value.text)) return yes;
  const form = globOf(folded(value.form));
  if (namesOwner(pattern, text, value, rules)) return no;
  return rules.arn ? compareArnForm(pattern, form, value.owner) : compareGlobs(pattern, form);
}

function compareGlobs(pattern: Glob, form: Glob): Tri {
  if (!globsIntersect(pattern, form)) return no;
  return globCovers(pattern, form) ? yes : maybe;
}

/** Part by part, as the ARN itself would be. */
function compareArnForm(pattern: Glob, form: Glob, owner: FormValue["owner"]): Tri {
  const wanted = arnParts(pattern);
  const parts = arnParts(form);
  if (wanted === undefined) return !isLiteral(pattern) && globsIntersect(pattern, form) ? maybe : no;
  if (parts === undefined) return compareGlobs(pattern, form);
  if (owner === "arn-name" && isLiteral(wanted[5] as Glob)) return no;
  return Math.min(...wanted.map((part, index) => compareGlobs(part, parts[index] as Glob))) as Tri;
}

/**
 * Whether a pattern says whose a value is, and means somebody else. What nobody would write by chance came through a
 * variable: that is the caller's own, whoever it is.
 */
function namesOwner(pattern: Glob, text: string, value: FormValue, rules: TextRules): boolean {
  const account = isAccountWhole(pattern, text, value, rules) ? accountIn(text) : undefined;
  const had = accountIn(value.form);
  if (account !== undefined && had !== undefined && account !== had) return true;
  switch (value.owner) {
    case "nobody":
      return false;
    case "arn-account":
      return account === undefined ? isLiteral(pattern) : account !== accountIn(value.text);
    case "path-head": {
      const head = headOf(text);
      return head === undefined ? isLiteral(pattern) : head !== headOf(value.text);
    }
    default:
      return isLiteral(pattern);
  }
}

/**
 * Whether the account that a pattern writes can only be the account of what it matches. Part by part it is; where whole
 * texts are compared, a wildcard before it reaches over colons, and what follows the caller's own account may hold more
 * of them, with the account of somebody else behind them.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
function isAccountWhole(pattern: Glob, text: string, { form }: FormValue, rules: TextRules): boolean {
  if (rules.arn && arnParts(pattern) !== undefined) return true;
  const before = text.split(":", 4).join(":").length;
  return !form.endsWith("*") || isLiteral(pattern.slice(0, before));
}

/** The account of an ARN that writes it out. */
function accountIn(text: string): string | undefined {
  const account = text.split(":")[4] ?? "";
  return /^\d{12}$/.test(account) ? account : undefined;
}

/** What a path begins with, where it writes that out. */
function headOf(text: string): string | undefined {
  return /^([^/*?]+)\//.exec(text)?.[1];
}
