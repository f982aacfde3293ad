import { describe, expect, it } from "vitest";
import { minute, start } from "../store/support/material.ts";
import { bearer, type GuardedApi, startGuardedApi } from "./support/guarded-api.ts";

const day = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();

function createToken(api: GuardedApi, body: object) {
  return api.ask("POST", "/tokens", { headers: bearer(api.texts.admin), body });
}

describe("POST /tokens", () => {
  it("answers with a token that is good at once, and with its text this once", async () => {
    const api = await startGuardedApi();
    const { status, body, headers } = await createToken(api, { name: "ci", role: "operator" });

    const told = {
      id: expect.stringMatching(/^[a-z2-7]{12}$/),
      name: "ci",
      role: "operator",
      source: "database",
      state: "live",
      created_at: iso(start),
      expires_at: iso(start + 90 * day),
      revoked_at: null,
      last_used_at: null,
    };
    expect(status).toBe(201);
    expect(headers["cache-control"]).toBe("no-store");
    expect(body).toEqual({ token: expect.stringMatching(/^kp_[a-z2-7]{12}_[\w-]{43}$/), ...told });
    const { status: scanned } = await api.ask("POST", "/scans", { headers: bearer(String(body["token"])) });
    expect(scanned).toBe(202);
    const listed = await api.get("/tokens", bearer(api.texts.admin));
    expect(listed.body["tokens"]).toContainEqual({
      ...told,
      // Nobody waited for it.
      last_used_at: expect.toBeOneOf([null, iso(start)]),
    });
    expect(listed.text).not.toContain("kp_");
    expect(listed.text).not.toContain(api.stored.admin.sha256);
  });

  it.each([
    ["never", null, null],
    ["at a moment", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00.000Z"],
    ["at a moment with an offset", "2026-06-01T02:00:00+02:00", "2026-06-01T00:00:00.000Z"],
  ])("makes one that expires %s", async (_, expires_at, told) => {
    const api = await startGuardedApi();
    const { body } = await createToken(api, { name: "ci", role: "viewer", expires_at });
    expect(body["expires_at"]).toBe(told);
  });

  it.each([
    [{ name: "ci" }, "/role", "missing; expected one of viewer, operator, admin"],
    [{ role: "viewer" }, "/name", "missing; expected 1 to 63"],
    [{ name: "a b", role: "viewer" }, "/name", "expected 1 to 63 letters"],
    [{ name: "ci", role: "admn" }, "/role", "did you mean admin?"],
    [{ name: "ci", role: "viewer", expires_at: iso(start) }, "/expires_at", `after ${iso(start)}`],
    [{ name: "ci", role: "viewer", expires_at: "90d" }, "/expires_at", "RFC 3339"],
    [{ name: "ci", role: "viewer", secret: "x" }, "/secret", "unknown field"],
  ])("refuses %o", async (body, pointer, detail) => {
    const api = await startGuardedApi();
    const reply = await createToken(api, body);
    expect(reply).toMatchObject({
      status: 400,
      body: { code: "invalid-body", errors: [{ pointer, detail: expect.stringContaining(detail) }] },
    });
    expect(await api.store.tokens.list()).toHaveLength(5);
  });

  it("takes a name again once who had it is of no more use", async () => {
    const api = await startGuardedApi();
    const taken = await createToken(api, { name: "viewer", role: "viewer" });
    expect(taken).toMatchObject({ status: 409, body: { code: "token-exists" } });
    for (const name of ["expired", "revoked"]) {
      expect((await createToken(api, { name, role: "viewer" })).status).toBe(201);
    }
  });
});

describe("GET /tokens", () => {
  it("lists all by name, whatever has become of them", async () => {
    const api = await startGuardedApi();
    const { body } = await api.get("/tokens", bearer(api.texts.admin));
    const tokens = body["tokens"] as readonly Record<string, unknown>[];
    expect(tokens.map(({ name, role, source, state }) => [name, role, source, state])).toEqual([
      ["admin", "admin", "database", "live"],
      ["expired", "admin", "database", "expired"],
      ["expired-of-file", "viewer", "file", "expired"],
      ["of-file", "viewer", "file", "live"],
      ["operator", "operator", "database", "live"],
      ["revoked", "admin", "database", "revoked"],
      ["viewer", "viewer", "database", "live"],
    ]);
  });
});

describe("DELETE /tokens/{id}", () => {
  const revoke = (api: GuardedApi, id: string) =>
    api.ask("DELETE", `/tokens/${id}`, { headers: bearer(api.texts.admin) });

  it("makes a token useless, and can be said twice", async () => {
    const api = await startGuardedApi();
    const { id } = api.stored.viewer;
    expect((await revoke(api, id)).status).toBe(204);
    expect((await api.get("/keys", bearer(api.texts.viewer))).status).toBe(401);
    api.now += minute;
    expect((await revoke(api, id)).status).toBe(204);
    expect(await api.store.tokens.find(id)).toMatchObject({ revoked_at: start });
  });

  it("can be an admin's last word", async () => {
    const api = await startGuardedApi();
    expect((await revoke(api, api.stored.admin.id)).status).toBe(204);
    expect((await revoke(api, api.stored.viewer.id)).status).toBe(401);
  });

  it("does not find what is not there, and leaves the file's alone", async () => {
    const api = await startGuardedApi();
    expect(await revoke(api, "nothing")).toMatchObject({ status: 404, body: { code: "token-not-found" } });
    expect(await revoke(api, "viewer")).toMatchObject({ status: 404, body: { code: "token-not-found" } });
    expect(await revoke(api, "file:of-file")).toMatchObject({ status: 409, body: { code: "token-from-file" } });
    expect((await api.get("/keys", bearer(api.texts["of-file"]))).status).toBe(200);
  });
});
