import { sourcesOf } from "../access/registry.ts";
import type { Check } from "../check/define-check.ts";
import { scopeReads } from "../check/scope-reads.ts";
import { callTables } from "../collect/call-tables.ts";
import type { CallTable } from "../model/call.ts";
import type { CheckCard } from "../model/check-card.ts";
import type { ScanLane } from "../model/lane.ts";
import { providerOf } from "../model/resource.ts";

/** A check as it is shown: its card, what it reads, and the calls and permissions that this takes. */
export interface CheckDescription extends CheckCard {
  /** Facts without which there is no verdict, those of its scope included. */
  readonly reads: readonly string[];
  readonly passNeeds: readonly string[];
  readonly mayRead: readonly string[];
  readonly calls: readonly { readonly call: string; readonly permission: string; readonly lane: ScanLane }[];
}

export function describeCheck(check: Check): CheckDescription {
  const { scope, reads, passNeeds, mayRead, evaluate: _evaluate, ...card } = check;
  const needed = [...new Set([...scopeReads(scope), ...reads])];
  const raw = new Set([...needed, ...passNeeds, ...mayRead].flatMap((fact) => sourcesOf(check.resource, fact)));
  const table: CallTable = callTables[providerOf(check.resource)];
  const calls = Object.entries(table)
    .filter(([, { facts, leads_to = [] }]) => [...facts, ...leads_to].some((fact) => raw.has(fact)))
    .map(([call, { permission, lane }]) => ({ call, permission, lane }));
  return { ...card, reads: needed, passNeeds, mayRead, calls };
}
