import { describe, expect, it, onTestFinished } from "vitest";
import type { StoredToken } from "../../src/model/token.ts";
import { openTokens } from "../../src/store/open-tokens.ts";
import { everything } from "./support/database-file.ts";
import { minute, start } from "./support/material.ts";
import { storeOfTest } from "./support/store-of-test.ts";

const sha256 = "0123456789abcdef".repeat(4);

function token(id: string, change: Partial<StoredToken> = {}): StoredToken {
  const unused = { created_at: start, expires_at: null, revoked_at: null, last_used_at: null };
  return { id, name: id, role: "viewer", source: "database", sha256, ...unused, ...change };
}

describe("a token", () => {
  it("comes back as it was created, and leaves everything else alone", async () => {
    const { store, path } = await storeOfTest();
    const before = everything(path);
    const all = [token("a", { role: "admin", expires_at: start + minute }), token("b"), token("c", { name: "0" })];
    for (const one of all) expect(await store.tokens.create(one, start)).toBe(true);

    for (const one of all) expect(await store.tokens.find(one.id)).toEqual(one);
    expect(await store.tokens.find("")).toBeUndefined();
    expect((await store.tokens.list()).map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(await store.read.changeSeq()).toBe(0);
    const { token: rows, ...rest } = everything(path);
    expect(rows).toHaveLength(3);
    expect({ ...rest, token: [] }).toEqual(before);
  });

  it("has a name that no live one has", async () => {
    const { store } = await storeOfTest();
    const { tokens } = store;
    await tokens.create(token("a", { name: "ci", expires_at: start + minute }), start);
    expect(await tokens.create(token("b", { name: "ci" }), start + minute - 1)).toBe(false);
    expect(await tokens.find("b")).toBeUndefined();
    expect(await tokens.create(token("c", { name: "ci" }), start + minute)).toBe(true);
    await tokens.revoke("c", start + minute);
    expect(await tokens.create(token("d", { name: "ci" }), start + minute)).toBe(true);
    expect(await tokens.create(token("e", { name: "CI" }), start + minute)).toBe(true);
  });

  it("is revoked once", async () => {
    const { tokens } = (await storeOfTest()).store;
    await tokens.create(token("a"), start);
    await tokens.create(token("b"), start);
    expect(await tokens.revoke("a", start + 1)).toBe(true);
    expect(await tokens.revoke("a", start + 2)).toBe(true);
    expect(await tokens.revoke("nothing", start)).toBe(false);
    expect(await tokens.list()).toEqual([token("a", { revoked_at: start + 1 }), token("b")]);
  });

  it("has a last use", async () => {
    const { tokens } = (await storeOfTest()).store;
    await tokens.create(token("a"), start);
    await tokens.used("a", start + minute);
    await tokens.used("nothing", start + minute);
    expect(await tokens.list()).toEqual([token("a", { last_used_at: start + minute })]);
  });
});

describe("the tokens alone, beside a service on the same database", () => {
  it("change for both at once", async () => {
    const { store, path } = await storeOfTest();
    const beside = await openTokens(path);
    onTestFinished(() => beside.close());
    await beside.tokens.create(token("a"), start);
    expect(await store.tokens.find("a")).toEqual(token("a"));
    await store.tokens.used("a", start + minute);
    expect(await beside.tokens.revoke("a", start + 1)).toBe(true);
    const now = token("a", { revoked_at: start + 1, last_used_at: start + minute });
    expect(await store.tokens.find("a")).toEqual(now);
    expect(await beside.tokens.find("a")).toEqual(now);
    expect(await beside.tokens.list()).toEqual([now]);
  });

  it("say what is wrong with the database", async () => {
    await expect(openTokens("/nothing/keyposture.db")).rejects.toMatchObject({ code: "database-unopenable" });
  });
});
