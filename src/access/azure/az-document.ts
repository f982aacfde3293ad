/** What documents that `az` prints have in common. */
import type { KeyResource } from "../../model/key.ts";
import type { DocumentContent } from "../document-kind.ts";
import { type JsonNode, parseJson, positionOf } from "../parse-json.ts";

/** The whole document, which was read before. */
export function azContent(content: string): JsonNode {
  const parsed = parseJson(content);
  if (!parsed.ok) throw new Error(`a document that was read does not parse: ${parsed.error.message}`);
  return parsed.value;
}

/** The text as it is, where it is JSON of that kind. */
export function readAzDocument(text: string, kind: "object" | "array", prints: string): DocumentContent {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { message, line, column } = parsed.error;
    const hint = /^\s*[{[]/.test(text) ? "" : "; print it with --output json";
    return { ok: false, error: `${message} (line ${line}, column ${column})${hint}` };
  }
  if (parsed.value.kind === kind) return { ok: true, content: text };
  const { line, column } = positionOf(text, parsed.value.at);
  const wanted = kind === "array" ? "a list" : "one object";
  return { ok: false, error: `${prints} prints ${wanted}, and this is none (line ${line}, column ${column})` };
}

/** Stands for a key that nobody named. */
export const anyKey = "any-key";

export function azureKeyAt(host: string, key: string): KeyResource {
  const account = host.toLowerCase();
  return {
    provider: "azure",
    kind: "azure.vault-key",
    resource: `https://${account}/keys/${key.toLowerCase()}`,
    scope: `vaults/${account}`,
    account,
    location: null,
  };
}

/** `https://<host>/…` */
export function hostOf(uri: string): string {
  return uri.split("/")[2] ?? "";
}
