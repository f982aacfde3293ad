import type { Fact, FactsByName, Unreadable } from "../model/fact.ts";
import { unreadable } from "../model/fact.ts";
import type { Json } from "../model/json.ts";
import type { Outcome } from "../model/outcome.ts";
import type { AnyScope, Check, CheckContext, Undecided, Verdict } from "./define-check.ts";

/** The facts of one resource, raw and derived, by name. */
interface Missing {
  readonly fact: string;
  readonly why: Unreadable;
}

/**
 * Puts one check to the facts of one resource. The only place that says `unknown`, `error` and `not-applicable`. It
 * never throws: a check that breaks is the outcome `error`, and the other checks go on.
 */
export function runCheck(check: Check, facts: FactsByName, context: CheckContext): Outcome {
  try {
    return judge(check, facts, context);
  } catch (cause) {
    // A check is ours: what it throws is our bug, and is said as one.
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return said(check, "error", `the check itself broke: ${what}`, { error: what });
  }
}

function judge(check: Check, facts: FactsByName, context: CheckContext): Outcome {
  for (const scope of scopesOf(check)) {
    const read = valuesOf(facts, scope.reads);
    if (read.missing.length > 0) return unknown(check, read.missing);
    const reason = scope.excludes(read.values as never, context);
    if (reason !== undefined) return said(check, "not-applicable", reason, { reason });
  }
  const read = valuesOf(facts, check.reads);
  if (read.missing.length > 0) return unknown(check, read.missing);
  const passNeeds = asTheyAre(facts, check.passNeeds);
  const mayRead = asTheyAre(facts, check.mayRead);
  const verdict = check.evaluate({ ...read.values, ...passNeeds, ...mayRead } as never, context);
  return outcomeOf(check, verdict, { passNeeds: missingOf(passNeeds), mayRead: missingOf(mayRead) });
}

/** From the widest to the narrowest. */
function scopesOf(check: Check): AnyScope[] {
  const scopes: AnyScope[] = [];
  for (let scope = check.scope; scope !== undefined; scope = scope.within) scopes.unshift(scope);
  return scopes;
}

interface Unread {
  readonly passNeeds: readonly Missing[];
  readonly mayRead: readonly Missing[];
}

function asTheyAre(facts: FactsByName, names: readonly string[]): FactsByName {
  return Object.fromEntries(names.map((name) => [name, factOf(facts, name)]));
}

function outcomeOf(check: Check, verdict: Verdict, unread: Unread): Outcome {
  if (verdict.outcome === "fail") {
    return { ...said(check, "fail", verdict.message, verdict.evidence), severity: verdict.severity ?? check.severity };
  }
  if (verdict.outcome === "undecided") {
    return unknown(
      check,
      verdict.on.map((open) => whatIsOpen(open, [...unread.passNeeds, ...unread.mayRead], verdict.message)),
      verdict.message,
    );
  }
  // What could not be read might have held the proof against it: no pass without it.
  if (unread.passNeeds.length > 0) return unknown(check, unread.passNeeds);
  return said(check, "pass", verdict.message, verdict.evidence);
}

function whatIsOpen(open: Undecided, unread: readonly Missing[], message: string): Missing {
  if (typeof open === "object") return { fact: open.name, why: open.why };
  return unread.find(({ fact }) => fact === open) ?? { fact: open, why: unreadable("conditional", message) };
}

/** A fact that nobody collected is one that was not read: absence is never a value. */
function factOf(facts: FactsByName, name: string): Fact<unknown> {
  return facts[name] ?? unreadable("not-read-yet", `${name} has not been read yet`);
}

function valuesOf(facts: FactsByName, names: readonly string[]) {
  const values: Record<string, unknown> = {};
  const missing: Missing[] = [];
  for (const name of names) {
    const fact = factOf(facts, name);
    if (fact.state === "known") values[name] = fact.value;
    else missing.push({ fact: name, why: fact });
  }
  return { values, missing };
}

function missingOf(facts: FactsByName): Missing[] {
  return Object.entries(facts).flatMap(([fact, why]) => (why.state === "unreadable" ? [{ fact, why }] : []));
}

function unknown(check: Check, missing: readonly Missing[], message?: string): Outcome {
  const reasons = missing.map(
    ({ fact, why }) => `${fact} (${why.reason}${why.detail === "" ? "" : `: ${why.detail}`})`,
  );
  // The detail is for people and may differ from read to read: it stays out of the evidence, which must not move.
  const evidence = missing.map(({ fact, why: { reason, call, permission } }) => ({
    fact,
    reason,
    ...(call === undefined ? {} : { call }),
    ...(permission === undefined ? {} : { permission }),
  }));
  return said(check, "unknown", message ?? `cannot be judged without ${reasons.join(", ")}`, { missing: evidence });
}

function said(check: Check, outcome: Outcome["outcome"], message: string, evidence: Json): Outcome {
  return { check: check.id, outcome, severity: check.severity, message, evidence };
}
