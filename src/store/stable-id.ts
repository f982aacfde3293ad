/** Ids that follow from what they name, so that nothing needs to be looked up and nothing gets another id later. */
import { hash } from "node:crypto";
import type { SubjectRef } from "./store.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const idLength = 26;

/** The id of the question "this check on this resource". Public contract: it never changes. */
export function findingId(check: string, resource: string): string {
  return `fnd_${base32Digest(`${check}\n${resource}`)}`;
}

export function subjectId({ kind, provider, resource }: SubjectRef): string {
  return `${kind}_${base32Digest(`${provider}\n${resource}`)}`;
}

/** The first characters of the base32 form (RFC 4648, in lower case) of a text's SHA-256. */
function base32Digest(text: string): string {
  const digest = hash("sha256", text, "buffer");
  let id = "";
  for (let index = 0; index < idLength; index += 1) {
    const bit = index * 5;
    const pair = digest.readUInt16BE(bit >> 3);
    id += alphabet.charAt((pair >> (11 - (bit & 7))) & 31);
  }
  return id;
}
