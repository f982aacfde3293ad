/** A key policy in a file: by itself, or as AWS answers GetKeyPolicy. */
import { anthropicAwsAccount } from "../../guidance/identifiers.ts";
import { known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { DocumentContent, DocumentKind, DocumentOrigin } from "../document-kind.ts";
import { memberOf } from "./json-document.ts";
import { type JsonError, parseJson } from "./parse-json.ts";
import { compiledPolicy } from "./remembered-policies.ts";

export const awsKeyPolicyDocument: DocumentKind = {
  kind: "aws.kms-key",
  recognizes: (text) => /"(?:Statement|Policy)"\s*:/.test(text),
  read: readKeyPolicy,
  tells: ["policy_text"],
  comesWith: ["registration", "existence", "grants", "reads"],
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

/** Accounts that stand for any that the policy does not name. */
const anyAccounts = ["100000000001", "200000000002"];
const anyRegion = "us-east-2";
const anyKeyId = "00000000-0000-4000-8000-000000000000";

/** Where nobody says which key it is: those that it names, else any; of the accounts that it names, and of others. */
function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const arns = [...content.matchAll(/arn:aws[a-z-]*:kms:[a-z0-9-]+:(\d{12}):key\/[a-z0-9-]+(?=")/g)];
  const named = arns.filter(([, of]) => account === null || of === account).map(([arn]) => keyOf(arn));
  if (account !== null) return named.length > 0 ? named : [anyKeyOf(account, content)];
  const accounts = new Set([...content.matchAll(/\b\d{12}\b/g)].map(([number]) => number));
  accounts.delete(anthropicAwsAccount);
  return [...named, ...[...accounts, ...anyAccounts].map((one) => anyKeyOf(one, content))];
}

function anyKeyOf(account: string, content: string): KeyResource {
  const partition = new RegExp(`arn:(aws[a-z-]*):[a-z]+:[a-z0-9-]*:${account}:`).exec(content)?.[1] ?? "aws";
  return keyOf(`arn:${partition}:kms:${anyRegion}:${account}:key/${anyKeyId}`);
}

function keyOf(arn: string): KeyResource {
  const [, , , location = "", account = ""] = arn.split(":");
  return { provider: "aws", kind: "aws.kms-key", resource: arn, scope: `${account}/${location}`, account, location };
}
