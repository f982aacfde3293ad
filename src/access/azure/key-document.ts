/** A key in a file, as `az keyvault key show` prints it. */
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Fact, known, mapFact, unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { DocumentKind, DocumentOrigin } from "../document-kind.ts";
import type { JsonNode } from "../parse-json.ts";
import { anyKey, azContent, azureKeyAt, hostOf, readAzDocument } from "./az-document.ts";
import {
  type AzReading,
  date,
  each,
  flag,
  member,
  nullable,
  orElse,
  readAll,
  text,
  textsByName,
} from "./az-reading.ts";

type KeyFact =
  | "read_uri"
  | "current_version"
  | "key_type"
  | "key_size"
  | "key_operations"
  | "enabled"
  | "not_before"
  | "expires"
  | "tags";

const keyReadings: { readonly [F in KeyFact]: AzReading<AzureVaultKeyFacts[F]> } = {
  read_uri: (node) => mapFact(identifierOf(node), ({ uri }) => known(uri)),
  current_version: (node) => mapFact(identifierOf(node), ({ version }) => known(version)),
  key_type: member("key.kty", text),
  key_size: keySize,
  key_operations: member("key.keyOps", nullable(each(text))),
  enabled: member("attributes.enabled", flag),
  not_before: member("attributes.notBefore", nullable(date)),
  expires: member("attributes.expires", nullable(date)),
  tags: member("tags", orElse(textsByName, {})),
};

/** https://learn.microsoft.com/en-us/cli/azure/keyvault/key#az-keyvault-key-show */
export const azureKeyDocument: DocumentKind = {
  kind: "azure.vault-key",
  recognizes: (content) => /"kid"\s*:/.test(content),
  read: (content) => readAzDocument(content, "object", "`az keyvault key show`"),
  tells: Object.keys(keyReadings),
  comesWith: ["registration", "existence", "reads"],
  saysNothingTo: [],
  remark: () =>
    "judged as the key's current version; its vault, its other versions and who may use it were not looked at",
  reads: { azure_directory: false },
  facts: (content, registration) => {
    return {
      ...readAll(keyReadings, azContent(content)),
      registration: known(registration),
      existence: known("present"),
    };
  },
  names: (content) => {
    const identifier = identifierOf(azContent(content));
    return identifier.state === "known" ? identifier.value.uri.toLowerCase() : undefined;
  },
  keys: keysOf,
};

interface Identifier {
  readonly uri: string;
  readonly version: string;
}

/** `https://<host>/keys/<name>/<version>` */
function identifierOf(document: JsonNode): Fact<Identifier> {
  return mapFact(member("key.kid", text)(document, ""), (kid): Fact<Identifier> => {
    const [, uri, version] = /^(https:\/\/[^/]+\/keys\/[^/]+)\/([^/]+)\/?$/i.exec(kid) ?? [];
    return uri === undefined || version === undefined
      ? unreadable("malformed", "key.kid is not the identifier of a version of a key")
      : known({ uri, version });
  });
}

/** An RSA key is as long as its modulus, which has no zeros in front; others have a curve, and no size. */
function keySize(document: JsonNode): Fact<number | null> {
  return mapFact(member("key.kty", text)(document, ""), (type) => {
    if (!/^rsa/i.test(type)) return known(null);
    return mapFact(member("key.n", text)(document, ""), (modulus) =>
      /^[\w+/-]+=*$/.test(modulus)
        ? known(bytesIn(modulus) * 8)
        : unreadable("malformed", "key.n is not the base64 text of a modulus"),
    );
  });
}

/** How many bytes a base64 text stands for, in either alphabet, without those in front that are zero. */
function bytesIn(base64: string): number {
  const digits = base64.replaceAll("=", "");
  const bits = Array.from(digits, (digit) => alphabet.indexOf(digit) % 64);
  const first = bits.findIndex((value) => value !== 0);
  if (first < 0) return 0;
  const leading = first * 6 + (6 - (bits[first] ?? 0).toString(2).length);
  return Math.floor((digits.length * 6) / 8) - Math.floor(leading / 8);
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const alphabet = `${letters}+/${letters}-_`;

function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const identifier = identifierOf(azContent(content));
  if (identifier.state === "unreadable") return [azureKeyAt(account ?? "any.vault.azure.net", anyKey)];
  const { uri } = identifier.value;
  return [azureKeyAt(account ?? hostOf(uri), uri.split("/")[4] ?? anyKey)];
}
