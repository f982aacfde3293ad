/** The values of one pair of the encryption context that a policy's conditions let in. */
import type { AwsCondition, AwsPolicy, AwsStatement } from "../../model/aws-access.ts";
import { valueParts } from "./policy-value.ts";

export interface ListedContextValue {
  readonly statement: AwsStatement;
  readonly condition: AwsCondition;
  readonly value: string;
  /** `pattern`: wildcards where the operator has them, or a variable; `other`: neither that nor a UUID. */
  readonly kind: "uuid" | "pattern" | "other";
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The condition key of a pair, as policies name it. */
export function contextConditionKey(pair: string): string {
  return `kms:EncryptionContext:${pair}`;
}

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Whether any condition of the statement looks at the pair, in whatever way. */
export function testsContextPair(statement: AwsStatement, pair: string): boolean {
  return statement.conditions.some(({ key }) => isContextKey(key, pair));
}

/** Condition keys are compared without regard to case. */
export function isContextKey(key: string, pair: string): boolean {
  return key.toLowerCase() === contextConditionKey(pair).toLowerCase();
}

/** What an Allow lists, and what a Deny spares; what an Allow excludes or a Deny hits is not let in. */
export function contextValuesLetIn(policy: AwsPolicy, pair: string): readonly ListedContextValue[] {
  return policy.statements.flatMap((statement) =>
    statement.conditions
      .filter((condition) => isContextKey(condition.key, pair) && letsIn(statement, condition))
      .flatMap((condition) =>
        condition.values.map((value) => ({
          statement,
          condition,
          value,
          kind: kindOf(value, condition, policy.version),
        })),
      ),
  );
}

function letsIn({ effect }: AwsStatement, { base }: AwsCondition): boolean {
  if (base === null || base === "Null" || base === "Bool") return false;
  return base.includes("Not") === (effect === "Deny");
}

function kindOf(value: string, { base }: AwsCondition, version: string | null): ListedContextValue["kind"] {
  if (isUuid(value)) return "uuid";
  const wildcards = base?.endsWith("Like") === true && /[*?]/.test(value);
  const variable = valueParts(value, version).some(({ kind }) => kind !== "text");
  return wildcards || variable ? "pattern" : "other";
}
