/** Whether an entry of `Principal` or `NotPrincipal` means a caller. */
import type { AwsCaller, AwsElement, AwsNamedPrincipal, AwsPrincipal, AwsStatement } from "../../model/aws-access.ts";
import { maybe, no, type Tri, yes } from "../three-valued.ts";

/**
 * Whether a statement is about a caller. `partition` is the policy's own: a bare account number means one in it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function matchPrincipals(
  element: AwsElement<AwsPrincipal>,
  effect: AwsStatement["effect"],
  caller: AwsCaller,
  partition: string,
): Tri {
  if (!element.negated) return bestMatch(element.values, caller, partition);
  return matchOthers(element.values, effect, caller, partition);
}

function bestMatch(principals: readonly AwsPrincipal[], caller: AwsCaller, partition: string): Tri {
  let best: Tri = no;
  for (const principal of principals) {
    const match = matchPrincipal(principal, caller, partition);
    if (match > best) best = match;
  }
  return best;
}

/** Whether `*` or `NotPrincipal` opens a statement to callers whom it does not name there. */
export function isForEverybody({ principals }: AwsStatement): boolean {
  return principals?.negated === true || principals?.values.some(({ kind }) => kind === "anyone") === true;
}

/** One entry of `Principal`. A whole account stands for each of its principals: their own IAM is taken to allow. */
export function matchPrincipal(principal: AwsPrincipal, caller: AwsCaller, partition: string): Tri {
  switch (principal.kind) {
    case "anyone":
      return yes;
    case "account": {
      const same = principal.account === caller.account && (principal.partition ?? partition) === caller.partition;
      return same ? yes : no;
    }
    case "role":
    case "user":
    case "federated-user":
      return principal.text === caller.principal ? yes : no;
    case "role-session":
      return matchSession(principal, caller);
    case "unique-id":
    case "service":
    case "federated":
    case "canonical-user":
      return principal.kind === caller.kind && principal.text === caller.principal ? yes : no;
    case "invalid":
      return no;
  }
}

/**
 * `NotPrincipal`. A Deny spares a caller only where every identity that the request has is listed: for a role the
 * account, the role and the session, whose name nobody can foresee, so that it spares no role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function matchOthers(
  listed: readonly AwsPrincipal[],
  effect: AwsStatement["effect"],
  caller: AwsCaller,
  partition: string,
): Tri {
  const named = listed.filter((principal) => matchPrincipal(principal, caller, partition) !== no);
  if (named.length === 0) return yes;
  if (named.some(({ kind }) => kind === "anyone")) return no;
  const account = named.some(({ kind }) => kind === "account");
  const itself = named.some(({ kind }) => kind !== "account" && kind !== "role-session");
  const session = caller.session !== null && named.some(({ kind }) => kind === "role-session");
  if (isSpared(caller.kind, account, itself, session)) return no;
  return effect === "Deny" ? yes : maybe;
}

function isSpared(kind: AwsCaller["kind"], account: boolean, itself: boolean, session: boolean): boolean {
  if (kind === "role") return account && itself && session;
  if (kind === "root") return account;
  if (kind === "user" || kind === "federated") return account && itself;
  return itself;
}

/** A session's name is the caller's own choice: where it is not known, it may be the one that is named. */
function matchSession(named: AwsNamedPrincipal, caller: AwsCaller): Tri {
  if (caller.kind !== "role" || caller.account !== named.account || caller.partition !== named.partition) return no;
  if (caller.principal?.endsWith(`/${named.name}`) !== true) return no;
  return caller.session === null ? maybe : caller.session === named.session ? yes : no;
}
