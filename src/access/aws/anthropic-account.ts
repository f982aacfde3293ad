/** Whoever calls from the account of the published role without being that role. */
import { anthropicAwsAccount, anthropicAwsRoleArn, anthropicAwsRoleName } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsPolicy, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { anyVpc, arnParts } from "./caller-context.ts";
import { otherRole, otherUser, rootOf } from "./callers.ts";
import { isForAnybody, type NamedParty, namedParties } from "./named-parties.ts";
import { type LetThrough, lettingStatements, statementName } from "./operations-let-through.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import { principalClass } from "./principal-class.ts";
import type { Moment } from "./request-at.ts";

/** Those that no policy names. */
export const unpublishedCallers: readonly AwsCaller[] = [
  namedNowhere(otherRole(anthropicAwsAccount)),
  rootOf(anthropicAwsAccount),
  namedNowhere(otherUser(anthropicAwsAccount)),
].map(fromItsOwnNetworks);

/** Whatever VPC or endpoint it calls from is not one that a customer's policy names. */
function fromItsOwnNetworks(caller: AwsCaller): AwsCaller {
  return { ...caller, context: { ...caller.context, ...anyVpc } };
}

/** Not even by an ARN whose account is a wildcard: `unpublishedParties` has those. */
function namedNowhere(caller: AwsCaller): AwsCaller {
  const arn = caller.context["aws:principalarn"];
  if (arn?.state !== "form") return caller;
  return { ...caller, context: { ...caller.context, "aws:principalarn": { ...arn, owner: "arn-name" } } };
}

/**
 * What the policy lets one of them do. A statement for anybody at all counts where Anthropic calls from, or where
 * strangers could: a few addresses of the customer's own keep one of these out as they keep strangers out.
 */
export function letInUnpublished(
  access: AwsPolicyAccess,
  caller: AwsCaller,
  circumstances: Moment & { readonly settings: { readonly anthropic_egress: readonly string[] } },
): readonly LetThrough[] {
  const letting = lettingStatements(access, caller, circumstances);
  const forAnybody = letting.filter(({ statement }) => isForAnybody(statement, access.home));
  const places = forAnybody.length === 0 ? [] : (["anywhere", circumstances.settings.anthropic_egress] as const);
  const reached = places
    .flatMap((addresses) => lettingStatements(access, { ...caller, addresses }, circumstances))
    .map(({ statement }) => statement);
  return letting
    .filter((one) => !forAnybody.includes(one) || reached.includes(one.statement))
    .map(({ statement, operations }) => ({ statement: statementName(statement), operations }));
}

/** Those that this policy names, but for the account as a whole. */
export function unpublishedParties(policy: AwsPolicy, home: Home): readonly NamedParty[] {
  const named = [...namedParties(policy, home), ...policy.statements.flatMap(namedInAnyAccount)];
  return named.filter(({ who }) => who.kind !== "account" && isUnpublished(who, home));
}

/** A name written out after an account that is a wildcard or a variable is a name in this account too. */
function namedInAnyAccount(statement: AwsStatement): readonly NamedParty[] {
  if (statement.effect !== "Allow") return [];
  return statement.conditions
    .filter(({ base, key }) => base?.includes("Not") === false && key.toLowerCase() === "aws:principalarn")
    .flatMap(({ values }) => values)
    .flatMap((value) => {
      const name = /^.*?[*?}].*?:((?:role|user)\/[^*?$]+)$/.exec(value)?.[1];
      // An account that is written out is named, or is another one.
      if (name === undefined || /^\d{12}$/.test(arnParts(value).account)) return [];
      const who = parseAwsPrincipal(`arn:aws:iam::${anthropicAwsAccount}:${name}`);
      return [{ who, statements: [statement] }];
    });
}

/** Whether a party is of that account, the whole account included, and neither the role nor a session of it. */
export function isUnpublished(who: NamedParty["who"], home: Home): boolean {
  if (who.kind === "organization" || principalClass(who, home) !== "anthropic") return false;
  return who.text !== anthropicAwsRoleArn && !(who.kind === "role-session" && who.name === anthropicAwsRoleName);
}
