/** Whoever calls from the account of the published role without being that role. */
import { anthropicAwsAccount, anthropicAwsRoleArn, anthropicAwsRoleName } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsPolicy } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { otherRole, otherUser, rootOf } from "./callers.ts";
import { type NamedParty, namedParties } from "./named-parties.ts";
import { principalClass } from "./principal-class.ts";

/** Those that no policy names. */
export const unpublishedCallers: readonly AwsCaller[] = [
  otherRole(anthropicAwsAccount),
  rootOf(anthropicAwsAccount),
  otherUser(anthropicAwsAccount),
];

/** Those that this policy names, but for the account as a whole. */
export function unpublishedParties(policy: AwsPolicy, home: Home): readonly NamedParty[] {
  return namedParties(policy).filter(({ who }) => who.kind !== "account" && isUnpublished(who, home));
}

/** Whether a party is of that account, the whole account included, and neither the role nor a session of it. */
export function isUnpublished(who: NamedParty["who"], home: Home): boolean {
  if (who.kind === "organization" || principalClass(who, home) !== "anthropic") return false;
  return who.text !== anthropicAwsRoleArn && !(who.kind === "role-session" && who.name === anthropicAwsRoleName);
}
