/** From a condition to a function that says whether it holds. */
import type { AwsCondition, AwsContextValue, AwsOperator } from "../../../model/aws-access.ts";
import type { AddressRange } from "../../addresses.ts";
import { either, maybe, no, not, type Tri, triOf, yes } from "../../three-valued.ts";
import { type ContextSource, type ContextValue, contextSource, type Question } from "../context.ts";
import { valueParts } from "../policy-value.ts";
import { addressMatcher, measureMatcher } from "./match-measure.ts";
import { type TextMatcher, textMatcher, textRulesOf } from "./match-text.ts";

export interface CompiledCondition {
  readonly condition: AwsCondition;
  /** The condition key in lower case. */
  readonly key: string;
  /** The ranges that it compares `aws:SourceIp` with. */
  readonly source_ranges: readonly AddressRange[];
  readonly source: ContextSource;
  /** The keys that its values name as variables, with their names as written. */
  readonly variables: readonly { readonly name: string; readonly source: ContextSource }[];
  holds(question: Question): Tri;
}

type Ask = (key: string) => AwsContextValue;
/** How a present value fares: one text of the request, or all that is known of a value that is no text. */
interface Test {
  text(text: string, ask: Ask): Tri;
  other(value: ContextValue, ask: Ask): Tri;
}

/**
 * Compiles one condition of a policy of that version.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function compileCondition(condition: AwsCondition, version: string | null): CompiledCondition {
  const key = condition.key.toLowerCase();
  const source = contextSource(key);
  const { base } = condition;
  const compiled = { condition, key, source, source_ranges: [], variables: variablesOf(condition, version) };
  if (base === null) return { ...compiled, holds: () => maybe };
  if (base === "Null") return { ...compiled, holds: (question) => holdsNull(condition, source(question)) };
  const test = testOf(condition, base, version);
  const whenAbsent = holdsAbsent(condition, base);
  return {
    ...compiled,
    source_ranges: isAddressOperator(base) && key === "aws:sourceip" ? addressMatcher(condition.values).ranges : [],
    holds(question) {
      const ask: Ask = (name) => textual(contextSource(name)(question));
      return holdsFor(source(question), condition, test, whenAbsent, ask);
    },
  };
}

function variablesOf(condition: AwsCondition, version: string | null): CompiledCondition["variables"] {
  const parts = condition.values.flatMap((value) => valueParts(value, version));
  return parts.flatMap((part) =>
    part.kind === "variable" ? [{ name: part.name, source: contextSource(part.key) }] : [],
  );
}

/** The names of what leaves the condition open: its own key, where nothing else does. */
export function openNames({ condition, source, variables }: CompiledCondition, question: Question): readonly string[] {
  const names = variables.filter((variable) => variable.source(question).state === "unknown").map(({ name }) => name);
  const { state } = source(question);
  return names.length > 0 && (state === "present" || state === "absent") ? names : [condition.key, ...names];
}

/** As a variable's value: addresses are not one text. */
function textual(value: ContextValue): AwsContextValue {
  return value.state === "address" || value.state === "anywhere" ? { state: "unknown" } : value;
}

/** A key that the request has not: false, but for `...IfExists`, `ForAllValues:` and the negated operators. */
function holdsAbsent(condition: AwsCondition, base: AwsOperator): Tri {
  if (condition.if_exists || condition.quantifier === "for-all-values") return yes;
  if (condition.quantifier === "for-any-value") return no;
  return triOf(isNegated(base));
}

function holdsNull(condition: AwsCondition, value: ContextValue): Tri {
  const wanted = condition.values.map((text) => text.toLowerCase());
  const [whenAbsent, whenPresent] = [triOf(wanted.includes("true")), triOf(wanted.includes("false"))];
  if (value.state === "absent") return whenAbsent;
  const perhaps = value.state === "unknown" || value.state === "anywhere" || (value.state === "form" && value.optional);
  return perhaps ? either(whenAbsent, whenPresent) : whenPresent;
}

function holdsFor(value: ContextValue, condition: AwsCondition, test: Test, whenAbsent: Tri, ask: Ask): Tri {
  switch (value.state) {
    case "absent":
      return whenAbsent;
    case "unknown":
      return maybe;
    case "form": {
      const present = test.other(value, ask);
      return value.optional ? either(present, whenAbsent) : present;
    }
    case "present":
      return value.values.length === 0 ? whenAbsent : holdsForValues(value.values, condition, test, ask);
    case "anywhere":
      // Who comes through a VPC endpoint has no public address at all.
      return either(test.other(value, ask), whenAbsent);
    case "address":
      return test.other(value, ask);
  }
}

/**
 * Without a quantifier AWS documents single values only: several that disagree leave the answer open.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holdsForValues(values: readonly string[], { quantifier }: AwsCondition, test: Test, ask: Ask): Tri {
  let [least, most]: [Tri, Tri] = [yes, no];
  for (const value of values) {
    // To `ForAllValues:` an empty text is as good as no value.
    const one = quantifier === "for-all-values" && value === "" ? yes : test.text(value, ask);
    if (one < least) least = one;
    if (one > most) most = one;
  }
  if (quantifier === "for-all-values") return least;
  if (quantifier === "for-any-value") return most;
  return either(least, most);
}

function testOf(condition: AwsCondition, base: AwsOperator, version: string | null): Test {
  const test = positiveTest(condition, base, version);
  if (!isNegated(base)) return test;
  return {
    text: (text, ask) => not(test.text(text, ask)),
    other: (value, ask) => not(test.other(value, ask)),
  };
}

function positiveTest(condition: AwsCondition, base: AwsOperator, version: string | null): Test {
  if (isAddressOperator(base)) return addressMatcher(condition.values);
  const measure = measureMatcher(base, condition.values);
  if (measure !== undefined) return { text: measure, other: () => maybe };
  const rules = textRulesOf(base);
  if (rules === undefined) return { text: () => maybe, other: () => maybe };
  return textTest(
    condition.values.map((value) => textMatcher(value, rules, version)),
    isNegated(base),
  );
}

/**
 * A variable without a value equals nothing. Under a negated operator AWS says only that it may make the whole statement
 * invalid, so there the answer is open.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
function textTest(matchers: readonly TextMatcher[], negated: boolean): Test {
  const anyOf = (compare: (matcher: TextMatcher) => Tri | "missing"): Tri => {
    let most: Tri = no;
    for (const matcher of matchers) {
      const compared = compare(matcher);
      const one = compared === "missing" ? (negated ? maybe : no) : compared;
      if (one === yes) return yes;
      if (one > most) most = one;
    }
    return most;
  };
  return {
    text: (text, ask) => anyOf((matcher) => matcher.matches(text, ask)),
    other: (value, ask) => (value.state === "form" ? anyOf((matcher) => matcher.matchesForm(value, ask)) : maybe),
  };
}

function isNegated(base: AwsOperator): boolean {
  return base.includes("Not");
}

function isAddressOperator(base: AwsOperator): boolean {
  return base === "IpAddress" || base === "NotIpAddress";
}
