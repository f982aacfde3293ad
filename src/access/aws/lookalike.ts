/** Principals that resemble the published role and are not of its account: mistyped, or meant to be mistaken for it. */
import { anthropicAwsAccount, anthropicAwsRoleName } from "../../guidance/identifiers.ts";
import type { AwsPrincipal } from "../../model/aws-access.ts";
import { editDistance } from "../edit-distance.ts";
import type { Home } from "./caller-context.ts";
import { type AwsAccount, accountOf } from "./known-principals.ts";

/**
 * In what way a principal resembles the published role, for messages; undefined where it does not, or is of that
 * account itself. In the key's own account only the name counts: nobody else can make principals there.
 */
export function likenessOf(principal: AwsPrincipal, home: Home): string | undefined {
  const owner = ownerOf(principal, home);
  if (owner === undefined || isAnthropicAccount(owner)) return undefined;
  const name = "name" in principal ? principal.name.toLowerCase() : "";
  if (name === anthropicAwsRoleName) return `has the published role's name, in account ${owner.account}`;
  if (owner.account === home.account && owner.partition === home.partition) return undefined;
  if (owner.account === anthropicAwsAccount) return `is of partition ${owner.partition}, where the role is not`;
  if (name.includes("anthropic") && name.includes("cmek")) return "has a name like the published role's";
  return editDistance(owner.account, anthropicAwsAccount) <= 2
    ? `is of an account whose number resembles ${anthropicAwsAccount}`
    : undefined;
}

/** The account that a principal belongs to, identity providers too, or undefined where its text names none. */
export function ownerOf(principal: AwsPrincipal, home: Home): AwsAccount | undefined {
  if (principal.kind !== "federated") return accountOf(principal, home);
  const [, partition, account] = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):/.exec(principal.text) ?? [];
  return partition === undefined || account === undefined ? undefined : { partition, account };
}

/** An account number is another account in every partition. */
export function isAnthropicAccount({ partition, account }: AwsAccount): boolean {
  return account === anthropicAwsAccount && partition === "aws";
}
