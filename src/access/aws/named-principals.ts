/** What the statements that name a principal let it do; what it may do by a statement about others does not count. */
import type {
  AwsCondition,
  AwsOperator,
  AwsPolicyAccess,
  AwsPrincipal,
  AwsStatement,
} from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { callersNamed } from "./callers.ts";
import { accountOf } from "./known-principals.ts";
import { statementName } from "./operations-let-through.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import { mayBeAllowed } from "./policy-access.ts";

/** A principal, the operations that it can perform, and the statements that name it for them. */
export interface NamedPrincipal {
  readonly principal: AwsPrincipal;
  readonly operations: readonly string[];
  readonly statements: readonly string[];
}

/**
 * Who is named for any of these operations and can perform it. What hangs on context that is not known counts. A whole
 * account is one principal, however it is written. `at` in epoch milliseconds.
 */
export function principalsNamedFor(
  operations: readonly string[],
  access: AwsPolicyAccess,
  home: Home,
  at: number,
): readonly NamedPrincipal[] {
  const entries = access.policy.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => namedBy(statement, home).map((principal) => ({ principal, statement })));
  const byIdentity = Map.groupBy(entries, ({ principal }) => identityOf(principal, home));
  return [...byIdentity.values()].flatMap((ofOne) => {
    const principal = (ofOne[0] as (typeof ofOne)[number]).principal;
    const statements = ofOne.map(({ statement }) => statement);
    const found = operations.flatMap((operation) => {
      const by = statementsLetting(principal, operation, statements, access, home, at);
      return by.length > 0 ? [{ operation, by }] : [];
    });
    if (found.length === 0) return [];
    const names = new Set(found.flatMap(({ by }) => by.map(statementName)));
    return [{ principal, operations: found.map(({ operation }) => operation), statements: [...names] }];
  });
}

function statementsLetting(
  principal: AwsPrincipal,
  operation: string,
  statements: readonly AwsStatement[],
  access: AwsPolicyAccess,
  home: Home,
  at: number,
): readonly AwsStatement[] {
  const letting = callersNamed(principal, home).flatMap((caller) => {
    const request = { caller, operation, encryption_context: "any", at } as const;
    const decision = access.decide(request);
    if (!mayBeAllowed(decision) || !decision.usable) return [];
    const traces = access.trace(request).filter(({ result }) => result !== "false");
    return traces.map(({ statement }) => statement).filter((statement) => statements.includes(statement));
  });
  return [...new Set(letting)];
}

/** By a condition that lists whole ARNs, those; else the entries of `Principal`. Everybody stands for the own account. */
function namedBy({ principals, conditions }: AwsStatement, home: Home): readonly AwsPrincipal[] {
  const listed = conditions.map(arnsListed).find((arns) => arns.length > 0);
  if (listed !== undefined) return listed;
  const own: AwsPrincipal = { kind: "account", text: home.account, partition: home.partition, account: home.account };
  if (principals === null || principals.negated) return [own];
  return principals.values.map((principal) => (principal.kind === "anyone" ? own : principal));
}

const matching: readonly (AwsOperator | null)[] = ["ArnEquals", "ArnLike", "StringEquals", "StringLike"];

function arnsListed({ key, base, if_exists, quantifier, values }: AwsCondition): readonly AwsPrincipal[] {
  const lists = key.toLowerCase() === "aws:principalarn" && matching.includes(base);
  if (!lists || if_exists || quantifier === "for-all-values") return [];
  const principals = values.map(parseAwsPrincipal);
  return principals.every(({ kind }) => kind !== "invalid" && kind !== "anyone") ? principals : [];
}

/** A root ARN and a bare number mean the same account. */
function identityOf(principal: AwsPrincipal, home: Home): string {
  if (principal.kind !== "account") return principal.text;
  return `${accountOf(principal, home)?.partition} ${principal.account}`;
}
