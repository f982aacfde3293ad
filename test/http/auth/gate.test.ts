import { describe, expect, it } from "vitest";
import { listen } from "../../../src/http/listen.ts";
import { minute } from "../../store/support/material.ts";
import { startApi } from "../support/api.ts";
import { bearer, startGuardedApi } from "../support/guarded-api.ts";

async function statuses(times: number, ask: () => Promise<{ readonly status: number }>): Promise<number[]> {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await ask()).status);
  return seen;
}

describe("too many requests", () => {
  const limits = { per_token: 3, per_address: 2 };

  it("of a token are refused, and no other token's", async () => {
    const api = await startGuardedApi({ limits });
    expect(await statuses(4, () => api.get("/keys", bearer(api.texts.admin)))).toEqual([200, 200, 200, 429]);
    const { headers, body } = await api.get("/keys", bearer(api.texts.admin));
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(body).toMatchObject({ code: "too-many-requests", detail: expect.stringContaining("the token admin") });
    expect((await api.get("/keys", bearer(api.texts.viewer))).status).toBe(200);
    expect((await api.get("/keys", bearer(api.texts["of-file"]))).status).toBe(200);
  });

  it("of an address without a good token are refused, and those with one are not", async () => {
    // The description was asked for already.
    const api = await startGuardedApi({ limits: { ...limits, per_address: 3 } });
    const asks = [{}, bearer("garbage"), bearer(api.texts.revoked), {}];
    const seen: number[] = [];
    for (const headers of asks) seen.push((await api.get("/keys", headers)).status);
    expect(seen).toEqual([401, 401, 429, 429]);
    expect((await api.get("/keys", bearer(api.texts.viewer))).status).toBe(200);
  });

  it("are counted whatever is asked for, and whether it is allowed or not", async () => {
    const api = await startGuardedApi({ limits });
    const headers = bearer(api.texts.viewer);
    expect((await api.get("/nothing", headers)).status).toBe(404);
    expect((await api.ask("POST", "/scans", { headers })).status).toBe(403);
    expect((await api.get("/findings?x=1", headers)).status).toBe(400);
    expect((await api.get("/keys", headers)).status).toBe(429);
    expect((await api.get("/nothing", headers)).status).toBe(429);
  });

  it("are counted by the address where anybody may ask, with a good token as well", async () => {
    const api = await startGuardedApi({ limits });
    expect((await api.get("/docs")).status).toBe(200);
    expect((await api.get("/openapi.json", bearer(api.texts.viewer))).status).toBe(429);
    expect((await api.get("/keys", bearer(api.texts.viewer))).status).toBe(200);
  });

  it("are never a probe's", async () => {
    const api = await startGuardedApi({ limits });
    for (const path of ["/healthz", "/readyz"]) {
      expect(new Set(await statuses(5, () => api.get(path)))).toEqual(new Set([200]));
    }
    expect((await api.get("/keys")).status).toBe(401);
  });

  it("are counted where no token is asked for, too", async () => {
    const api = await startApi({ limits });
    // Its description was asked for already.
    expect(await statuses(3, () => api.get("/keys"))).toEqual([200, 429, 429]);
  });
});

describe("by which name a service is addressed", () => {
  it("is no matter where a token is asked for", async () => {
    const api = await startGuardedApi();
    for (const host of ["keys.example", "10.0.0.1:8080", "evil.example"]) {
      expect((await api.get("/keys", { ...bearer(api.texts.viewer), host })).status).toBe(200);
      expect((await api.get("/keys", { host })).status).toBe(401);
    }
  });

  it.each([
    ["http://keys.example", 200],
    ["https://keys.example", 200],
    ["https://evil.example", 403],
    ["https://keys.example.evil.example", 403],
    ["null", 403],
  ])("leaves a page of %s with %i", async (origin, status) => {
    const api = await startGuardedApi();
    const headers = { ...bearer(api.texts.admin), host: "keys.example", origin };
    const reply = await api.get("/keys", headers);
    expect(reply.status).toBe(status);
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("the last use of a token", () => {
  const lastUse = async (api: Awaited<ReturnType<typeof startGuardedApi>>, name: string) =>
    (await api.ports.tokens?.list())?.find((token) => token.name === name)?.last_used_at;

  it("is written down at most once a minute", async () => {
    const api = await startGuardedApi();
    const first = api.now;
    for (const [after, told] of [
      [0, first],
      [minute - 1, first],
      [minute, first + minute],
      [minute + 1, first + minute],
    ] as const) {
      api.now = first + after;
      for (const name of ["operator", "of-file"] as const) {
        expect((await api.get("/keys", bearer(api.texts[name]))).status).toBe(200);
        await expect.poll(() => lastUse(api, name)).toBe(told);
      }
    }
    expect(await lastUse(api, "viewer")).toBeNull();
  });

  it("goes on after the clock was set back", async () => {
    const api = await startGuardedApi();
    await api.get("/keys", bearer(api.texts.viewer));
    api.now -= 60 * minute;
    await api.get("/keys", bearer(api.texts.viewer));
    await expect.poll(() => lastUse(api, "viewer")).toBe(api.now);
  });

  it("is not that of a token that is refused", async () => {
    const api = await startGuardedApi();
    for (const name of ["expired", "revoked", "expired-of-file"] as const) {
      await api.get("/keys", bearer(api.texts[name]));
      expect(await lastUse(api, name)).toBeNull();
    }
  });

  it("that cannot be written down is logged, once a minute, and the answer is the same", async () => {
    const api = await startGuardedApi();
    const { tokens } = api.ports;
    if (tokens === null) throw new Error("the API asks for no tokens");
    tokens.used = () => Promise.reject(new Error("the disk is full"));
    expect(await statuses(5, () => api.get("/keys", bearer(api.texts.viewer)))).toEqual([200, 200, 200, 200, 200]);
    await expect.poll(() => api.logged.length).toBe(1);
    expect(api.logged).toMatchObject([
      { fields: { token_id: api.stored.viewer.id, err: { message: "the disk is full" } } },
    ]);
  });
});

it("a token that is revoked is of no use from the next request on, and over the wire as well", async () => {
  const api = await startGuardedApi();
  const url = await listen(api.app, { host: "127.0.0.1", port: 0 });
  const ask = async () => (await fetch(`${url}/keys`, { headers: bearer(api.texts.viewer) })).status;
  expect(await ask()).toBe(200);
  await api.store.tokens.revoke(api.stored.viewer.id, api.now);
  expect(await ask()).toBe(401);
});
