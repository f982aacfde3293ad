import { hash } from "node:crypto";
import { configure } from "safe-stable-stringify";
import type { Json } from "../model/json.ts";

/** A number that JSON cannot hold throws: null would be another value. */
const canonicalJson = configure({ strict: true });

/** SHA-256, in hexadecimal digits, of evidence as canonical JSON: the text that the database keeps. */
export function evidenceDigest(evidence: Json): string {
  const text = canonicalJson(evidence);
  if (text === undefined) throw new TypeError("not a JSON value");
  return hash("sha256", text, "hex");
}
