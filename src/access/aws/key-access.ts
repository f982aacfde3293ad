/** Who can do what with a KMS key: everybody whom its policy or a grant names, the published role, and strangers. */

import { compartmentPair, organizationPair } from "../../guidance/aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "../../guidance/identifiers.ts";
import type { AwsCaller, AwsGrantPermission, AwsPolicyAccess, AwsPrincipal } from "../../model/aws-access.ts";
import type { CheckSettings } from "../../model/check-settings.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { AccessClass, KeyAccess, KeyAccessRow } from "../../model/key-access.ts";
import type { Registration } from "../../model/registration.ts";
import type { Facts } from "../../model/resource.ts";
import { factNamed } from "../fact-named.ts";
import { unreadableSource } from "../unreadable-source.ts";
import { type Asked, type Deciding, grantRows, policyRows } from "./access-rows.ts";
import { isUnpublished } from "./anthropic-account.ts";
import type { EncryptionContext } from "./anthropic-requests.ts";
import { anybodyIn } from "./anybody.ts";
import { type Home, organizationOf } from "./caller-context.ts";
import { callersNamed, memberOf, publishedRole, rootOf, serviceForOwner, serviceForStranger } from "./callers.ts";
import { anyService, namedSources } from "./foreign-sources.ts";
import { isOwnPrincipal } from "./known-principals.ts";
import { memberOfOrganization, type NamedParty, namedParties } from "./named-parties.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import { ownRootArn } from "./policy-to-correct.ts";
import { type PrincipalClass, principalClass } from "./principal-class.ts";

/** What the answer rests on. */
const sources = ["policy_access", "grant_access", "organization_policy_access", "registration"] as const;
type Source = (typeof sources)[number];

/**
 * Every row that follows from the facts of a key, raw and derived. A statement is told under whom it names; what it
 * gives to everybody under `*`, and whatever the published role and the own account get under these. `at` in epoch
 * milliseconds.
 */
export function awsKeyAccess(
  facts: FactsByName,
  key: KeyResource,
  { at, settings }: { readonly at: number; readonly settings: CheckSettings },
): KeyAccess {
  const of = sourcesIn(facts);
  const home: Home = { partition: key.resource.split(":")[1] ?? "aws", account: key.account };
  const policy = valueOf(of.policy_access) ?? null;
  const deciding = { policy, organization: valueOf(of.organization_policy_access) ?? null, at };
  const contexts = contextsOf(valueOf(of.registration));
  const asked = policy === null ? [] : askedOf(policy, contexts, settings.anthropic_egress);
  return {
    rows: [
      ...(policy === null ? [] : asked.flatMap((one) => policyRows(one, { ...deciding, policy }))),
      ...(valueOf(of.grant_access)?.grants ?? []).flatMap((grant) => rowsOfGrant(grant, deciding, home)),
    ],
    unreadable: sources.flatMap((name) => unreadableSource(name, of[name])),
  };
}

function sourcesIn(facts: FactsByName): Facts<"aws.kms-key", Source> {
  const read = sources.map((name) => [name, factNamed(facts, name)]);
  return Object.fromEntries(read) as Facts<"aws.kms-key", Source>;
}

function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.state === "known" ? fact.value : undefined;
}

/** No context, and every one that a workspace of the registration may send. */
function contextsOf(registration: Registration | undefined): readonly EncryptionContext[] {
  const pairs = (pair: string, values: readonly string[] = []): readonly EncryptionContext[] => [
    {},
    ...values.map((value) => ({ [pair]: value })),
  ];
  return pairs(organizationPair, registration?.organizations).flatMap((organization) =>
    pairs(compartmentPair, registration?.compartments).map((compartment) => ({ ...organization, ...compartment })),
  );
}

function askedOf(
  access: AwsPolicyAccess,
  contexts: readonly EncryptionContext[],
  egress: readonly string[],
): readonly Asked[] {
  const { home } = access;
  const all = { contexts: [], statements: null };
  const parties = namedParties(access.policy, home).filter(({ who }) => !isAskedAnyway(who, home));
  return [
    { ...all, who: { principal: "*", class: "anyone" }, callers: anybodyIn(home.partition) },
    {
      who: { principal: anthropicAwsRoleArn, class: "anthropic-published" },
      callers: [publishedRole(anthropicAwsRoleArn, egress)],
      contexts,
      statements: null,
    },
    { ...all, who: { principal: ownRootArn(home), class: "own-account" }, callers: ownCallers(home) },
    ...parties.map(({ who, statements }) => ({
      who: { principal: who.text, class: classOf(who, home) },
      callers: who.kind === "organization" ? [memberOfOrganization(who.text, home.partition)] : callersNamed(who, home),
      contexts: [],
      statements,
    })),
    ...namedSources(access.policy, [], home).map(({ service, caller, statement }) => ({
      who: { principal: service === anyService ? "*" : service, class: "service" as const },
      callers: [caller],
      contexts: [],
      statements: [statement],
    })),
  ];
}

function isAskedAnyway(who: NamedParty["who"], home: Home): boolean {
  return who.text === anthropicAwsRoleArn || (who.kind === "account" && isOwnPrincipal(who, home));
}

/** Its root, and whoever else its IAM lets. */
function ownCallers(home: Home): readonly AwsCaller[] {
  const root = rootOf(home.account, home.partition);
  const { "aws:principalorgpaths": _ofAnother, ...context } = root.context;
  return [memberOf(home.account, home), { ...root, context: { ...context, ...organizationOf(home.account, home) } }];
}

function classOf(who: NamedParty["who"], home: Home): AccessClass {
  if (who.kind === "organization") return "external";
  const kind = principalClass(who, home);
  if (kind === "anthropic") return isUnpublished(who, home) ? "anthropic-other" : "anthropic-published";
  return classes[kind];
}

const classes = {
  anyone: "anyone",
  lookalike: "lookalike",
  orphaned: "orphaned",
  own: "own-account",
  service: "service",
  foreign: "external",
  nobody: "external",
} satisfies Record<Exclude<PrincipalClass, "anthropic">, AccessClass>;

function rowsOfGrant(grant: AwsGrantPermission, deciding: Deciding, home: Home): readonly KeyAccessRow[] {
  const parties = [
    { principal: grant.grantee, operations: grant.operations },
    ...(grant.retiring === null ? [] : [{ principal: grant.retiring, operations: ["kms:RetireGrant"] }]),
  ];
  return parties.flatMap(({ principal, operations }) => {
    const who = { principal: principal.text, class: classOf(principal, home) };
    const callers = granteeCallers(principal, grant, home);
    if (callers.length > 0) return grantRows(grant, { who, callers }, operations, deciding, home.partition);
    // Somebody was given this, and what the provider calls them cannot be read: that is not nobody.
    return [{ ...unknownGrantee, ...who, operations, source: { kind: "grant", name: grant.id } }];
  });
}

const unknownGrantee = {
  callers: [],
  encryption_contexts: null,
  decision: "conditional",
  conditions: [],
  on: ["GranteePrincipal"],
} as const;

/** A service acts for the account that issued its grant. */
function granteeCallers(principal: AwsPrincipal, { issuing_account }: AwsGrantPermission, home: Home) {
  if (principal.kind !== "service" || issuing_account === null) return callersNamed(principal, home);
  const isOwn = isOwnPrincipal(parseAwsPrincipal(issuing_account), home);
  return [isOwn ? serviceForOwner(principal.text, home) : serviceForStranger(principal.text, home.partition)];
}
