/** Whoever calls from the account of the published role without being that role. */
import { anthropicAwsAccount, anthropicAwsRoleArn, anthropicAwsRoleName } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsPolicy, AwsStatement } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { anyVpc } from "./caller-context.ts";
import { otherRole, otherUser, rootOf } from "./callers.ts";
import { type NamedParty, namedParties } from "./named-parties.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import { principalClass } from "./principal-class.ts";

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

/** Those that this policy names, but for the account as a whole. */
export function unpublishedParties(policy: AwsPolicy, home: Home): readonly NamedParty[] {
  const named = [...namedParties(policy), ...policy.statements.flatMap(namedInAnyAccount)];
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
      if (name === undefined) return [];
      const who = parseAwsPrincipal(`arn:aws:iam::${anthropicAwsAccount}:${name}`);
      return [{ who, statements: [statement] }];
    });
}

/** Whether a party is of that account, the whole account included, and neither the role nor a session of it. */
export function isUnpublished(who: NamedParty["who"], home: Home): boolean {
  if (who.kind === "organization" || principalClass(who, home) !== "anthropic") return false;
  return who.text !== anthropicAwsRoleArn && !(who.kind === "role-session" && who.name === anthropicAwsRoleName);
}
