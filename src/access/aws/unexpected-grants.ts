/** Judges who has a grant on a key: by whose they are, not by what the grant allows. */
import type { AwsGrantPermission, AwsPrincipal } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { accountOf, isExpectedPrincipal, isOwnPrincipal } from "./known-principals.ts";
import { isAnthropicAccount } from "./lookalike.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";

export type GrantPart = "grantee" | "retiring";

export interface GrantParty {
  readonly grant: AwsGrantPermission;
  readonly part: GrantPart;
  readonly principal: AwsPrincipal;
  /** `unknown-issuer`: a service's grant that does not say which account issued it. */
  readonly reason: "anthropic" | "foreign" | "foreign-issuer" | "unknown-issuer";
}

/**
 * Grantees and retiring principals that are neither of the key's own account nor among `expected` (`expected_principals`
 * of the registration), by the ids of the grants. A service acts for the account that issued its grant. Anthropic uses
 * the key by its policy, so a grant to it is never expected. A deleted principal is nobody any more.
 */
export function unexpectedGrants(
  grants: readonly AwsGrantPermission[],
  expected: readonly string[],
  home: Home,
): readonly GrantParty[] {
  return grants
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((grant) => {
      const parts: readonly [GrantPart, AwsPrincipal | null][] = [
        ["grantee", grant.grantee],
        ["retiring", grant.retiring],
      ];
      return parts.flatMap(([part, principal]) => {
        const reason = principal === null ? undefined : reasonAgainst(principal, grant, expected, home);
        return principal === null || reason === undefined ? [] : [{ grant, part, principal, reason }];
      });
    });
}

function reasonAgainst(
  principal: AwsPrincipal,
  { issuing_account }: AwsGrantPermission,
  expected: readonly string[],
  home: Home,
): GrantParty["reason"] | undefined {
  const account = accountOf(principal, home);
  if (account !== undefined && isAnthropicAccount(account)) return "anthropic";
  if (principal.kind === "unique-id" || isOwnPrincipal(principal, home)) return undefined;
  if (isExpectedPrincipal(principal, expected, home)) return undefined;
  if (principal.kind !== "service") return "foreign";
  if (issuing_account === null) return "unknown-issuer";
  const issuer = parseAwsPrincipal(issuing_account);
  return isOwnPrincipal(issuer, home) || isExpectedPrincipal(issuer, expected, home) ? undefined : "foreign-issuer";
}
