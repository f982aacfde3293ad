/** Whether the condition of a binding lets a request through, as far as what is known of the request tells. */
import type { CelInput } from "@bufbuild/cel";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { GcpCondition } from "../../model/gcp-access.ts";
import { calendarFunctions, zoneOffset } from "./cel-time.ts";
import { type CelNode, type CompiledCondition, compiledCondition, partsOf } from "./compile-condition.ts";

/** What is known of a request. */
export interface GcpRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What it may be about; a condition that holds for one of them lets it through. At least one. */
  readonly resources: readonly GcpRequestedResource[];
}

/** https://cloud.google.com/iam/docs/conditions-resource-attributes */
export interface GcpRequestedResource {
  readonly service: string;
  readonly type: string;
  /** Null where nobody knows how Google names it. */
  readonly name: string | null;
}

export interface GcpConditionResult {
  readonly result: "true" | "false" | "unknown";
  /** Names of what is not known, sorted; empty where it is decided. */
  readonly on: readonly string[];
}

const holds: GcpConditionResult = { result: "true", on: [] };
const fails: GcpConditionResult = { result: "false", on: [] };

/** Null is no condition, which always holds. What cannot be judged is never taken as either. */
export function judgeCondition(condition: GcpCondition | null, request: GcpRequest): GcpConditionResult {
  if (condition === null) return holds;
  if (condition.hidden) return open(["a condition that this version of the policy does not show"]);
  const compiled = compiledCondition(condition.expression);
  if (compiled === undefined) return open(["a condition that cannot be judged"]);
  const results = request.resources.map((resource) => compiled.holds(attributesOf(request.at, resource)));
  if (results.includes(true)) return holds;
  return results.includes(undefined) ? open(unknownsIn(compiled, request)) : fails;
}

function open(on: readonly string[]): GcpConditionResult {
  return { result: "unknown", on };
}

/**
 * Each attribute by its whole name: an object `request` that holds only what is known here would let a condition see
 * that other parts of it are not there.
 */
function attributesOf(at: number, { service, type, name }: GcpRequestedResource): Record<string, CelInput> {
  return {
    "request.time": timestampFromMs(at),
    "resource.service": service,
    "resource.type": type,
    ...(name === null ? {} : { "resource.name": name }),
  };
}

const known = new Set(["request.time", "resource.service", "resource.type"]);

function unknownsIn({ tree }: CompiledCondition, { resources }: GcpRequest): readonly string[] {
  const isName = (path: string) => path === "resource.name" && resources.every(({ name }) => name !== null);
  const paths = pathsIn(tree).filter((path) => !known.has(path) && !isName(path));
  const found = [...new Set([...paths, ...zonesIn(tree).map((zone) => `the time in ${zone}`)])];
  return found.length === 0 ? ["a condition that cannot be judged"] : found.toSorted();
}

/** `a.b.c` for every chain of names, a call on one as its function. */
function pathsIn(node: CelNode): readonly string[] {
  const path = pathOf(node);
  if (path !== undefined) return [path];
  const { case: kind, value } = node.exprKind;
  const target = kind === "callExpr" && value.target !== undefined ? pathOf(value.target) : undefined;
  if (
    kind !== "callExpr" ||
    target === undefined ||
    (target.includes(".") && (known.has(target) || target === "resource.name"))
  ) {
    return partsOf(node).flatMap(pathsIn);
  }
  return [`${target}.${value.function}`, ...value.args.flatMap(pathsIn)];
}

function pathOf(node: CelNode): string | undefined {
  const { case: kind, value } = node.exprKind;
  if (kind === "identExpr") return value.name;
  if (kind !== "selectExpr" || value.operand === undefined) return undefined;
  const operand = pathOf(value.operand);
  return operand === undefined ? undefined : `${operand}.${value.field}`;
}

/** Zones with a name. */
function zonesIn(node: CelNode): readonly string[] {
  const { case: kind, value } = node.exprKind;
  const inside = partsOf(node).flatMap(zonesIn);
  if (kind !== "callExpr" || !calendarFunctions.has(value.function)) return inside;
  const texts = value.args.flatMap(({ exprKind }) =>
    exprKind.case === "constExpr" && exprKind.value.constantKind.case === "stringValue"
      ? [exprKind.value.constantKind.value]
      : [],
  );
  return [...texts.filter((zone) => zoneOffset(zone) === undefined), ...inside];
}
