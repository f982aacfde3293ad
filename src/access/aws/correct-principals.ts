/** Corrections for policies that name the wrong one: each takes exactly that one out, or names who was meant. */
import { anthropicAwsRoleArn } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsPrincipal } from "../../model/aws-access.ts";
import { memberOf } from "../json-document.ts";
import { isUnpublished, unpublishedCallers, unpublishedParties } from "./anthropic-account.ts";
import { anybodyIn } from "./anybody.ts";
import { callersNamed } from "./callers.ts";
import {
  editConditionValues,
  editPolicy,
  editPrincipals,
  nameActions,
  namePrincipals,
  type PrincipalEdit,
  type StatementNode,
  setCondition,
  withoutSid,
} from "./correct-policy.ts";
import { isUnexpectedParty } from "./external-parties.ts";
import { isForEverybody } from "./match-principal.ts";
import { type NamedParty, partyOf } from "./named-parties.ts";
import { parseOperator } from "./parse-operator.ts";
import { dependents, lets, ownRootArn, type PolicyToCorrect } from "./policy-to-correct.ts";
import { principalClass } from "./principal-class.ts";

/** Takes everybody out of the statements that let strangers in. */
export function withoutStrangers(policy: PolicyToCorrect): string | undefined {
  return withoutEverybody(policy, anybodyIn(policy.home.partition), (text) => [text]);
}

/** Names the published role in place of whatever else is named of its account; where everybody is named, everybody goes. */
export function roleInPlaceOfAccount(policy: PolicyToCorrect): string | undefined {
  const { access, home } = policy;
  const named = unpublishedParties(access.policy, home).flatMap(({ who }) =>
    who.kind === "organization" ? [] : callersNamed(who, home),
  );
  const wrong = textsOf(policy, (principal) => isUnpublished(principal, home));
  return withoutEverybody(policy, [...unpublishedCallers, ...named], (text) =>
    wrong.has(text) ? [anthropicAwsRoleArn] : [text],
  );
}

/**
 * Where `*` or `NotPrincipal` lets the callers in, leaves the statement to the key's own account as far as that depends
 * on it, and the documented operations to the published role as far as it does.
 */
function withoutEverybody(
  policy: PolicyToCorrect,
  callers: readonly AwsCaller[],
  edit: PrincipalEdit,
): string | undefined {
  const { statements } = policy.access.policy;
  const found = callers.flatMap((caller) => lets(policy, caller)).map(({ statement }) => statement);
  const open = new Set(found.filter(isForEverybody).map(({ index }) => index));
  const { account, role } = dependents(policy, open);
  return editPolicy(policy.text, (node, index) => {
    if (statements[index]?.effect !== "Allow") return [node];
    if (!open.has(index)) return present(editPrincipals(node, edit));
    const own = account.has(index) ? [ownRootArn(policy.home)] : [];
    const others = statements[index].principals?.negated === true ? undefined : withoutStar(node, edit, own);
    const rest = statements[index].principals?.negated === true && own.length > 0 ? namePrincipals(node, own) : others;
    const operations = namesRole(rest) ? [] : (role.get(index) ?? []);
    if (operations.length === 0) return present(rest);
    const copy = nameActions(namePrincipals(node, [anthropicAwsRoleArn]), operations);
    return rest === undefined ? [copy] : [rest, withoutSid(copy)];
  });
}

function withoutStar(node: StatementNode, edit: PrincipalEdit, own: readonly string[]): StatementNode | undefined {
  return editPrincipals(node, (text) => (text === "*" ? own : edit(text)));
}

function namesRole(statement: StatementNode | undefined): boolean {
  const named = statement === undefined ? undefined : memberOf(statement, "Principal");
  const listed = named === undefined ? undefined : memberOf(named, "AWS");
  const items = listed?.kind === "array" ? listed.items : [listed];
  return items.some((item) => item?.kind === "string" && item.value === anthropicAwsRoleArn);
}

/** Takes lookalikes out; where the role is named nowhere, the lookalike was meant to be it. */
export function withoutLookalikes(policy: PolicyToCorrect): string | undefined {
  const isNamed = policy.access.policy.statements.some(
    ({ effect, principals }) =>
      effect === "Allow" && principals?.values.some(({ text }) => text === anthropicAwsRoleArn) === true,
  );
  return withoutParties(
    policy,
    (who) => who.kind !== "organization" && principalClass(who, policy.home) === "lookalike",
    isNamed ? [] : [anthropicAwsRoleArn],
  );
}

/** Takes whoever is from outside and not expected out; a service stays, for the key's own account only. */
export function withoutUnexpected(policy: PolicyToCorrect, expected: readonly string[]): string | undefined {
  const { home } = policy;
  const isUnexpected = (who: NamedParty["who"]) => isUnexpectedParty(who, expected, home);
  const services = textsOf(policy, (who) => who.kind === "service" && isUnexpected(who));
  const text = withoutParties(policy, (who) => who.kind !== "service" && isUnexpected(who), []) ?? policy.text;
  const corrected = editPolicy(text, (node) => {
    if (memberOf(node, "Effect")?.kind !== "string") return [node];
    const rest = editPrincipals(node, (one) => (services.has(one) ? [] : [one]));
    const some = editPrincipals(node, (one) => (services.has(one) ? [one] : []));
    if (rest === node || some === undefined || isDeny(node)) return [node];
    const pinned = setCondition(some, "StringEquals", "aws:SourceAccount", [home.account]);
    return rest === undefined ? [pinned] : [rest, withoutSid(pinned)];
  });
  return corrected ?? (text === policy.text ? undefined : text);
}

/** Takes what is left of deleted principals out, of every statement. */
export function withoutOrphans(policy: PolicyToCorrect): string | undefined {
  const orphans = textsOf(policy, ({ kind }) => kind === "unique-id");
  return editPolicy(policy.text, (node) => present(editPrincipals(node, (text) => (orphans.has(text) ? [] : [text]))));
}

/** Puts others, or nobody, in the place of parties that an Allow names as principals; as condition values they go. */
function withoutParties(
  policy: PolicyToCorrect,
  isWrong: (who: NamedParty["who"]) => boolean,
  instead: readonly string[],
): string | undefined {
  const wrong = textsOf(policy, isWrong);
  return editPolicy(policy.text, (node) => {
    if (isDeny(node)) return [node];
    const named = editPrincipals(node, (text) => (wrong.has(text) ? instead : [text]));
    if (named === undefined) return [];
    return present(
      editConditionValues(named, (operator, key, value) => {
        const positive = parseOperator(operator).base?.includes("Not") === false;
        const who = positive ? partyOf(key.toLowerCase(), value, policy.home) : undefined;
        return who !== undefined && isWrong(who) ? [] : [value];
      }),
    );
  });
}

/** The texts of the principals that are so. */
function textsOf({ access }: PolicyToCorrect, isSo: (principal: AwsPrincipal) => boolean): ReadonlySet<string> {
  return new Set(access.policy.principals.filter(isSo).map(({ text }) => text));
}

function isDeny(node: StatementNode): boolean {
  const effect = memberOf(node, "Effect");
  return effect?.kind === "string" && effect.value === "Deny";
}

function present(node: StatementNode | undefined): readonly StatementNode[] {
  return node === undefined ? [] : [node];
}
