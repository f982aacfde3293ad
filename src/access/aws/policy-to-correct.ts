/** A key policy with what its corrections have to know of it, and who would lose what by an edit. */
import { anthropicAwsRoleArn, anthropicAwsRoleOperations } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsPolicyAccess } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { publishedRole, rootOf } from "./callers.ts";
import { symmetricKeyOperations } from "./kms-actions.ts";
import { type LettingStatement, lettingStatements } from "./operations-let-through.ts";

export interface PolicyToCorrect {
  readonly text: string;
  readonly access: AwsPolicyAccess;
  readonly home: Home;
  readonly role: AwsCaller;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface PolicyFacts {
  readonly policy_text: string;
  readonly policy_access: AwsPolicyAccess;
}

/** From the facts and the context of a check. */
export function policyToCorrect(
  { policy_text, policy_access }: PolicyFacts,
  { at, settings }: { readonly at: number; readonly settings: { readonly anthropic_egress: readonly string[] } },
): PolicyToCorrect {
  return {
    text: policy_text,
    access: policy_access,
    home: policy_access.home,
    role: publishedRole(anthropicAwsRoleArn, settings.anthropic_egress),
    at,
  };
}

export function ownRootArn({ partition, account }: Home): string {
  return `arn:${partition}:iam::${account}:root`;
}

/** Every Allow that lets a caller do any of these, with what. */
export function lets(
  { access, at }: PolicyToCorrect,
  caller: AwsCaller,
  operations: readonly string[] = symmetricKeyOperations,
): readonly LettingStatement[] {
  return lettingStatements(access, caller, { at }, operations);
}

/** Operations by the position of the statement that gives them. */
export type OperationsByStatement = ReadonlyMap<number, readonly string[]>;

/** What the key's own account, and what the role by the documented operations, has from nothing but these statements. */
export function dependents(policy: PolicyToCorrect, removed: ReadonlySet<number>) {
  const { account, partition } = policy.home;
  return {
    account: onlyBy(lets(policy, rootOf(account, partition)), removed),
    role: onlyBy(lets(policy, policy.role, anthropicAwsRoleOperations), removed),
  };
}

function onlyBy(letting: readonly LettingStatement[], removed: ReadonlySet<number>): OperationsByStatement {
  const kept = letting.filter(({ statement }) => !removed.has(statement.index)).flatMap(({ operations }) => operations);
  const lost = letting.map(({ statement, operations }): [number, readonly string[]] => [
    statement.index,
    operations.filter((operation) => !kept.includes(operation)),
  ]);
  return new Map(lost.filter(([index, operations]) => removed.has(index) && operations.length > 0));
}
