import type { AwsCaller, AwsPolicyAccess, AwsPrincipal } from "../../model/aws-access.ts";
import { type Home, organizationOf } from "./caller-context.ts";
import { callersNamed, otherRole, otherUser, rootOf } from "./callers.ts";
import { accountOf, isOwnPrincipal } from "./known-principals.ts";
import { type NamedParty, namedParties } from "./named-parties.ts";
import { lettingStatements, statementName } from "./operations-let-through.ts";
import type { Moment } from "./request-at.ts";

/** A principal, operations that it can perform, and the statements that name it for them. */
export interface PrincipalNamedFor {
  readonly principal: AwsPrincipal;
  readonly operations: readonly string[];
  /** As messages name them. */
  readonly statements: readonly string[];
}

/**
 * Who of the key's own account, and which AWS services, can perform any of these operations by a statement that names
 * them, in the order of the document: what the account's IAM adds is not seen from here. What hangs on context that is
 * not known counts. The account itself is one principal, however it is written.
 */
export function principalsNamedFor(
  operations: readonly string[],
  access: AwsPolicyAccess,
  moment: Moment,
): readonly PrincipalNamedFor[] {
  const { home } = access;
  const found = namedParties(access.policy, home).flatMap(({ who, statements }) => {
    if (!isOwnOrService(who, home)) return [];
    const letting = callersOf(who, home)
      .flatMap((caller) => lettingStatements(access, caller, moment, operations))
      .filter(({ statement }) => statements.includes(statement));
    return letting.length === 0 ? [] : [{ who, letting }];
  });
  return [...Map.groupBy(found, ({ who }) => identityOf(who, home)).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const letting = same.flatMap((one) => one.letting);
    const able = new Set(letting.flatMap((one) => one.operations));
    const names = new Set(letting.map(({ statement }) => statementName(statement)));
    return [{ principal: first.who, operations: operations.filter((one) => able.has(one)), statements: [...names] }];
  });
}

function isOwnOrService(who: NamedParty["who"], home: Home): who is AwsPrincipal {
  return who.kind !== "organization" && (who.kind === "service" || isOwnPrincipal(who, home));
}

/** Of the account whoever is not named besides, so that a condition that lists its roles does not count it as well. */
function callersOf(who: AwsPrincipal, home: Home): readonly AwsCaller[] {
  if (who.kind !== "account") return callersNamed(who, home);
  const { account, partition } = home;
  return [rootOf, otherRole, otherUser].map((make) => {
    const caller = make(account, partition);
    const { "aws:principalorgpaths": _ofAnother, ...context } = caller.context;
    return { ...caller, context: { ...context, ...organizationOf(account, home) } };
  });
}

function identityOf(who: AwsPrincipal, home: Home): string {
  return who.kind === "account" ? `account ${accountOf(who, home)?.account}` : who.text;
}
