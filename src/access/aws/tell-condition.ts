import type { AwsCondition, AwsGrantConstraint, AwsOperator } from "../../model/aws-access.ts";

/** A condition of a statement in words, e.g. `aws:SourceIp is in 10.0.0.0/8 or 192.0.2.1/32`. */
export function tellCondition({ operator, base, quantifier, if_exists, key, values }: AwsCondition): string {
  const listed = values.length === 0 ? "nothing at all" : values.map(shown).join(" or ");
  if (base === null) return `${operator} ${key} ${listed}`;
  if (base === "Null") return `whether ${key} is absent is ${listed}`;
  const subject = quantifier === null ? key : `${quantifiers[quantifier]} ${key}`;
  return `${subject} ${verbs[base]} ${listed}${if_exists ? ", where there is one" : ""}`;
}

/** What the constraint of a grant asks of the encryption context, in words. */
export function tellConstraint({ kind, context }: AwsGrantConstraint): string {
  const pairs = Object.entries(context).map(([name, value]) => `${name}=${value}`);
  return `the encryption context ${kind === "equals" ? "is exactly" : "holds"} ${pairs.join(", ")}`;
}

function shown(value: string): string {
  return value === "" ? '""' : value;
}

const quantifiers = { "for-all-values": "every value of", "for-any-value": "some value of" };

const verbs = {
  StringEquals: "is",
  StringNotEquals: "is not",
  StringEqualsIgnoreCase: "is, in any case,",
  StringNotEqualsIgnoreCase: "is not, in any case,",
  StringLike: "is like",
  StringNotLike: "is not like",
  NumericEquals: "is",
  NumericNotEquals: "is not",
  NumericLessThan: "is less than",
  NumericLessThanEquals: "is at most",
  NumericGreaterThan: "is more than",
  NumericGreaterThanEquals: "is at least",
  DateEquals: "is",
  DateNotEquals: "is not",
  DateLessThan: "is before",
  DateLessThanEquals: "is at the latest",
  DateGreaterThan: "is after",
  DateGreaterThanEquals: "is at the earliest",
  Bool: "is",
  BinaryEquals: "is",
  IpAddress: "is in",
  NotIpAddress: "is not in",
  // AWS documents that the two behave alike: both take wildcards.
  ArnEquals: "is like",
  ArnNotEquals: "is not like",
  ArnLike: "is like",
  ArnNotLike: "is not like",
} satisfies Record<Exclude<AwsOperator, "Null">, string>;
