/** When a condition that holds now will not any more. */
import type { GcpCondition } from "../../model/gcp-access.ts";
import { calendarFunctions } from "./cel-time.ts";
import { type CelNode, compiledCondition, partsOf, writtenMilliseconds } from "./compile-condition.ts";
import { type GcpRequest, judgeCondition } from "./judge-condition.ts";

export type GcpConditionEnd =
  /** It holds, and nothing in it will end that. */
  | { readonly kind: "none" }
  /** It holds until then; epoch milliseconds, the first at which it does not. */
  | { readonly kind: "ends"; readonly at: number }
  /** It asks for hours, days or years: at some time to come it does not hold, whether or not it does now. */
  | { readonly kind: "comes-and-goes"; readonly functions: readonly string[] }
  | { readonly kind: "fails" }
  | { readonly kind: "unknown"; readonly on: readonly string[] };

/** Looks from `request.at` on. Null is no condition, which never ends. */
export function conditionEnd(condition: GcpCondition | null, request: GcpRequest): GcpConditionEnd {
  const now = judgeCondition(condition, request);
  if (now.result === "false") return { kind: "fails" };
  const compiled = condition === null || condition.hidden ? undefined : compiledCondition(condition.expression);
  if (condition === null || compiled === undefined) {
    return now.result === "true" ? { kind: "none" } : { kind: "unknown", on: now.on };
  }
  const functions = functionsIn(compiled.tree).filter((name) => calendarFunctions.has(name));
  const recurring: GcpConditionEnd = { kind: "comes-and-goes", functions: [...new Set(functions)].toSorted() };
  const judged = (at: number) => judgeCondition(condition, { ...request, at });
  const moments = momentsOf(compiled.tree)
    .filter((moment) => moment > request.at)
    .toSorted((a, b) => a - b)
    .map((at) => ({ at, ...judged(at) }));
  const end = moments.find(({ result }) => result === "false");
  if (end !== undefined) return { kind: "ends", at: end.at };
  const times = timesOfTheCalendar(request.at, functions).map(judged);
  if (times.some(({ result }) => result === "false") || failsInItsZone(condition, request, functions)) return recurring;
  const open = [now, ...moments, ...times].find(({ result }) => result === "unknown");
  return open === undefined ? { kind: "none" } : { kind: "unknown", on: open.on };
}

/** What comes and goes with the clocks of one zone does so with those of any other: here they are Greenwich's. */
function failsInItsZone(condition: GcpCondition, request: GcpRequest, functions: readonly string[]): boolean {
  const asked = /\.(get[A-Za-z]+)\(\s*(?:(["'])([^"'\\]*)\2\s*)?\)/g;
  // Where no zone is named, Greenwich's is meant.
  const zones = new Set([...condition.expression.matchAll(asked)].map(([, , , zone = "UTC"]) => zone));
  if (zones.size !== 1) return false;
  const expression = condition.expression.replace(asked, ".$1()");
  const times = timesOfTheCalendar(request.at, functions);
  return times.some((at) => judgeCondition({ ...condition, expression }, { ...request, at }).result === "false");
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Minutes of the next hour where they are asked for, quarters of hours of the next nine days (some zones are off by
 * quarters), days of the next fifteen months, and the next years.
 */
function timesOfTheCalendar(at: number, functions: readonly string[]): readonly number[] {
  if (functions.length === 0) return [];
  const every = (step: number, count: number) => Array.from({ length: count }, (_, index) => at + (index + 1) * step);
  const isFine = functions.some((name) => fineFunctions.has(name));
  const fine = isFine ? [...every(7, 143), ...every(1000, 60), ...every(minute, 60)] : [];
  return [...fine, ...every(hour / 4, 864), ...every(day, 460), ...every(365.25 * day, 20)];
}

const fineFunctions: ReadonlySet<string> = new Set(["getMinutes", "getSeconds", "getMilliseconds"]);

/** The most times, and durations, that are put together. */
const most = 32;

/** Every moment that the expression writes, and each a written duration before and after it: there an answer may change. */
function momentsOf(tree: CelNode): readonly number[] {
  const written = (name: string) =>
    callsOf(tree, name)
      .flatMap((node) => writtenMilliseconds(node) ?? [])
      .slice(0, most);
  const durations = [0, ...written("duration")];
  return written("timestamp").flatMap((moment) =>
    durations.flatMap((length) => {
      // A comparison may take the moment in or leave it out: the next millisecond tells.
      const [before, after] = [moment - length, moment + length];
      return [before, before + 1, after, after + 1];
    }),
  );
}

function callsOf(node: CelNode, name: string): readonly CelNode[] {
  const { case: kind, value } = node.exprKind;
  const inside = partsOf(node).flatMap((part) => callsOf(part, name));
  return kind === "callExpr" && value.function === name ? [node, ...inside] : inside;
}

function functionsIn(node: CelNode): readonly string[] {
  const { case: kind, value } = node.exprKind;
  const inside = partsOf(node).flatMap(functionsIn);
  return kind === "callExpr" ? [value.function, ...inside] : inside;
}
