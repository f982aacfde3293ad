/** AWS services that call as themselves, on behalf of somebody whom a condition on their source names. */
import type { AwsCaller, AwsCondition, AwsPolicy, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import { chosen, form, type Home, present } from "./caller-context.ts";
import { serviceForStranger } from "./callers.ts";
import { ownOrganization } from "./context.ts";
import { isExpectedPrincipal, isOwnPrincipal } from "./known-principals.ts";
import { isForEverybody } from "./match-principal.ts";
import { lettingStatements, statementName } from "./operations-let-through.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import type { Moment } from "./request-at.ts";

/** Whom a service acts for: an account, or an organization by its id or by the variable of the key's own. */
type ServiceSource = { readonly account: string } | { readonly organization: string };

/** A service that a statement lets in on behalf of somebody else. A type, so that it can be evidence. */
export type ForeignSource = ServiceSource & {
  readonly service: string;
  readonly statement: string;
};

export const anyService = "any AWS service";

const positive = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);

/** A service and one whom a statement says that it may act for, as a caller. */
export interface NamedSource {
  readonly service: string;
  readonly source: ServiceSource;
  readonly caller: AwsCaller;
  readonly statement: AwsStatement;
}

/**
 * Services that are let in on behalf of an account or an organization that is neither the own account nor among
 * `expected`; a whole organization is from outside, the own one too. Where a statement lets a service in for whomever it
 * likes, its source narrows nothing: that is told of the service, or of everybody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function foreignSources(
  access: AwsPolicyAccess,
  expected: readonly string[],
  moment: Moment,
): readonly ForeignSource[] {
  const { home, policy } = access;
  const letsIn = (caller: AwsCaller, statement: AwsStatement) =>
    lettingStatements(access, caller, moment).some((letting) => letting.statement === statement);
  return namedSources(policy, expected, home)
    .filter(({ service, statement }) => !letsIn(serviceForStranger(service, home.partition), statement))
    .filter(({ caller, statement }) => letsIn(caller, statement))
    .map(({ service, source, statement }) => ({ service, ...source, statement: statementName(statement) }));
}

/**
 * The services of every Allow with each foreign source that its conditions name. A condition of the same statement that
 * holds for the own account or those expected alone keeps the others out.
 */
export function namedSources(
  { statements }: Pick<AwsPolicy, "statements">,
  expected: readonly string[],
  home: Home,
): readonly NamedSource[] {
  return statements.flatMap((statement) =>
    foreignIn(statement, expected, home).flatMap((source) =>
      servicesOf(statement).map((service) => {
        const caller = serviceFor(service, source, home.partition);
        return { service, source, caller, statement };
      }),
    ),
  );
}

/** A service that acts for exactly that one. Which resource it does so for, and in which organization, is open. */
function serviceFor(service: string, source: ServiceSource, partition: string): AwsCaller {
  const stranger = serviceForStranger(service, partition);
  const anyArn = form(`arn:${partition}:*`, `arn:${partition}:any`, "nobody", true);
  const whose = "account" in source ? `account ${source.account}` : `organization ${source.organization}`;
  const name = `${service} on behalf of ${whose}`;
  return { ...stranger, name, context: { ...stranger.context, "aws:sourcearn": anyArn, ...contextOf(source) } };
}

function contextOf(source: ServiceSource): AwsCaller["context"] {
  if ("organization" in source) {
    const { organization } = source;
    return {
      "aws:sourceorgid": organization.includes("${") ? ownOrganization : present(organization),
      "aws:sourceorgpaths": chosen("o-*", `${organization}/r-any/`),
    };
  }
  const { account } = source;
  return {
    "aws:sourceaccount": present(account),
    "kms:calleraccount": form(account, account, "nobody", true),
    "aws:sourceorgid": form("o-*", "o-of-another", "nobody", true),
    "aws:sourceorgpaths": form("o-*", "o-of-another/r-any/", "nobody", true),
  };
}

function servicesOf(statement: AwsStatement): readonly string[] {
  const { principals } = statement;
  const named = principals?.negated === false ? principals.values.filter(({ kind }) => kind === "service") : [];
  return [...named.map(({ text }) => text), ...(isForEverybody(statement) ? [anyService] : [])];
}

function foreignIn(statement: AwsStatement, expected: readonly string[], home: Home): readonly ServiceSource[] {
  if (statement.effect !== "Allow") return [];
  const pins = statement.conditions
    .filter(({ base }) => base !== null && positive.has(base))
    .map(({ key, values }) => ({ key: key.toLowerCase(), sources: sourcesIn(key.toLowerCase(), values) }))
    .filter(({ sources }) => sources.length > 0);
  const isForeign = (source: ServiceSource) => !isMeant(source, expected, home);
  if (pins.some(({ sources }) => !sources.some(isForeign))) return [];
  // Of everybody, a caller's account names its principals before it names whom services act for.
  const ofSource = pins.filter(({ key }) => key !== "kms:calleraccount" || !isForEverybody(statement));
  const foreign = ofSource.flatMap(({ sources }) => sources).filter(isForeign);
  return [...new Map(foreign.map((source) => [JSON.stringify(source), source])).values()];
}

/** Whom the values of a condition on the source name; a value with a wildcard in that place names nobody. */
function sourcesIn(key: string, values: AwsCondition["values"]): readonly ServiceSource[] {
  switch (key) {
    case "aws:sourceaccount":
    case "kms:calleraccount":
      return values.flatMap(accountIn);
    case "aws:sourcearn":
      return values.flatMap((value) => accountIn(value.split(":")[4] ?? ""));
    case "aws:sourceorgid":
    case "aws:sourceorgpaths":
      return values.flatMap((value) => organizationIn(value.split("/")[0] ?? ""));
    default:
      return [];
  }
}

function accountIn(account: string): readonly ServiceSource[] {
  return /^\d{12}$/.test(account) ? [{ account }] : [];
}

function organizationIn(organization: string): readonly ServiceSource[] {
  return organization === "" || /[*?]/.test(organization) ? [] : [{ organization }];
}

function isMeant(source: ServiceSource, expected: readonly string[], home: Home): boolean {
  if ("organization" in source) return expected.includes(source.organization);
  const account = parseAwsPrincipal(source.account);
  return isOwnPrincipal(account, home) || isExpectedPrincipal(account, expected, home);
}
