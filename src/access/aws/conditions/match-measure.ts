/** Numeric, date, Boolean and address operators: how one policy value compares with one value of a request. */
import type { AwsOperator } from "../../../model/aws-access.ts";
import { type AddressRange, coverageOf, parseRange, rangeHolds } from "../../addresses.ts";
import { parseDate } from "../../dates.ts";
import { maybe, no, type Tri, yes } from "../../three-valued.ts";
import type { ContextValue } from "../context.ts";

/**
 * Compares one value of a request with all values of a policy, which are alternatives. A policy value that is none for its
 * operator is refused by AWS when the policy is stored; where one stands all the same, the answer is open.
 */
export type MeasureMatcher = (text: string) => Tri;

/** For operators that measure: undefined for those that compare text. Negated ones share the matcher of their counterpart. */
export function measureMatcher(operator: AwsOperator, values: readonly string[]): MeasureMatcher | undefined {
  if (operator.startsWith("Numeric")) return orderedMatcher(values.map(parseNumber), parseNumber, orderOf(operator));
  if (operator.startsWith("Date")) return orderedMatcher(values.map(parseDate), parseDate, orderOf(operator));
  if (operator === "Bool") return orderedMatcher(values.map(parseBoolean), parseBoolean, (a, b) => a === b);
  return undefined;
}

function orderedMatcher<T>(
  wanted: readonly (T | undefined)[],
  parse: (text: string) => T | undefined,
  holds: (had: T, wanted: T) => boolean,
): MeasureMatcher {
  const broken = wanted.includes(undefined);
  let last: { readonly text: string; readonly value: T | undefined } | undefined;
  return (text) => {
    // A scan asks thousands of times about the same moment.
    if (last?.text !== text) last = { text, value: parse(text) };
    const had = last.value;
    if (had === undefined) return broken ? maybe : no;
    if (wanted.some((value) => value !== undefined && holds(had, value))) return yes;
    return broken ? maybe : no;
  };
}

function orderOf(operator: AwsOperator): (had: number, wanted: number) => boolean {
  if (operator.endsWith("GreaterThanEquals")) return (had, wanted) => had >= wanted;
  if (operator.endsWith("LessThanEquals")) return (had, wanted) => had <= wanted;
  if (operator.endsWith("GreaterThan")) return (had, wanted) => had > wanted;
  if (operator.endsWith("LessThan")) return (had, wanted) => had < wanted;
  return (had, wanted) => had === wanted;
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** The ranges of an address condition, and how a request's address lies to their union. */
export interface AddressMatcher {
  readonly ranges: readonly AddressRange[];
  text(text: string): Tri;
  other(value: ContextValue): Tri;
}

/** A value that is no address or range leaves open what no other value decides. */
export function addressMatcher(values: readonly string[]): AddressMatcher {
  const parsed = values.map(parseRange);
  const ranges = parsed.filter((range) => range !== undefined);
  const otherwise = ranges.length < parsed.length ? maybe : no;
  const coverage = coverageOf(ranges);
  // Who may call from anywhere is kept out by ranges that hold less than half of the Internet, and by nothing wider.
  const anywhere = coverage === "all" ? yes : coverage === "half" ? maybe : otherwise;
  const holds = (address: AddressRange) => (ranges.some((range) => rangeHolds(range, address)) ? yes : otherwise);
  return {
    ranges,
    text(text) {
      const address = parseRange(text);
      return address === undefined ? otherwise : holds(address);
    },
    other(value) {
      if (value.state === "anywhere") return anywhere;
      return value.state === "address" ? holds(value.range) : maybe;
    },
  };
}
