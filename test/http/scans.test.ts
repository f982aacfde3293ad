import { describe, expect, it } from "vitest";
import { minute, scope, start } from "../store/support/material.ts";
import { type Api, nextCursor, startApi } from "./support/api.ts";
import { register } from "./support/conclude.ts";

const iso = (at: number) => new Date(at).toISOString();

async function ranScan(api: Api, id: string, change: { readonly scope?: string } = {}): Promise<void> {
  const started_at = api.now;
  await api.store.write((tx) => tx.startScan({ id, provider: "aws", scope, lane: "full", started_at, ...change }));
  api.now += minute;
}

const idsIn = (body: Readonly<Record<string, unknown>>) =>
  (body["scans"] as readonly { readonly id: string }[]).map(({ id }) => id);

describe("POST /scans", () => {
  it.each([
    ["no body", undefined, { keys: null, lane: "full" }],
    ["an empty one", {}, { keys: null, lane: "full" }],
    ["a lane", { lane: "fast" }, { keys: null, lane: "fast" }],
    ["keys, one of them twice", { keys: ["one", "two", "one"] }, { keys: ["one", "two"], lane: "full" }],
  ])("takes %s", async (_, body, expected) => {
    const api = await startApi();
    await register(api, "one");
    await register(api, "two");
    const reply = await api.ask("POST", "/scans", { body });
    expect(reply.status).toBe(202);
    expect(api.requests).toEqual([expected]);
    expect(reply.headers["location"]).toBe("/scans/scan-1");
    expect(reply.body).toEqual({
      scans: [
        { id: "scan-1", scope, lane: expected.lane, keys: expected.keys ?? ["all"], links: { self: "/scans/scan-1" } },
      ],
    });
  });

  it.each([
    [{ keys: [] }, "invalid-body", "/keys", "at least one name"],
    [{ keys: ["one", 7] }, "invalid-body", "/keys/1", "expected the name of a key, got 7"],
    [{ lane: "evidence" }, "invalid-body", "/lane", "expected one of fast, full"],
    [{ key: "one" }, "invalid-body", "/key", "unknown field; did you mean keys?"],
    [{ keys: ["one", "nobody"] }, "key-not-found", "/keys/1", "nobody"],
  ])("refuses %j and scans nothing", async (body, code, pointer, detail) => {
    const api = await startApi();
    await register(api, "one");
    const reply = await api.ask("POST", "/scans", { body });
    expect(reply.body).toMatchObject({ code, errors: [{ pointer, detail: expect.stringContaining(detail) }] });
    expect(api.requests).toEqual([]);
  });
});

describe("GET /scans", () => {
  it("pages from the newest on, also while new ones begin", async () => {
    const api = await startApi();
    for (const id of ["a", "b", "c"]) await ranScan(api, id);
    const first = await api.get("/scans?limit=2");
    expect(idsIn(first.body)).toEqual(["c", "b"]);
    await ranScan(api, "d");
    const second = await api.get(`/scans?limit=2&cursor=${nextCursor(first)}`);
    expect(idsIn(second.body)).toEqual(["a"]);
    expect(second.body["next_cursor"]).toBeNull();
  });

  it("has no next page after exactly one", async () => {
    const api = await startApi();
    for (const id of ["a", "b"]) await ranScan(api, id);
    expect((await api.get("/scans?limit=2")).body["next_cursor"]).toBeNull();
  });

  it("filters by scope, and holds a cursor to its filters", async () => {
    const api = await startApi();
    for (const id of ["a", "b", "c"]) await ranScan(api, id, { scope: id === "b" ? "999/eu-west-1" : scope });
    const first = await api.get(`/scans?limit=1&provider=aws&scope=${encodeURIComponent(scope)}`);
    expect(idsIn(first.body)).toEqual(["c"]);
    const cursor = nextCursor(first);
    const other = await api.get(`/scans?cursor=${cursor}&scope=999/eu-west-1`);
    expect(other.body["code"]).toBe("cursor-invalid");
    expect((await api.get("/scans?cursor=x")).body["code"]).toBe("cursor-invalid");
  });

  it("refuses a cursor of findings", async () => {
    const api = await startApi();
    for (const id of ["a", "b"]) await ranScan(api, id);
    const cursor = nextCursor(await api.get("/scans?limit=1"));
    expect((await api.get(`/findings?cursor=${cursor}`)).body["code"]).toBe("cursor-invalid");
  });
});

describe("GET /scans/{id}", () => {
  it("tells how a scan went", async () => {
    const api = await startApi();
    await ranScan(api, "a");
    const call = { call: "kms:ListGrants", permission: "kms:ListGrants", reason: "access-denied" } as const;
    const refused = [{ ...call, detail: "no", subjects: 2 }];
    const result = { finished_at: api.now, keys: 3, failed_keys: 1, changes: 2, refused };
    await api.store.write((tx) => tx.finishScan("a", result));
    expect((await api.get("/scans/a")).body).toEqual({
      ...result,
      id: "a",
      provider: "aws",
      scope,
      lane: "full",
      state: "done",
      started_at: iso(start),
      finished_at: iso(start + minute),
      links: { self: "/scans/a" },
    });
  });

  it("is queued until it begins", async () => {
    const api = await startApi();
    await register(api, "one");
    await api.ask("POST", "/scans", { body: { keys: ["one"] } });
    expect((await api.get("/scans/scan-1")).body).toMatchObject({ state: "queued", keys: 1, started_at: null });
    await ranScan(api, "scan-1");
    expect((await api.get("/scans/scan-1")).body).toMatchObject({ state: "running", started_at: iso(start) });
    expect((await api.get("/scans/scan-2")).body["code"]).toBe("scan-not-found");
  });
});
