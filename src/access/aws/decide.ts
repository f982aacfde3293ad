/** The decision itself: every statement's own result, and what follows from all of them. */
import type { AwsAccessDecision, AwsConditionResult, AwsStatement, AwsStatementTrace } from "../../model/aws-access.ts";
import { rangeText } from "../addresses.ts";
import { maybe, no, type Tri, triWord, yes } from "../three-valued.ts";
import type { CompiledPolicy, CompiledStatement } from "./compile-policy.ts";
import { type CompiledCondition, openNames } from "./conditions/compile-condition.ts";
import type { Question } from "./context.ts";
import { matchPrincipals } from "./match-principal.ts";

/** A decision before it is known how the caller's addresses fare. */
export type Verdict = Omit<AwsAccessDecision, "refused_addresses">;

/**
 * An explicit Deny beats every Allow, and without an Allow the answer is no. What is not known is carried along: a Deny
 * that might hold leaves an Allow open, and so does an Allow that might not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(policy: CompiledPolicy, question: Question): Verdict {
  const denial = decideDenials(policy, question);
  if (denial.decision === "denied") return denial;
  const open: CompiledStatement[] = [];
  for (const compiled of policy.statements) {
    if (compiled.statement.effect === "Deny") continue;
    const result = resultOf(compiled, question);
    if (result === yes) return denial.by === null ? verdict("allowed", compiled, question) : denial;
    if (result === maybe) open.push(compiled);
  }
  const [first] = open;
  if (first === undefined) return nothingAllows;
  const closest = denial.by === null ? verdict("conditional", first, question) : denial;
  return { ...closest, on: distinctNames([...denial.on, ...namesOf(open, question)]) };
}

/** The Allows that apply, or may, to any of these questions. */
export function allowsFor(policy: CompiledPolicy, questions: readonly Question[]): readonly AwsStatement[] {
  return policy.statements
    .filter(({ statement }) => statement.effect === "Allow")
    .filter((compiled) => questions.some((question) => resultOf(compiled, question) !== no))
    .map(({ statement }) => statement);
}

/** Only what takes access away; `allowed` says that no Deny is in the way. */
export function decideDenials(policy: CompiledPolicy, question: Question): Verdict {
  const open: CompiledStatement[] = [];
  for (const compiled of policy.statements) {
    if (compiled.statement.effect === "Allow") continue;
    const result = resultOf(compiled, question);
    if (result === yes) return verdict("denied", compiled, question);
    if (result === maybe) open.push(compiled);
  }
  const [first] = open;
  if (first === undefined) return nothingDenies;
  return { ...verdict("conditional", first, question), on: namesOf(open, question) };
}

const nothingDenies: Verdict = { decision: "allowed", by: null, why: null, on: [] };
const nothingAllows: Verdict = { decision: "denied", by: null, why: null, on: [] };

function verdict(decision: Verdict["decision"], compiled: CompiledStatement, question: Question): Verdict {
  const conditions = compiled.conditions.map((condition) => ({ condition, holds: condition.holds(question) }));
  const deciding = decision === "conditional" ? conditions.find(({ holds }) => holds === maybe) : conditions[0];
  return {
    decision,
    by: compiled.statement,
    why: deciding === undefined ? null : conditionResult(compiled, deciding.condition, question, deciding.holds),
    on: [],
  };
}

/** Whether the statement applies to the request; stops at the first part that says no. */
function resultOf(compiled: CompiledStatement, question: Question): Tri {
  if (!compiled.takesAction(question.request.operation)) return no;
  let result = principalResult(compiled, question);
  if (result === no) return no;
  const resource = compiled.takesResource(question);
  if (resource < result) result = resource;
  for (const condition of compiled.conditions) {
    if (result === no) return no;
    const holds = condition.holds(question);
    if (holds < result) result = holds;
  }
  return result;
}

function principalResult({ statement }: CompiledStatement, { request, key }: Question): Tri {
  if (statement.principals === null) return yes;
  return matchPrincipals(statement.principals, statement.effect, request.caller, key.partition);
}

/** What stays open in these statements, by the names of the condition keys. */
function namesOf(open: readonly CompiledStatement[], question: Question): readonly string[] {
  const names = open.flatMap((compiled) => [
    ...(principalResult(compiled, question) === maybe ? ["sts:RoleSessionName"] : []),
    ...(compiled.takesResource(question) === maybe ? ["Resource"] : []),
    ...compiled.conditions
      .filter((condition) => condition.holds(question) === maybe)
      .flatMap((condition) => openNames(condition, question)),
  ]);
  return distinctNames(names);
}

/** Condition keys each once, however its case is written, sorted. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const sorted = names.toSorted();
  return [...new Map(sorted.map((name) => [name.toLowerCase(), name])).values()].toSorted();
}

function conditionResult(
  { statement }: CompiledStatement,
  compiled: CompiledCondition,
  question: Question,
  holds: Tri,
): AwsConditionResult {
  const value = compiled.source(question);
  const had = value.state === "present" ? value.values : value.state === "address" ? [rangeText(value.range)] : null;
  return { statement: statement.index, condition: compiled.condition, result: triWord(holds), had };
}

/** Each statement's own result, part by part. */
export function traceStatements(policy: CompiledPolicy, question: Question): readonly AwsStatementTrace[] {
  return policy.statements.map((compiled) => ({
    statement: compiled.statement,
    principal: triWord(principalResult(compiled, question)),
    action: compiled.takesAction(question.request.operation),
    resource: triWord(compiled.takesResource(question)),
    conditions: compiled.conditions.map((condition) =>
      conditionResult(compiled, condition, question, condition.holds(question)),
    ),
    result: triWord(resultOf(compiled, question)),
    on: namesOf([compiled], question),
  }));
}
