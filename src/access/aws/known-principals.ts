/** Whose a principal is: of the key's own account, or one that the registration expects. */
import type { AwsPrincipal } from "../../model/aws-access.ts";
import type { Home } from "./caller-context.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";

/** An account with its partition: the same number in another partition is somebody else's. */
export interface AwsAccount {
  readonly account: string;
  readonly partition: string;
}

/** The account of a principal, or undefined where it shows none. A bare number means one of the key's own partition. */
export function accountOf(principal: AwsPrincipal, home: Home): AwsAccount | undefined {
  switch (principal.kind) {
    case "account":
      return { account: principal.account, partition: principal.partition ?? home.partition };
    case "role":
    case "user":
    case "role-session":
    case "federated-user":
      return { account: principal.account, partition: principal.partition };
    default:
      return undefined;
  }
}

export function isOwnPrincipal(principal: AwsPrincipal, home: Home): boolean {
  const of = accountOf(principal, home);
  return of?.account === home.account && of.partition === home.partition;
}

/**
 * Whether `expected_principals` of a registration names the principal: by its text, by its account (number or root), or
 * by the role that it is a session of.
 */
export function isExpectedPrincipal(principal: AwsPrincipal, expected: readonly string[], home: Home): boolean {
  return expected.some((text) => text === principal.text || means(parseAwsPrincipal(text), principal, home));
}

function means(expected: AwsPrincipal, principal: AwsPrincipal, home: Home): boolean {
  const [one, other] = [accountOf(expected, home), accountOf(principal, home)];
  if (one === undefined || one.account !== other?.account || one.partition !== other.partition) return false;
  if (expected.kind === "account") return true;
  return expected.kind === "role" && principal.kind === "role-session" && expected.name === principal.name;
}
