/** What a key's policies and grants give, as rows for people: found request by request, then told together. */
import type {
  AwsAccessDecision,
  AwsAccessRequest,
  AwsCaller,
  AwsGrantPermission,
  AwsOrganizationPolicyAccess,
  AwsPolicyAccess,
  AwsStatement,
  AwsStatementTrace,
} from "../../model/aws-access.ts";
import type { KeyAccessRow } from "../../model/key-access.ts";
import { maybe, no } from "../three-valued.ts";
import type { EncryptionContext } from "./anthropic-requests.ts";
import { distinctNames } from "./decide.ts";
import { permits } from "./grants.ts";
import { symmetricKeyOperations } from "./kms-actions.ts";
import { contextConditionKey } from "./listed-context-values.ts";
import { statementName } from "./operations-let-through.ts";
import { mayBeAllowed } from "./policy-access.ts";
import { tellCondition, tellConstraint } from "./tell-condition.ts";

/** What decides beside a grant. Null: not readable, or nobody looks; either could only take access away. */
export interface Deciding {
  readonly policy: AwsPolicyAccess | null;
  readonly organization: AwsOrganizationPolicyAccess | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** One principal about whom is asked. */
export interface Asked {
  readonly who: Pick<KeyAccessRow, "principal" | "class">;
  readonly callers: readonly AwsCaller[];
  /** Contexts that are asked about one by one, where the answer for any context is open. */
  readonly contexts: readonly EncryptionContext[];
  /** The statements of interest, or null for all. */
  readonly statements: readonly AwsStatement[] | null;
}

/** What the key policy lets a principal do, by each statement that lets it. */
export function policyRows(
  { who, callers, contexts, statements }: Asked,
  deciding: Deciding & { readonly policy: AwsPolicyAccess },
): readonly KeyAccessRow[] {
  const found = callers.flatMap((caller) =>
    symmetricKeyOperations.flatMap((operation) => {
      const ask = (encryption_context: EncryptionContext | "any") =>
        letting({ caller, operation, encryption_context, at: deciding.at }, deciding)
          .filter(({ statement }) => statements === null || statements.includes(statement))
          .map((one) => ({ ...one, caller, operation, context: encryption_context }));
      const whatever = ask("any");
      const open = whatever.filter(({ on }) => on.some(isAboutContext)).map(({ statement }) => statement);
      const particular = open.length === 0 ? [] : contexts.flatMap(ask);
      return [...whatever, ...particular.filter(({ statement }) => open.includes(statement))];
    }),
  );
  return joinRows(
    found.map(({ statement, decision, on, caller, operation, context }) => ({
      ...who,
      callers: [caller.name],
      encryption_contexts: context === "any" ? null : [context],
      operations: [operation],
      decision,
      source: { kind: "key-policy", name: statementName(statement) },
      conditions: statement.conditions.map(tellCondition),
      on,
    })),
  );
}

function isAboutContext(name: string): boolean {
  return name.toLowerCase().startsWith("kms:encryptioncontext");
}

interface Letting extends Pick<KeyAccessRow, "decision" | "on"> {
  readonly statement: AwsStatement;
}

/** The Allow statements that let a request through, surely or perhaps. */
function letting(
  request: AwsAccessRequest,
  { policy, organization }: Deciding & { readonly policy: AwsPolicyAccess },
): readonly Letting[] {
  const decision = policy.decide(request);
  const above = organization?.decide(request);
  if (!mayBeAllowed(decision) || (above !== undefined && !mayBeAllowed(above))) return [];
  const surely = new Set(
    policy
      .trace(request)
      .filter(isHolding)
      .map(({ statement }) => statement),
  );
  const traces = policy.trace(fromSomewhere(request));
  const denials = decision.decision === "allowed" ? [] : openDenials(traces);
  const stopping = [...denials, ...openAbove(above)];
  return traces
    .filter(({ statement, result }) => statement.effect === "Allow" && result !== "false")
    .map(({ statement, on }) => {
      const isSure = surely.has(statement) && decision.decision !== "denied";
      const names = distinctNames([...(isSure ? [] : on), ...stopping]);
      return { statement, decision: names.length === 0 ? "allowed" : "conditional", on: names };
    });
}

function isHolding({ result }: AwsStatementTrace): boolean {
  return result === "true";
}

/** A trace answers for the worst of the caller's addresses; which statements let it in is asked for all of them. */
function fromSomewhere(request: AwsAccessRequest): AwsAccessRequest {
  if (typeof request.caller.addresses === "string") return request;
  return { ...request, at: request.at, caller: { ...request.caller, addresses: "unknown" } };
}

function openDenials(traces: readonly AwsStatementTrace[]): readonly string[] {
  return traces.flatMap(({ statement, result, on }) => (statement.effect === "Deny" && result === "unknown" ? on : []));
}

function openAbove(above: AwsAccessDecision | undefined): readonly string[] {
  if (above === undefined) return [];
  return above.refused_addresses === null ? above.on : ["aws:SourceIp"];
}

/** What one grant gives these callers: a Deny of the key policy or of the organization beats it. */
export function grantRows(
  grant: AwsGrantPermission,
  { who, callers }: Pick<Asked, "who" | "callers">,
  operations: readonly string[],
  deciding: Deciding,
  partition: string,
): readonly KeyAccessRow[] {
  const { constraint } = grant;
  const found = callers.flatMap((caller) =>
    operations.flatMap((operation) => {
      const request = { caller, operation, encryption_context: "any", at: deciding.at } as const;
      const permitted = permits(grant, request, partition);
      const on = permitted === no ? undefined : openBeside(request, deciding);
      if (on === undefined) return [];
      const pairs = permitted === maybe ? Object.keys(constraint?.context ?? {}).map(contextConditionKey) : [];
      return [{ caller, operation, constrained: permitted === maybe, on: distinctNames([...pairs, ...on]) }];
    }),
  );
  return joinRows(
    found.map(({ caller, operation, constrained, on }) => ({
      ...who,
      callers: [caller.name],
      encryption_contexts: null,
      operations: [operation],
      decision: on.length === 0 ? "allowed" : "conditional",
      source: { kind: "grant", name: grant.id },
      conditions: constrained && constraint !== null ? [tellConstraint(constraint)] : [],
      on,
    })),
  );
}

/** What is not known of the denials beside a grant, or undefined where one of them surely holds. */
function openBeside(request: AwsAccessRequest, { policy, organization }: Deciding): readonly string[] | undefined {
  const traces = policy?.trace(request) ?? [];
  if (traces.some(({ statement, result }) => statement.effect === "Deny" && result === "true")) return undefined;
  const above = organization?.decide(request);
  if (above !== undefined && !mayBeAllowed(above)) return undefined;
  return [...openDenials(traces), ...openAbove(above)];
}

/** Rows that differ in one list alone are one row. */
function joinRows(rows: readonly KeyAccessRow[]): readonly KeyAccessRow[] {
  const byOperations = joined(
    rows,
    (row) => ({ ...row, operations: [] }),
    (row, group) => ({ ...row, operations: group.flatMap(({ operations }) => operations) }),
  );
  const byCallers = joined(
    byOperations,
    (row) => ({ ...row, callers: [] }),
    (row, group) => ({ ...row, callers: group.flatMap(({ callers }) => callers) }),
  );
  return joined(
    byCallers,
    (row) => ({ ...row, encryption_contexts: row.encryption_contexts === null ? null : [] }),
    (row, group) => ({
      ...row,
      encryption_contexts:
        row.encryption_contexts === null ? null : group.flatMap((one) => one.encryption_contexts ?? []),
    }),
  );
}

function joined(
  rows: readonly KeyAccessRow[],
  without: (row: KeyAccessRow) => KeyAccessRow,
  join: (first: KeyAccessRow, group: readonly KeyAccessRow[]) => KeyAccessRow,
): readonly KeyAccessRow[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(without(row)));
  return [...groups.values()].flatMap((group) => group.slice(0, 1).map((first) => join(first, group)));
}
