/** An API that asks for tokens, with one token of each kind. */
import { onTestFinished } from "vitest";
import { createTokenPort } from "../../../src/cli/token-port.ts";
import type { OpenTokensFile } from "../../../src/cli/tokens-file.ts";
import { newTokenText } from "../../../src/http/auth/token-text.ts";
import type { ApiPorts, HttpLog } from "../../../src/http/ports.ts";
import type { StoredToken } from "../../../src/model/token.ts";
import { minute, start } from "../../store/support/material.ts";
import { type Api, openApi } from "./api.ts";

export const kindsOfTokens = [
  "viewer",
  "operator",
  "admin",
  "expired",
  "revoked",
  "of-file",
  "expired-of-file",
] as const;
export type KindOfToken = (typeof kindsOfTokens)[number];

export interface GuardedApi extends Api {
  /** The text of each token; its name is the kind. */
  readonly texts: Readonly<Record<KindOfToken, string>>;
  readonly stored: Readonly<Record<KindOfToken, StoredToken>>;
  /** What was logged at debug. */
  readonly refusals: { readonly fields: object; readonly message: string }[];
}

export function bearer(text: string): { readonly authorization: string } {
  return { authorization: `Bearer ${text}` };
}

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function startGuardedApi(replaced: Partial<ApiPorts> = {}): Promise<GuardedApi> {
  const api = await openGuardedApi(replaced);
  onTestFinished(() => api.close());
  return api;
}

export async function openGuardedApi(replaced: Partial<ApiPorts> = {}): Promise<GuardedApi> {
  const made = Object.fromEntries(kindsOfTokens.map((kind) => [kind, tokenOf(kind)])) as Record<
    KindOfToken,
    ReturnType<typeof tokenOf>
  >;
  const texts = mapOf(({ text }) => text);
  const stored = mapOf(({ token }) => token);
  const refusals: GuardedApi["refusals"] = [];
  const uses = new Map<string, number>();
  const file: OpenTokensFile = {
    tokens: () =>
      [stored["of-file"], stored["expired-of-file"]].map((token) => ({
        ...token,
        last_used_at: uses.get(token.id) ?? null,
      })),
    used: (id, at) => void uses.set(id, at),
    look: () => Promise.resolve(),
    watch() {},
    close() {},
  };
  const logged: Api["logged"] = [];
  const log: HttpLog = {
    debug: (fields, message) => message === "refused" && refusals.push({ fields, message }),
    error: (fields, message) => logged.push({ fields, message }),
  };
  const api = await openApi(
    { log, ...replaced },
    {},
    {
      headers: bearer(texts.admin),
      async portsOn(store) {
        for (const token of Object.values(stored)) {
          if (token.source === "database") await store.tokens.create(token, start - 2 * minute);
        }
        await store.tokens.revoke(stored.revoked.id, start - minute);
        return { tokens: createTokenPort(store.tokens, file, silent) };
      },
    },
  );
  return Object.assign(api, { texts, stored, refusals, logged });

  function mapOf<T>(take: (one: ReturnType<typeof tokenOf>) => T): Record<KindOfToken, T> {
    return Object.fromEntries(Object.entries(made).map(([kind, one]) => [kind, take(one)])) as Record<KindOfToken, T>;
  }
}

function tokenOf(name: KindOfToken): { readonly text: string; readonly token: StoredToken } {
  const { id, text, sha256 } = newTokenText();
  const isOfFile = name === "of-file" || name === "expired-of-file";
  const token: StoredToken = {
    id: isOfFile ? `file:${name}` : id,
    name,
    role:
      name === "operator"
        ? "operator"
        : name === "admin" || name === "revoked" || name === "expired"
          ? "admin"
          : "viewer",
    source: isOfFile ? "file" : "database",
    sha256,
    created_at: isOfFile ? null : start - 2 * minute,
    // It is useless from that very moment on.
    expires_at: name === "expired" || name === "expired-of-file" ? start : null,
    revoked_at: null,
    last_used_at: null,
  };
  return { text, token };
}
