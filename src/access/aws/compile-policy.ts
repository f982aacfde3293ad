/** A parsed policy made ready to be asked many times. It knows no key and no caller. */
import type { AwsElement, AwsPolicy, AwsStatement } from "../../model/aws-access.ts";
import type { AddressRange } from "../addresses.ts";
import { maybe, no, not, type Tri, yes } from "../three-valued.ts";
import { type CompiledCondition, compileCondition } from "./conditions/compile-condition.ts";
import { contextSource, type Question } from "./context.ts";
import { type Glob, globMatches, globOf } from "./glob.ts";
import { resolveValue, type ValuePart, valueParts } from "./policy-value.ts";

export interface CompiledPolicy {
  readonly policy: AwsPolicy;
  readonly statements: readonly CompiledStatement[];
  /** For each condition that compares `aws:SourceIp`, the ranges that it compares it with. */
  readonly source_ranges: readonly (readonly AddressRange[])[];
}

export interface CompiledStatement {
  readonly statement: AwsStatement;
  readonly conditions: readonly CompiledCondition[];
  takesAction(operation: string): boolean;
  takesResource(question: Question): Tri;
}

export function compilePolicy(policy: AwsPolicy): CompiledPolicy {
  const statements = policy.statements.map((statement) => compileStatement(statement, policy.version));
  const conditions = statements.flatMap((statement) => statement.conditions);
  const sourceRanges = conditions.map((condition) => condition.source_ranges).filter((ranges) => ranges.length > 0);
  return { policy, statements, source_ranges: sourceRanges };
}

function compileStatement(statement: AwsStatement, version: string | null): CompiledStatement {
  return {
    statement,
    conditions: statement.conditions.map((condition) => compileCondition(condition, version)),
    takesAction: actionMatcher(statement.actions),
    takesResource: resourceMatcher(statement.resources, version),
  };
}

type ActionMatcher = (operation: string) => boolean;

/** By the lists of actions that were met first: the policies of many keys name the same ones. */
const actionMatchers = new Map<string, ActionMatcher>();

function actionMatcher(actions: AwsElement<string> | null): ActionMatcher {
  if (actions === null) return () => false;
  const text = JSON.stringify([actions.negated, actions.values]);
  const before = actionMatchers.get(text);
  if (before !== undefined) return before;
  const matcher = newActionMatcher(actions);
  if (actionMatchers.size < 1000) actionMatchers.set(text, matcher);
  return matcher;
}

/** Names of actions are compared without regard to case. */
function newActionMatcher({ negated, values }: AwsElement<string>): ActionMatcher {
  const patterns = values.map((action) => globOf(action.toLowerCase()));
  const remembered = new Map<string, boolean>();
  return (operation) => {
    const before = remembered.get(operation);
    if (before !== undefined) return before;
    const name = operation.toLowerCase();
    const takes = patterns.some((pattern) => globMatches(pattern, name)) !== negated;
    // The published operations are some sixty; whatever else is asked must not fill the memory.
    if (remembered.size < 200) remembered.set(operation, takes);
    return takes;
  };
}

/**
 * A statement without `Resource` is stored by AWS KMS and has no effect.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
function resourceMatcher(resources: AwsElement<string> | null, version: string | null): (question: Question) => Tri {
  if (resources === null) return () => no;
  const { negated, values } = resources;
  if (!negated && values.includes("*")) return () => yes;
  const patterns = values.map((value) => valueParts(value, version));
  return (question) => {
    const listed = patterns.map((parts) => matchesArn(parts, question));
    const best = listed.reduce<Tri>((most, one) => (one > most ? one : most), no);
    return negated ? not(best) : best;
  };
}

function matchesArn(parts: readonly ValuePart[], question: Question): Tri {
  const pattern: Glob | "absent" | "unknown" = resolveValue(parts, true, (key) => {
    const value = contextSource(key)(question);
    return value.state === "address" || value.state === "anywhere" ? { state: "unknown" } : value;
  });
  if (pattern === "unknown") return maybe;
  if (pattern === "absent") return no;
  return globMatches(pattern, question.key.arn) ? yes : no;
}
