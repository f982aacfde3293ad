/** Who may ask the API what: each role may also do what those before it may. */
export const roles = ["viewer", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Whether somebody of one role may do what another one is needed for. */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** What lets somebody ask, without its text, which nobody keeps. Times are epoch milliseconds. */
export interface Token {
  /** Part of the token's text; `file:<name>` for one of the file. */
  readonly id: string;
  /** No two live tokens of one source share it. */
  readonly name: string;
  readonly role: Role;
  readonly source: "database" | "file";
  /** Null where the file does not say. */
  readonly created_at: number | null;
  /** The first moment at which it is of no use; null: never. */
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  /** To the minute. Of a token of the file: since the service started. */
  readonly last_used_at: number | null;
}

/** With the SHA-256 of its text, in hexadecimal: of 256 random bits it tells nothing, salted or not. */
export interface StoredToken extends Token {
  readonly sha256: string;
}

export type TokenState = "live" | "expired" | "revoked";

/** `at` in epoch milliseconds. One that was revoked stays that, whether it has expired since or not. */
export function stateOfToken({ revoked_at, expires_at }: Token, at: number): TokenState {
  if (revoked_at !== null) return "revoked";
  return expires_at !== null && expires_at <= at ? "expired" : "live";
}

export const tokenNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** For messages: what `tokenNamePattern` takes. */
export const tokenNameForm = "1 to 63 letters, digits, dots, underscores and dashes, the first a letter or digit";

/** How long a token is good for where nobody says, in milliseconds. */
export const standardLifetime = 90 * 86_400_000;

/** The begin of a token's text and as much of its secret as follows, percent-encoded or not. */
const tokenInText = /kp(?:_|%5f)([a-z2-7]{12})(?:_|%5f)[\w%-]*/gi;

/** The same text with the secret part of every token in it left out, for whatever is shown or logged. */
export function withoutTokens(text: string): string {
  return text.replace(tokenInText, "kp_$1_[redacted]");
}
