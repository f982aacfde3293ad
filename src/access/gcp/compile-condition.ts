/** Conditions in the Common Expression Language, compiled once and asked many times. */
import {
  type CelInput,
  CelScalar,
  celEnv,
  celFunc,
  celMethod,
  isCelError,
  objectType,
  parse,
  plan,
} from "@bufbuild/cel";
import { isMessage } from "@bufbuild/protobuf";
import { DurationSchema, durationMs, TimestampSchema, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { timeMethods } from "./cel-time.ts";

/** Part of the tree of an expression. */
export type CelNode = ReturnType<typeof parse>["expr"];

export interface CompiledCondition {
  readonly tree: CelNode;
  /** Whether it holds with these attributes; undefined where what is given does not tell. */
  readonly holds: (attributes: Readonly<Record<string, CelInput>>) => boolean | undefined;
}

/**
 * Google takes 12 logical operators in a condition; a document in a file may hold anything. These are far more, and
 * little enough to be parsed and asked in no time.
 * https://cloud.google.com/iam/docs/conditions-overview#limitations
 */
const most = { characters: 4000, depth: 64, parts: 400 };

const { STRING, INT } = CelScalar;
const environment = celEnv({
  funcs: [
    ...timeMethods,
    celMethod("extract", STRING, [STRING], STRING, extract),
    // Seconds, as the language has it; the library takes milliseconds.
    celFunc("timestamp", [INT], objectType(TimestampSchema), (seconds) => timestampFromMs(Number(seconds) * 1000)),
  ],
});

const capacity = 1000;
/** In the order of last use: what comes first goes first. */
const remembered = new Map<string, CompiledCondition | undefined>();

/** The compiled expression, or undefined where it cannot be judged: it does not parse, or is of a form that is not tried. */
export function compiledCondition(expression: string): CompiledCondition | undefined {
  const compiled = remembered.has(expression) ? remembered.get(expression) : compile(expression);
  remembered.delete(expression);
  remembered.set(expression, compiled);
  const oldest = remembered.size > capacity ? remembered.keys().next().value : undefined;
  if (oldest !== undefined) remembered.delete(oldest);
  return compiled;
}

function compile(expression: string): CompiledCondition | undefined {
  if (expression.length > most.characters || depthOf(expression) > most.depth) return undefined;
  try {
    const tree = parse(expression).expr;
    if (!isJudged(tree) || sizeOf(tree) > most.parts) return undefined;
    const evaluate = plan(environment, tree);
    const holds: CompiledCondition["holds"] = (attributes) => {
      const result = evaluate({ ...attributes });
      return isCelError(result) || typeof result !== "boolean" ? undefined : result;
    };
    return { tree, holds };
  } catch {
    // Whatever the library says of a text of somebody else's: nobody knows what the condition asks.
    return undefined;
  }
}

/** A time or duration that is written out in an expression, in milliseconds; undefined of anything else. */
export function writtenMilliseconds(node: CelNode): number | undefined {
  const result = plan(environment, node)();
  if (typeof result !== "object" || result === null || !("message" in result)) return undefined;
  const { message } = result;
  if (isMessage(message, TimestampSchema)) return timestampMs(message);
  return isMessage(message, DurationSchema) ? durationMs(message) : undefined;
}

/** The parts of a node. */
export function partsOf(node: CelNode): readonly CelNode[] {
  const { case: kind, value } = node.exprKind;
  switch (kind) {
    case "selectExpr":
      return value.operand === undefined ? [] : [value.operand];
    case "callExpr":
      return value.target === undefined ? value.args : [value.target, ...value.args];
    case "listExpr":
      return value.elements;
    case "structExpr":
      return value.entries.flatMap((entry) => [
        ...(entry.keyKind.case === "mapKey" ? [entry.keyKind.value] : []),
        ...(entry.value === undefined ? [] : [entry.value]),
      ]);
    default:
      return [];
  }
}

/** Of brackets: the parser takes long to find out that many of them are not closed. */
function depthOf(expression: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of expression) {
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function sizeOf(node: CelNode): number {
  return partsOf(node).reduce((sum, part) => sum + sizeOf(part), 1);
}

/**
 * Loops are not part of what IAM takes and could run for long. `has()` would say of an attribute that is only not known
 * here that it is not there.
 */
function isJudged(node: CelNode): boolean {
  const { case: kind, value } = node.exprKind;
  if (kind === "comprehensionExpr" || (kind === "selectExpr" && value.testOnly)) return false;
  return partsOf(node).every(isJudged);
}

/**
 * IAM's own: what stands in a text in the place of the one part in braces; empty where the rest does not fit.
 * https://cloud.google.com/iam/docs/conditions-attribute-reference#extract
 */
function extract(this: string, template: string): string {
  const [, before = "", after = ""] = /^([^{}]*)\{[^{}]*\}([^{}]*)$/s.exec(template) ?? [];
  if (!template.includes("{")) throw new Error("a template of extract has one part in braces");
  const start = this.indexOf(before);
  if (start < 0) return "";
  const from = start + before.length;
  const end = after === "" ? this.length : this.indexOf(after, from);
  return end < 0 ? "" : this.slice(from, end);
}
