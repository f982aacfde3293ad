// From the full name of a key to what it tells by itself, and, for names that are none, to what was probably meant.

import { keyArnForm, parseKeyArn, whyNoKeyArn } from "./aws-key-resource.ts";
import { azureKeyForm, looksLikeAzureKey, parseAzureKey } from "./azure-key-resource.ts";
import { gcpKeyForm, looksLikeGcpKey, parseGcpKey } from "./gcp-key-resource.ts";
import { invalidResource, type ParsedKeyResource } from "./parsed-key-resource.ts";

export type { ParsedKeyResource };

const forms = `the ARN of a KMS key, ${keyArnForm}, the name of a Cloud KMS key, ${gcpKeyForm}, or the address of a key in Key Vault, ${azureKeyForm}`;

/** Reads the resource of a key to register: the full name under which its provider knows it. */
export function parseKeyResource(text: string): ParsedKeyResource {
  if (text.trim() === "") return invalidResource(`it is empty; expected ${forms}`);
  if (/\s/.test(text)) return invalidResource("it has spaces or line breaks; the name of a key has none");
  if (text.startsWith("arn:")) return parseKeyArn(text);
  if (looksLikeGcpKey(text)) return parseGcpKey(text);
  if (looksLikeAzureKey(text)) return parseAzureKey(text);
  if (text.startsWith("ekey_")) {
    return invalidResource(
      `it is Anthropic's id of the registration; give the provider's own name of the key: ${forms}`,
    );
  }
  return invalidResource(whyNoKeyArn(text) ?? `it names no key; expected ${forms}`);
}
