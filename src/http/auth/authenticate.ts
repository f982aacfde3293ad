/** From the Authorization header to who asks. */
import { timingSafeEqual } from "node:crypto";
import { type StoredToken, stateOfToken, type Token } from "../../model/token.ts";
import type { TokenPort } from "../ports.ts";
import { idOfTokenText, tokenDigest } from "./token-text.ts";

export type Asker =
  | { readonly state: "anonymous" }
  /** A token that is not good (any more). `token`: whose it was, for the log; the answer never tells. */
  | { readonly state: "refused"; readonly token: Token | undefined }
  | { readonly state: "known"; readonly token: Token };

/** What a token is compared with where none has its id, so that this takes no less time. */
const noDigest = "00".repeat(32);

/** Says who sends this header. Rejects where the database does not answer. */
export async function authenticate(
  tokens: Pick<TokenPort, "find" | "ofFile">,
  header: string | undefined,
  at: number,
): Promise<Asker> {
  const text = bearerText(header);
  if (text === undefined) return { state: "anonymous" };
  const token = await tokenOf(tokens, text);
  return token !== undefined && stateOfToken(token, at) === "live"
    ? { state: "known", token }
    : { state: "refused", token };
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1; the name of a scheme is read without regard to capitals. */
function bearerText(header: string | undefined): string | undefined {
  const match = /^bearer(?:\s(.*))?$/i.exec(header ?? "");
  return match === null ? undefined : (match[1] ?? "").trim();
}

/** Goes through all candidates whether one has fitted or not. */
async function tokenOf({ find, ofFile }: Pick<TokenPort, "find" | "ofFile">, text: string) {
  const digest = tokenDigest(text);
  const stored = await find(idOfTokenText(text) ?? "");
  let found = fits(digest, stored) ? stored : undefined;
  for (const candidate of ofFile()) if (fits(digest, candidate)) found = candidate;
  return found;
}

function fits(digest: Buffer, token: StoredToken | undefined): boolean {
  const equal = timingSafeEqual(digest, Buffer.from(token?.sha256 ?? noDigest, "hex"));
  return equal && token !== undefined;
}
