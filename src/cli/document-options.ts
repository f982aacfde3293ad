/** The options that say whose a document is, and what is expected of its key. */
import { InvalidArgumentError } from "commander";
import { isServicePrincipal, parseAwsPrincipal } from "../access/aws/parse-principal.ts";
import type { DocumentOrigin } from "../access/document-kind.ts";
import { parseKeyResource } from "../config/key-resource.ts";
import { organizationsSchema, registrationSchema } from "../config/registration-schema.ts";
import type { KeyResource } from "../model/key.ts";
import { type Provider, providerOf, type ResourceKind } from "../model/resource.ts";

/** Which text may name an account of each provider, and what to say of another one. */
const accounts = {
  aws: { fits: (text) => /^\d{12}$/.test(text), otherwise: "an account of AWS has 12 digits" },
  gcp: {
    fits: (text) => parseKeyResource(`projects/${text}/locations/global/keyRings/any/cryptoKeys/any`).ok,
    otherwise: "that is no project of Google Cloud",
  },
  azure: {
    fits: (text) => parseKeyResource(`https://${text}/keys/any`).ok,
    otherwise: "that is no host of a vault of Azure",
  },
} as const satisfies Record<Provider, { fits(text: string): boolean; readonly otherwise: string }>;

export function accountOption(text: string): string {
  if (/^\d+$/.test(text) ? text.length === 12 : accounts.gcp.fits(text) || accounts.azure.fits(text)) return text;
  throw new InvalidArgumentError(
    "Expected an account number of 12 digits in AWS, the id of a project in Google Cloud, the host of a vault in Azure.",
  );
}

export function resourceOption(text: string): KeyResource {
  const parsed = parseKeyResource(text);
  if (!parsed.ok) throw new InvalidArgumentError(`As the name of a key, ${parsed.detail}.`);
  return parsed.resource;
}

/** For options that may be given several times. Policies hold UUIDs in lower case; one in capitals is the same UUID. */
export function uuidOption(text: string, before: readonly string[] = []): readonly string[] {
  const uuid = text.toLowerCase();
  if (!organizationsSchema.safeParse([uuid]).success) {
    const why = organizationsSchema.safeParse([text]).error?.issues[0]?.message;
    throw new InvalidArgumentError(`Expected ${why ?? "a UUID"}.`);
  }
  if (uuid !== text) process.stderr.write(`${text} is taken as ${uuid}: AWS compares with regard to case.\n`);
  return withAnother(before, uuid);
}

export function principalOption(text: string, before: readonly string[] = []): readonly string[] {
  const { kind } = parseAwsPrincipal(text);
  const isOrganization = /^o-[a-z0-9]{10,32}$/.test(text);
  if (kind !== "anyone" && (kind !== "invalid" || isServicePrincipal(text) || isOrganization)) {
    return withAnother(before, text);
  }
  const registered = registrationSchema.shape.expected_principals.safeParse([text]);
  if (!registered.success || text.startsWith("arn:")) {
    const [, hint] = registered.error?.issues[0]?.message.split("; ") ?? [];
    throw new InvalidArgumentError(
      `Expected the ARN of a principal, an account number, a service's name, a member of Google Cloud (user:…, serviceAccount:…, group:…), or an object id of Azure${hint === undefined ? "" : `; ${hint}`}.`,
    );
  }
  return withAnother(before, text);
}

/** Why a document cannot belong to the key or the account that was named; undefined where it can. */
export function whyOfAnotherProvider(kind: ResourceKind, { account, key }: DocumentOrigin): string | undefined {
  const provider = providerOf(kind);
  if (key !== null && key.kind !== kind) {
    return `it is about a key of ${provider}, and --resource names one of ${key.provider}`;
  }
  const { fits, otherwise } = accounts[provider];
  return account === null || fits(account) ? undefined : `--account is ${account}, and ${otherwise}`;
}

function withAnother(before: readonly string[], text: string): readonly string[] {
  return before.includes(text) ? before : [...before, text];
}
