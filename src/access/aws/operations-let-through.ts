import type { AwsCaller, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import { symmetricKeyOperations } from "./kms-actions.ts";
import { mayBeAllowed } from "./policy-access.ts";
import { type Moment, requestAt } from "./request-at.ts";

/** Operations that one statement lets a caller perform. A type, not an interface, so that it can be evidence. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- see above
export type LetThrough = {
  /** For people: the statement's position and Sid. */
  readonly statement: string;
  readonly operations: readonly string[];
};

/** Operations that one Allow lets a caller perform. */
export interface LettingStatement {
  readonly statement: AwsStatement;
  readonly operations: readonly string[];
}

/**
 * Everything that a caller may do with the key, whatever encryption context it chooses, by each statement that lets it,
 * in the order of the document. What hangs on context that is not known counts as let through.
 */
export function lettingStatements(
  access: AwsPolicyAccess,
  caller: AwsCaller,
  moment: Moment,
  operations: readonly string[] = symmetricKeyOperations,
): readonly LettingStatement[] {
  const found = operations.flatMap((operation) => {
    const request = requestAt(moment, { operation, encryption_context: "any", caller });
    const letting = access.allowing(request);
    // Most callers are let by nobody: then no Deny needs to be asked.
    if (letting.length === 0 || !mayBeAllowed(access.decide(request))) return [];
    return letting.map((statement) => ({ operation, statement }));
  });
  return [...Map.groupBy(found, ({ statement }) => statement)]
    .map(([statement, ofStatement]) => ({ statement, operations: ofStatement.map(({ operation }) => operation) }))
    .toSorted((a, b) => a.statement.index - b.statement.index);
}

/** How messages name a statement. */
export function statementName(statement: AwsStatement | null): string {
  if (statement === null) return "no statement";
  return statement.sid === null
    ? `statement ${statement.index + 1}`
    : `statement ${statement.index + 1} "${statement.sid}"`;
}
