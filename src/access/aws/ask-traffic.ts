/** Puts a question to every request of a traffic, and says which values of it are refused, open or taken on trust. */
import { compartmentPair, organizationPair } from "../../guidance/aws-encryption-context.ts";
import type { AwsAccessDecision } from "../../model/aws-access.ts";
import type { ContextChoice, EncryptionContext, Traffic } from "./anthropic-requests.ts";
import { distinctNames } from "./decide.ts";
import { contextConditionKey } from "./listed-context-values.ts";

/** What is asked for each request: whether it may be made, and what that hangs on. */
export type Answer = Pick<AwsAccessDecision, "decision" | "on">;

export interface AskedRequest<A extends Answer> {
  readonly operation: string;
  readonly encryption_context: EncryptionContext;
  readonly answer: A;
}

export interface TrafficAnswer<A extends Answer> {
  /** The requests that are denied, for each value whose every request is. */
  readonly refused: readonly AskedRequest<A>[];
  /** What is not known, where that alone keeps the answer from being yes. */
  readonly open: readonly string[];
  /** Values that nobody registered and that are right only if the policy is, by pair. */
  readonly assumed: Readonly<Record<string, readonly string[]>>;
}

interface Combination<A extends Answer> {
  readonly choices: readonly ContextChoice[];
  readonly asked: readonly AskedRequest<A>[];
  readonly decision: Answer["decision"];
  readonly on: readonly string[];
}

const rank = { denied: 0, conditional: 1, allowed: 2 };

/**
 * Every registered value has to work in some combination: which compartment is whose organization's is not registered. Of
 * values that are not registered, one has to work.
 */
export function askTraffic<A extends Answer>(
  traffic: Traffic,
  operations: readonly string[],
  ask: (operation: string, context: EncryptionContext) => A,
): TrafficAnswer<A> {
  const combinations = combinationsOf(traffic).map((pairs) => askCombination(pairs, operations, ask));
  const best = claimsOf(traffic).map((claim) => bestOf(combinations, claim));
  const refused = new Set(best.filter(({ decision }) => decision === "denied").flatMap(({ asked }) => asked));
  const open = best.filter(({ decision }) => decision === "conditional").flatMap(({ on }) => on);
  return {
    refused: [...refused].filter(({ answer }) => answer.decision === "denied"),
    open: distinctNames(open),
    assumed: assumedValues(traffic, combinations),
  };
}

type Pairs = readonly (readonly [pair: string, choice: ContextChoice])[];

function combinationsOf({ organizations, compartments }: Traffic): readonly Pairs[] {
  const ofPair = (pair: string, choices: readonly ContextChoice[] | null): readonly Pairs[] =>
    choices?.map((choice) => [[pair, choice]]) ?? [[]];
  return ofPair(organizationPair, organizations).flatMap((organization) =>
    ofPair(compartmentPair, compartments).map((compartment) => [...organization, ...compartment]),
  );
}

function askCombination<A extends Answer>(
  pairs: Pairs,
  operations: readonly string[],
  ask: (operation: string, context: EncryptionContext) => A,
): Combination<A> {
  const context = Object.fromEntries(pairs.map(([pair, { value }]) => [pair, value]));
  const asked = operations.map((operation) => ({
    operation,
    encryption_context: context,
    answer: ask(operation, context),
  }));
  // That a value has a pattern's form does not make it the customer's.
  const guessed = pairs.filter(([, { source }]) => source === "pattern").map(([pair]) => contextConditionKey(pair));
  const worst = asked.reduce<Answer["decision"]>(
    (least, { answer }) => (rank[answer.decision] < rank[least] ? answer.decision : least),
    guessed.length > 0 ? "conditional" : "allowed",
  );
  return {
    choices: pairs.map(([, choice]) => choice),
    asked,
    decision: worst,
    on: [...guessed, ...asked.flatMap(({ answer }) => answer.on)],
  };
}

/** What has to work: each registered value, and one of those that are not; with no pairs at all the plain request. */
function claimsOf({ organizations, compartments }: Traffic): readonly (readonly ContextChoice[] | null)[] {
  const claims = [organizations, compartments].flatMap((choices) => {
    if (choices === null) return [];
    return choices.some(({ source }) => source === "registration") ? choices.map((choice) => [choice]) : [choices];
  });
  return claims.length > 0 ? claims : [null];
}

function bestOf<A extends Answer>(
  combinations: readonly Combination<A>[],
  claim: readonly ContextChoice[] | null,
): Combination<A> {
  const meant = combinations.filter(
    ({ choices }) => claim === null || choices.some((choice) => claim.includes(choice)),
  );
  // Where all are refused, the one that comes nearest to what the policy lists tells best why.
  const sorted = meant.toSorted(
    (a, b) => rank[b.decision] - rank[a.decision] || unlistedIn(a.choices) - unlistedIn(b.choices),
  );
  return sorted[0] as Combination<A>;
}

function unlistedIn(choices: readonly ContextChoice[]): number {
  return choices.filter(({ source }) => source === "nobody").length;
}

/** Nothing is taken on trust about a pair where a value works that nobody wrote. */
function assumedValues<A extends Answer>(
  { organizations, compartments }: Traffic,
  combinations: readonly Combination<A>[],
): Readonly<Record<string, readonly string[]>> {
  const working = combinations.filter(({ decision }) => decision === "allowed").flatMap(({ choices }) => choices);
  const assumedOf = (pair: string, choices: readonly ContextChoice[] | null) => {
    const used = choices?.filter((choice) => working.includes(choice)) ?? [];
    const open = used.length === 0 || used.some(({ source }) => source !== "policy");
    return open ? [] : [[pair, used.map(({ value }) => value)] as const];
  };
  return Object.fromEntries([
    ...assumedOf(organizationPair, organizations),
    ...assumedOf(compartmentPair, compartments),
  ]);
}
