/** Judges a document that tells a part of a key's facts: every check for which that part is enough, and no other. */
import type { DocumentKind, DocumentOrigin } from "../access/document-kind.ts";
import { resourceAccess, sourcesOf } from "../access/registry.ts";
import type { Check } from "../check/define-check.ts";
import { offerCorrection } from "../check/offer-correction.ts";
import { scopeReads } from "../check/scope-reads.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Registration } from "../model/registration.ts";
import { allFacts, contextOf, judge, type Rules } from "./judge.ts";

/** The rules, but for what the document's kind supposes. */
export type DocumentRules = Omit<Rules, "reads">;

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
export function judgeDocument(rules: DocumentRules, judged: JudgedDocument, at: number): readonly Outcome[] {
  const { document, content, origin, registration } = judged;
  const catalogue = rules.catalogue.filter((check) => isEnoughFor(document, check));
  const [first = [], ...others] = document.keys(content, origin).map((key) => {
    const facts = document.facts(content, registration, key);
    return judge({ ...rules, catalogue, reads: document.reads }, key, facts, registration.guidance, at).outcomes;
  });
  return first.filter((outcome, index) => others.every((outcomes) => isSame(outcome, outcomes[index])));
}

/** A document in which something is mended, and the checks that failed before and pass now. */
export interface CorrectedDocument {
  readonly content: string;
  readonly mended: readonly string[];
}

/**
 * The document with every correction that can be offered, one after the other, each judged by all checks before the
 * next; undefined where there is none, or where it is not known whose key it is.
 */
export function correctDocument(
  rules: DocumentRules,
  judged: JudgedDocument,
  at: number,
): CorrectedDocument | undefined {
  const { document, origin, registration } = judged;
  const [key, ...others] = document.keys(judged.content, origin);
  if (origin.account === null || key === undefined || others.length > 0) return undefined;
  const { policyCorrection } = resourceAccess[key.kind];
  if (policyCorrection === null) return undefined;
  const catalogue = rules.catalogue.filter((check) => isEnoughFor(document, check));
  const all: Rules = { ...rules, reads: document.reads };
  const context = contextOf(all, registration.guidance, at);
  let { content } = judged;
  for (const check of catalogue) {
    const facts = allFacts(all, key, document.facts(content, registration, key));
    const factsWith = (text: string) => policyCorrection.factsWith(facts, key, text, at);
    const corrected = offerCorrection(check, facts, { catalogue, factsWith }, context);
    if (corrected !== undefined) content = corrected;
  }
  if (content === judged.content) return undefined;
  // A correction may mend more than the check that it was made for.
  const before = judgeDocument(rules, judged, at);
  const after = judgeDocument(rules, { ...judged, content }, at);
  const passing = new Set(after.filter(({ outcome }) => outcome === "pass").map(({ check }) => check));
  const mended = before.filter(({ outcome, check }) => outcome === "fail" && passing.has(check));
  return { content, mended: mended.map(({ check }) => check) };
}

/**
 * Whether a check's verdict rests on the document, and on nothing else but what comes with it. What only a pass needs is
 * not asked for: the verdict is on the document alone. A fact that neither verdict waits for is asked for by the check.
 */
function isEnoughFor(document: DocumentKind, check: Check): boolean {
  if (check.resource !== document.kind || document.saysNothingTo.includes(check.id)) return false;
  const sources = (facts: readonly string[]) => facts.flatMap((fact) => sourcesOf(check.resource, fact));
  const read = sources(check.reads);
  const there = [...document.tells, ...document.comesWith];
  return (
    [...read, ...sources([...check.mayRead, ...check.passNeeds])].some((fact) => document.tells.includes(fact)) &&
    [...read, ...sources(scopeReads(check.scope))].every((fact) => there.includes(fact))
  );
}

function isSame(one: Outcome, other: Outcome | undefined): boolean {
  return one.outcome === other?.outcome && one.severity === other.severity && one.message === other.message;
}
