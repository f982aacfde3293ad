/** Sorts the principals of a policy so that each kind has one check that judges it: see rules on ownership. */
import type { AwsPrincipal } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { isAnthropicAccount, likenessOf, ownerOf } from "./lookalike.ts";

export type PrincipalClass =
  /** Everybody. */
  | "anyone"
  /** Of the account of the published role. */
  | "anthropic"
  /** Resembles the published role. */
  | "lookalike"
  /** What is left of a principal that was deleted. */
  | "orphaned"
  /** Of the key's own account. */
  | "own"
  | "service"
  /** Anybody else's. */
  | "foreign"
  /** Matches no caller at all. */
  | "nobody";

/**
 * The first class that fits. A canonical user id stands for an account and hides which. AWS documents it for Amazon S3;
 * that AWS KMS lets nobody in by one it does not say, so it counts as somebody else's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
 */
export function principalClass(principal: AwsPrincipal, home: Home): PrincipalClass {
  if (principal.kind === "anyone") return "anyone";
  const owner = ownerOf(principal, home);
  if (owner !== undefined && isAnthropicAccount(owner)) return "anthropic";
  if (likenessOf(principal, home) !== undefined) return "lookalike";
  if (principal.kind === "unique-id") return "orphaned";
  if (principal.kind === "service") return "service";
  if (principal.kind === "invalid") return "nobody";
  return owner?.account === home.account && owner.partition === home.partition ? "own" : "foreign";
}
