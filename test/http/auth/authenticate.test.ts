import crypto from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { authenticate } from "../../../src/http/auth/authenticate.ts";
import { idOfTokenText, newTokenText, tokenDigest } from "../../../src/http/auth/token-text.ts";
import type { StoredToken } from "../../../src/model/token.ts";

const compared = vi.hoisted(() => ({ times: 0 }));
vi.mock("node:crypto", async (load) => {
  const real = await load<typeof crypto>();
  const timingSafeEqual: typeof crypto.timingSafeEqual = (a, b) => {
    compared.times += 1;
    return real.timingSafeEqual(a, b);
  };
  return { ...real, timingSafeEqual };
});

function tokenOf(change: Partial<StoredToken> = {}) {
  const { id, text, sha256 } = newTokenText();
  const unused = { created_at: 0, expires_at: null, revoked_at: null, last_used_at: null };
  const token: StoredToken = { id, name: id, role: "viewer", source: "database", sha256, ...unused, ...change };
  return { text, token };
}

const stored = tokenOf();
const ofFile = [tokenOf({ id: "file:a", source: "file" }), tokenOf({ id: "file:b", source: "file" })];
const tokens = {
  find: (id: string) => Promise.resolve(id === stored.token.id ? stored.token : undefined),
  ofFile: () => ofFile.map(({ token }) => token),
};
const ask = (text: string) => authenticate(tokens, `Bearer ${text}`, 1);

describe("the text of a token", () => {
  it("has an id to find it by and 256 random bits", () => {
    const texts = Array.from({ length: 200 }, () => newTokenText());
    for (const { id, text, sha256 } of texts) {
      expect(text).toMatch(/^kp_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
      expect(idOfTokenText(text)).toBe(id);
      expect(Buffer.from(text.slice(16), "base64url")).toHaveLength(32);
      expect(tokenDigest(text).toString("hex")).toBe(sha256);
      // The shell's `sha256sum` says the same of it.
      expect(sha256).toBe(crypto.createHash("sha256").update(text, "utf8").digest("hex"));
    }
    expect(new Set(texts.map(({ text }) => text)).size).toBe(200);
    expect(new Set(texts.map(({ id }) => id)).size).toBe(200);
  });
});

describe("a token", () => {
  it("is known by its text, from the database as from the file", async () => {
    for (const { text, token } of [stored, ...ofFile]) {
      expect(await ask(text)).toMatchObject({ state: "known", token: { id: token.id } });
    }
  });

  it("is known no more after any change of a single character", async () => {
    const originals = [stored, ...ofFile].map(({ text }) => text);
    const change = fc.record({
      original: fc.constantFrom(...originals),
      at: fc.nat({ max: stored.text.length }),
      how: fc.constantFrom("replaced", "removed", "added"),
      by: fc.oneof(
        fc.constantFrom("A", "B", "a", "b", "0", "1", "_", "-", "=", ".", " ", "~"),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ original, at, how, by }) => {
        const [before, after] = [original.slice(0, at), original.slice(at)];
        const changed = before + (how === "removed" ? "" : by) + (how === "added" ? after : after.slice(1));
        // Space around it is the header's.
        fc.pre(changed.trim() !== original && !/[\r\n]/.test(changed));
        expect((await ask(changed)).state).not.toBe("known");
      }),
      { numRuns: 500 },
    );
  });

  it("is not known by what is kept of it", async () => {
    expect((await ask(stored.token.sha256)).state).toBe("refused");
    expect((await ask(stored.token.id)).state).toBe("refused");
  });

  it("is of no use to the id of another", async () => {
    const [other] = ofFile;
    const mixed = `kp_${stored.token.id}_${other?.text.slice(16)}`;
    expect(await ask(mixed)).toEqual({ state: "refused", token: undefined });
  });
});

describe("comparing", () => {
  const texts = [
    stored.text,
    ...ofFile.map(({ text }) => text),
    newTokenText().text,
    `kp_${stored.token.id}_${"A".repeat(43)}`,
    "garbage",
    "",
  ];

  it.each(texts)("takes as many steps, each in constant time, for %s", async (text) => {
    compared.times = 0;
    await ask(text);
    expect(compared.times).toBe(1 + ofFile.length);
  });

  it("asks the database for what is no token, too", async () => {
    const asked: string[] = [];
    const find = (id: string) => {
      asked.push(id);
      return Promise.resolve(undefined);
    };
    for (const text of texts) await authenticate({ ...tokens, find }, `Bearer ${text}`, 1);
    expect(asked).toHaveLength(texts.length);
  });
});

it("a database that does not answer lets nobody in", async () => {
  const find = () => Promise.reject(new Error("the disk is gone"));
  await expect(authenticate({ ...tokens, find }, `Bearer ${stored.text}`, 1)).rejects.toThrow("the disk is gone");
});
