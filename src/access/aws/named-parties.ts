/** Whom a policy's Allow statements name, in `Principal` or in a condition that says who calls, and what that gives them. */
import type {
  AwsCaller,
  AwsCondition,
  AwsPolicy,
  AwsPolicyAccess,
  AwsPrincipal,
  AwsStatement,
} from "../../model/aws-access.ts";
import { arnParts, chosen, type Home, present } from "./caller-context.ts";
import {
  callersNamed,
  foreignOrganizationMember,
  otherRole,
  otherUser,
  rootOf,
  serviceForStranger,
} from "./callers.ts";
import { ownOrganization } from "./context.ts";
import { globMatches, globOf } from "./glob.ts";
import { isForEverybody } from "./match-principal.ts";
import { type LetThrough, lettingStatements, statementName } from "./operations-let-through.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import type { Moment } from "./request-at.ts";

/** An organization by its id, or by the variable that stands for the key's own. */
export interface NamedOrganization {
  readonly kind: "organization";
  readonly text: string;
}

export interface NamedParty {
  readonly who: AwsPrincipal | NamedOrganization;
  /** The Allow statements that name it. */
  readonly statements: readonly AwsStatement[];
}

/** Everybody that an Allow names, once, in the order of the document. `*` names nobody. */
export function namedParties(policy: AwsPolicy, home: Home): readonly NamedParty[] {
  const named = policy.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => partiesOf(statement, home).map((who) => ({ who, statement })));
  return [...Map.groupBy(named, ({ who }) => `${who.kind} ${who.text}`).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ who: first.who, statements: group.map(({ statement }) => statement) }];
  });
}

function partiesOf({ principals, conditions }: AwsStatement, home: Home): readonly NamedParty["who"][] {
  const listed = principals === null || principals.negated ? [] : principals.values;
  return [
    ...listed.filter(({ kind }) => kind !== "anyone"),
    ...conditions.flatMap((condition) => namedBy(condition, home)),
  ];
}

/** Whether it is for whoever meets conditions that name nobody. */
export function isForAnybody(statement: AwsStatement, home: Home): boolean {
  return isForEverybody(statement) && statement.conditions.every((condition) => namedBy(condition, home).length === 0);
}

/** Whom a condition on the caller's identity names. */
function namedBy(condition: AwsCondition, home: Home): readonly NamedParty["who"][] {
  const { base } = condition;
  return base === null || base.includes("Not") || base === "Null" ? [] : whomValuesName(condition, home);
}

/** Whom the values of a condition name, whatever follows from that; wildcards may stand for names, not for accounts. */
export function whomValuesName({ base, key, values }: AwsCondition, home: Home): readonly NamedParty["who"][] {
  const wildcards = base?.endsWith("Like") === true || base?.startsWith("Arn") === true;
  const possible = values.filter((value) => wildcards || !/[*?]/.test(value));
  return possible.flatMap((value) => partyOf(key.toLowerCase(), value, home) ?? []);
}

/** Whom one value of a condition names, or undefined where it names nobody. */
export function partyOf(key: string, value: string, home: Home): NamedParty["who"] | undefined {
  switch (key) {
    case "aws:principalaccount":
    case "kms:calleraccount":
    case "aws:vpceaccount":
      return /^\d{12}$/.test(value) ? parseAwsPrincipal(value) : undefined;
    case "aws:principalarn":
      return principalOfPattern(value, home);
    case "aws:sourcevpcarn": {
      const { account } = arnParts(value);
      return /^\d{12}$/.test(account) ? parseAwsPrincipal(account) : undefined;
    }
    case "aws:principalorgid":
    case "aws:principalorgpaths":
    case "aws:vpceorgid":
    case "aws:vpceorgpaths": {
      const [id = ""] = value.split("/");
      return id === "" || /[*?]/.test(id) ? undefined : { kind: "organization", text: id };
    }
    default:
      return undefined;
  }
}

/**
 * An ARN that may have wildcards in its name; with one in place of its kind it means a whole account, and with one in
 * its partition the key's own: principals of others cannot call there.
 */
function principalOfPattern(pattern: string, home: Home): AwsPrincipal | undefined {
  const { partition: written, account } = arnParts(pattern);
  if (!/^\d{12}$/.test(account)) return undefined;
  const isOpen = /[*?]/.test(written);
  if (isOpen && !globMatches(globOf(written), home.partition)) return undefined;
  const partition = isOpen ? home.partition : written;
  const text = pattern.split(":").with(1, partition).join(":");
  const principal = parseAwsPrincipal(text.replaceAll(/[*?]/g, "_"));
  if (principal.kind === "role" || principal.kind === "user") return { ...principal, text };
  return { kind: "account", text, partition, account };
}

/** What the statements that name a party let it do, and only those: a statement for everybody has an owner of its own. */
export function letInByName(
  access: AwsPolicyAccess,
  { who, statements }: NamedParty,
  home: Home,
  moment: Moment,
): readonly LetThrough[] {
  const found = partyCallers(who, home).flatMap((caller) => lettingStatements(access, caller, moment));
  return [...Map.groupBy(found, ({ statement }) => statement)]
    .filter(([statement]) => statements.includes(statement))
    .map(([statement, let_through]) => ({
      statement: statementName(statement),
      operations: [...new Set(let_through.flatMap(({ operations }) => operations))],
    }));
}

/**
 * Those who call as a party that is none of the key's own account. Of a whole account, whoever is not named besides; of
 * a service, what it does for others.
 */
function partyCallers(who: NamedParty["who"], home: Home): readonly AwsCaller[] {
  switch (who.kind) {
    case "organization":
      return [memberOfOrganization(who.text, home.partition)];
    case "account": {
      const partition = who.partition ?? home.partition;
      return [otherRole(who.account, partition), otherUser(who.account, partition), rootOf(who.account, partition)];
    }
    case "service":
      return [serviceForStranger(who.text, home.partition)];
    default:
      return callersNamed(who, home);
  }
}

/**
 * Some principal of an organization, given by its id or by the variable that stands for the key's own; through an
 * endpoint of whichever organization suits it.
 */
export function memberOfOrganization(id: string, partition: string): AwsCaller {
  const member = foreignOrganizationMember(partition);
  return {
    ...member,
    name: `a member of organization ${id}`,
    context: {
      ...member.context,
      "aws:principalorgid": id.includes("${") ? ownOrganization : present(id),
      "aws:principalorgpaths": chosen(`${id}/*`, `${id}/r-any/`),
      "aws:vpceorgid": chosen("o-*", id),
      "aws:vpceorgpaths": chosen("o-*", `${id}/r-any/`),
    },
  };
}
