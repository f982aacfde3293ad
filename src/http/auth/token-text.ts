/** The text of a token: `kp_<id>_<secret>`. It is shown once, when it is made; what is kept is its hash. */
import { createHash, randomBytes } from "node:crypto";

export interface NewTokenText {
  readonly id: string;
  readonly text: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

const base32 = "abcdefghijklmnopqrstuvwxyz234567";
const form = /^kp_([a-z2-7]{12})_[A-Za-z0-9_-]{43}$/;

/** A token that nobody has yet: an id of 60 random bits, to find it by, and a secret of 256. */
export function newTokenText(): NewTokenText {
  const id = [...randomBytes(12)].map((byte) => base32[byte % 32]).join("");
  const text = `kp_${id}_${randomBytes(32).toString("base64url")}`;
  return { id, text, sha256: tokenDigest(text).toString("hex") };
}

/** The id within a text; undefined where the text is no token's. */
export function idOfTokenText(text: string): string | undefined {
  return form.exec(text)?.[1];
}

/** Of the whole text, so that no other text, be it the same bits differently encoded, is the same token. */
export function tokenDigest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
