/** A key policy in a file: by itself, or as AWS answers GetKeyPolicy. */
import { anthropicAwsAccount } from "../../guidance/identifiers.ts";
import type { AwsStatement } from "../../model/aws-access.ts";
import { known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { DocumentContent, DocumentKind, DocumentOrigin } from "../document-kind.ts";
import { memberOf } from "../json-document.ts";
import { type JsonError, parseJson } from "../parse-json.ts";
import { compiledPolicy } from "./remembered-policies.ts";

export const awsKeyPolicyDocument: DocumentKind = {
  kind: "aws.kms-key",
  recognizes: (text) => /"(?:Statement|Policy)"\s*:/.test(text),
  read: readKeyPolicy,
  tells: ["policy_text"],
  comesWith: ["registration", "existence", "grants", "reads"],
  saysNothingTo: [],
  remark: () => null,
  reads: { aws_organization: false },
  facts: (content, registration) => ({
    policy_text: known(content),
    registration: known(registration),
    // The document alone is judged: of a key that is there, and that nobody else gives access to or takes it from.
    existence: known("present"),
    grants: known([]),
  }),
  keys: keysOf,
};

/** Takes `{"Policy": "…"}` as well: https://docs.aws.amazon.com/cli/latest/reference/kms/get-key-policy.html */
function readKeyPolicy(text: string): DocumentContent {
  const json = parseJson(text);
  if (!json.ok) return broken("", json.error);
  const answer = memberOf(json.value, "Statement") === undefined ? memberOf(json.value, "Policy") : undefined;
  const content = answer?.kind === "string" ? answer.value : text;
  const compiled = compiledPolicy(content);
  if (compiled.ok) return { ok: true, content };
  return broken(content === text ? "" : "in the text of Policy: ", compiled.error);
}

function broken(where: string, { message, line, column }: JsonError): DocumentContent {
  return { ok: false, error: `${where}${message} (line ${line}, column ${column})` };
}

/** Accounts, and regions, that stand for any that the policy does not name. */
const anyAccounts = ["100000000001", "200000000002"];
const [anyRegion, anotherRegion] = ["us-east-2", "eu-central-1"];
const anyKeyId = "00000000-0000-4000-8000-000000000000";

/**
 * Where nobody says which key it is: the one that is allowed to be used, since an Allow for another key has no effect.
 * Else any, and those that a Deny or a NotResource names: the policy may be of one of them, or of none.
 */
function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const compiled = compiledPolicy(content);
  const statements = compiled.ok ? compiled.value.policy.statements : [];
  const regions = regionsOf(statements);
  const allowed = keysNamed(statements.filter(isAllowForResource), account);
  const others = keysNamed(statements, account).filter((arn) => !allowed.includes(arn));
  if (account !== null && allowed.length > 0) return allowed.map(keyOf);
  const accounts = account === null ? [...accountsIn(content), ...anyAccounts] : [account];
  const unnamed = accounts.flatMap((one) => regions.map((region) => anyKeyOf(one, region, content)));
  return [...[...allowed, ...others].map(keyOf), ...unnamed];
}

function isAllowForResource({ effect, resources }: AwsStatement): boolean {
  return effect === "Allow" && resources?.negated === false;
}

function keysNamed(statements: readonly AwsStatement[], account: string | null): readonly string[] {
  const named = statements
    .flatMap(({ resources }) => resources?.values ?? [])
    .filter((text) => {
      const of = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:(\d{12}):key\/[a-z0-9-]+$/.exec(text)?.[1];
      return of !== undefined && (account === null || of === account);
    });
  return [...new Set(named)];
}

/** Where a region is asked for: it, one for each pattern, and one that is not asked for. */
function regionsOf(statements: readonly AwsStatement[]): readonly string[] {
  const ofConditions = statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values }) => (key.toLowerCase() === "aws:requestedregion" ? values : [])),
  );
  const ofResources = statements.flatMap(({ resources }) =>
    (resources?.values ?? []).flatMap((text) => /^arn:[^:]*:kms:([^:]+):/.exec(text)?.[1] ?? []),
  );
  const asked = [...ofConditions, ...ofResources].map((text) => text.toLowerCase());
  if (asked.length === 0) return [anyRegion];
  const patterns = asked.filter((text) => /^[a-z0-9*?-]*[-*?][a-z0-9*?-]*$/.test(text));
  const fitting = patterns.map((pattern) => pattern.replace(/\*+/g, "any-1").replaceAll("?", "1"));
  return [...new Set([anyRegion, anotherRegion, ...fitting])];
}

function accountsIn(content: string): ReadonlySet<string> {
  const accounts = new Set([...content.matchAll(/\b\d{12}\b/g)].map(([number]) => number));
  accounts.delete(anthropicAwsAccount);
  return accounts;
}

function anyKeyOf(account: string, region: string, content: string): KeyResource {
  const partition = new RegExp(`arn:(aws[a-z-]*):[a-z]+:[a-z0-9-]*:${account}:`).exec(content)?.[1] ?? "aws";
  return keyOf(`arn:${partition}:kms:${region}:${account}:key/${anyKeyId}`);
}

function keyOf(arn: string): KeyResource {
  const [, , , location = "", account = ""] = arn.split(":");
  return { provider: "aws", kind: "aws.kms-key", resource: arn, scope: `${account}/${location}`, account, location };
}
