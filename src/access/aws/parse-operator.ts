import type { AwsCondition, AwsOperator } from "../../model/aws-access.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: readonly AwsOperator[] = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnNotEquals",
  "ArnLike",
  "ArnNotLike",
  "Null",
];
const byLowerCase = new Map(operators.map((operator) => [operator.toLowerCase(), operator]));

const quantifiers = { forallvalues: "for-all-values", foranyvalue: "for-any-value" } as const;

/** The parts of an operator, e.g. of `ForAllValues:StringLikeIfExists`; `base` is null where AWS documents no such operator. */
export function parseOperator(text: string): Pick<AwsCondition, "operator" | "base" | "quantifier" | "if_exists"> {
  const written = text.toLowerCase();
  const colon = written.indexOf(":");
  const prefix = colon < 0 ? null : written.slice(0, colon);
  const quantifier = prefix === "forallvalues" || prefix === "foranyvalue" ? quantifiers[prefix] : null;
  const rest = written.slice(colon + 1);
  const ifExists = rest.endsWith("ifexists");
  const name = ifExists ? rest.slice(0, -"ifexists".length) : rest;
  const base = prefix !== null && quantifier === null ? null : (byLowerCase.get(name) ?? null);
  // AWS documents `...IfExists` for every operator but Null.
  const invented = base === "Null" && (ifExists || quantifier !== null);
  return { operator: text, base: invented ? null : base, quantifier, if_exists: ifExists };
}
