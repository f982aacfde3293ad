/** Asks for encryption contexts that the role should get nothing with. */
import type { AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import type { EncryptionContext, UnlistedContext } from "./anthropic-requests.ts";
import { statementName } from "./operations-let-through.ts";
import { mayBeAllowed } from "./policy-access.ts";
import { requestAt } from "./request-at.ts";
import { roleRequest } from "./role-access.ts";

export interface ProbedContext extends UnlistedContext {
  readonly operations: readonly string[];
  /** A statement by which it may be let through all the same. */
  readonly spares?: (statement: AwsStatement, operation: string) => boolean;
}

/** A request that the policy lets through, and the statements that do. */
export interface Breach {
  readonly told: string;
  readonly operation: string;
  readonly context: EncryptionContext;
  readonly statements: readonly AwsStatement[];
}

/** The requests of the role that the policy allows, or may allow, for some of its addresses at least. */
export function breachesOf(
  access: AwsPolicyAccess,
  probes: readonly ProbedContext[],
  circumstances: Parameters<typeof roleRequest>[2],
): readonly Breach[] {
  return probes.flatMap(({ told, context, operations, spares }) =>
    operations.flatMap((operation) => {
      const request = roleRequest(operation, context, circumstances);
      if (!mayBeAllowed(access.decide(request))) return [];
      // A trace answers for the worst address; whom the addresses keep out is another matter.
      const traces = access.trace(
        requestAt(circumstances, {
          operation,
          encryption_context: context,
          caller: { ...request.caller, addresses: "unknown" },
        }),
      );
      const statements = traces
        .filter(({ statement, result }) => statement.effect === "Allow" && result !== "false")
        .map(({ statement }) => statement)
        .filter((statement) => spares?.(statement, operation) !== true);
      return statements.length === 0 ? [] : [{ told, operation, context, statements }];
    }),
  );
}

/** What is let through, in words and as evidence: by the statements that let it. */
export function tellBreaches(breaches: readonly Breach[]) {
  const byStatement = Map.groupBy(breaches, ({ statements }) => statements.map(statementName).join(", "));
  const told = [...byStatement].map(([statements, ofStatements]) => {
    const operations = distinct(ofStatements.map(({ operation }) => operation));
    const contexts = distinct(ofStatements.map((breach) => breach.told));
    return `${statements} lets the role ${operations.join(" and ")} with ${contexts.join(", with ")}`;
  });
  const evidence = breaches.map(({ told: what, operation, context, statements }) => ({
    operation,
    with: what,
    encryption_context: context,
    statements: statements.map(statementName),
  }));
  return { message: told.join("; "), evidence: { let_through: evidence } };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
