import type { AwsCaller, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import { symmetricKeyOperations } from "./kms-actions.ts";
import { mayBeAllowed } from "./policy-access.ts";

/** Operations that one statement lets a caller perform. A type, not an interface, so that it can be evidence. */
export type LetThrough = {
  /** For people: the statement's position and Sid. */
  readonly statement: string;
  readonly operations: readonly string[];
};

/**
 * Everything that a caller may do with the key, whatever encryption context it chooses, by the statement that lets it.
 * What hangs on context that is not known counts as let through. `at` in epoch milliseconds.
 */
export function operationsLetThrough(access: AwsPolicyAccess, caller: AwsCaller, at: number): readonly LetThrough[] {
  const found = symmetricKeyOperations.flatMap((operation) => {
    const decision = access.decide({ caller, operation, encryption_context: "any", at });
    return mayBeAllowed(decision) ? [{ operation, by: decision.by }] : [];
  });
  return [...Map.groupBy(found, ({ by }) => by)].map(([by, ofStatement]) => ({
    statement: statementName(by),
    operations: ofStatement.map(({ operation }) => operation),
  }));
}

/** How messages name a statement. */
export function statementName(statement: AwsStatement | null): string {
  if (statement === null) return "no statement";
  return statement.sid === null
    ? `statement ${statement.index + 1}`
    : `statement ${statement.index + 1} "${statement.sid}"`;
}
