/** Judges a document that tells a part of a key's facts: every check for which that part is enough, and no other. */
import type { DocumentKind, DocumentOrigin } from "../access/document-kind.ts";
import { sourcesOf } from "../access/registry.ts";
import type { AnyScope, Check } from "../check/define-check.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Registration } from "../model/registration.ts";
import { judge, type Rules } from "./judge.ts";

export interface JudgedDocument {
  readonly document: DocumentKind;
  /** As the document's kind has read it. */
  readonly content: string;
  readonly origin: DocumentOrigin;
  readonly registration: Registration;
}

/**
 * The outcomes that hold whichever of its possible keys the document belongs to, in the order of the catalogue. Pure:
 * `at` in epoch milliseconds.
 */
export function judgeDocument(rules: Rules, judged: JudgedDocument, at: number): readonly Outcome[] {
  const { document, content, origin, registration } = judged;
  const catalogue = rules.catalogue.filter((check) => isEnoughFor(document, check));
  const facts = document.facts(content, registration);
  const [first = [], ...others] = document
    .keys(content, origin)
    .map((key) => judge({ ...rules, catalogue }, key, facts, registration.guidance, at).outcomes);
  return first.filter((outcome, index) => others.every((outcomes) => isSame(outcome, outcomes[index])));
}

/**
 * Whether a check's verdict rests on the document, and on nothing else but what comes with it. What only a pass needs is
 * not asked for: the verdict is on the document alone.
 */
function isEnoughFor(document: DocumentKind, check: Check): boolean {
  if (check.resource !== document.kind) return false;
  const sources = (facts: readonly string[]) => facts.flatMap((fact) => sourcesOf(check.resource, fact));
  const read = sources(check.reads);
  const there = [...document.tells, ...document.comesWith];
  return (
    read.some((fact) => document.tells.includes(fact)) &&
    [...read, ...sources(scopeReads(check.scope))].every((fact) => there.includes(fact))
  );
}

function scopeReads(scope: AnyScope | undefined): readonly string[] {
  return scope === undefined ? [] : [...scopeReads(scope.within), ...scope.reads];
}

function isSame(one: Outcome, other: Outcome | undefined): boolean {
  return one.outcome === other?.outcome && one.severity === other.severity && one.message === other.message;
}
