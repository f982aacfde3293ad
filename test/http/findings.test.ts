import { describe, expect, it } from "vitest";
import { z } from "zod";
import { findingsSchema } from "../../src/http/schemas/finding.ts";
import { keyNamed, keySubject, minute, outcomeOf, refused, start } from "../store/support/material.ts";
import { type Api, nextCursor, startApi } from "./support/api.ts";
import { conclude, findingsIn, lacking, namesIn, register } from "./support/conclude.ts";

const iso = (at: number) => new Date(at).toISOString();

/** Key one fails from the tenth minute on and is out of sight from the twentieth; key two is fine throughout. */
async function apiWithHistory(): Promise<Api> {
  const api = await startApi();
  await register(api, "one");
  await register(api, "two");
  for (const name of ["one", "two"]) {
    await conclude(api, name, [outcomeOf("aws/key-enabled", "pass"), outcomeOf("aws/logged", "not-applicable")]);
  }
  api.now = start + 10 * minute;
  const failure = { severity: "critical", message: "it is disabled", evidence: { state: "Disabled" } } as const;
  await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail", failure), outcomeOf("aws/logged", "pass")]);
  api.now = start + 20 * minute;
  const lost = { severity: "critical", evidence: lacking("state", "kms:DescribeKey") } as const;
  const refusal = [refused("kms:DescribeKey", api.now)];
  await conclude(api, "one", [outcomeOf("aws/key-enabled", "unknown", lost), outcomeOf("aws/logged", "pass")], refusal);
  api.now = start + 30 * minute;
  return api;
}

async function idOf(api: Api, key: string, check: string): Promise<string> {
  const found = findingsIn(await api.get(`/findings?key=${key}&check=${check}&status=open,none,resolved`));
  return found[0]?.id ?? "none";
}

describe("GET /findings", () => {
  it("lists what is not plainly fine, and says of which moment it speaks", async () => {
    const api = await apiWithHistory();
    const reply = await api.get("/findings");
    expect(reply.body).toMatchObject({ as_of: iso(api.now), next_cursor: null });
    expect(namesIn(reply)).toEqual(["one aws/key-enabled"]);
  });

  it("tells of a finding whose latest outcome decides nothing what decided last", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "one", "aws/key-enabled");
    expect(findingsIn(await api.get("/findings"))).toEqual([
      {
        id,
        check: "aws/key-enabled",
        title: "aws/key-enabled holds",
        provider: "aws",
        key: "one",
        resource: { kind: "aws.kms-key", name: keySubject("one").resource },
        status: "open",
        outcome: "unknown",
        severity: "critical",
        message: "aws/key-enabled: unknown",
        evidence: lacking("state", "kms:DescribeKey"),
        caused_by: [],
        guidance: "2026-09",
        catalogue: "1",
        since: iso(start + 20 * minute),
        last_decided: {
          outcome: "fail",
          severity: "critical",
          message: "it is disabled",
          evidence: { state: "Disabled" },
          guidance: "2026-09",
          since: iso(start + 10 * minute),
          until: iso(start + 20 * minute),
        },
        opened_at: iso(start + 10 * minute),
        resolved_at: null,
        links: { self: `/findings/${id}`, history: `/findings/${id}/history`, check: "/checks/aws/key-enabled" },
      },
    ]);
  });

  it.each([
    ["status=none", ["one aws/logged", "two aws/key-enabled", "two aws/logged"]],
    ["status=none,open&key=one", ["one aws/key-enabled", "one aws/logged"]],
    ["check=aws/logged", ["one aws/logged", "two aws/logged"]],
    ["severity=critical", ["one aws/key-enabled"]],
    ["outcome=pass,not-applicable&key=two", ["two aws/key-enabled", "two aws/logged"]],
    ["provider=aws&outcome=unknown", ["one aws/key-enabled"]],
    ["guidance=2026-06", []],
    ["key=nobody", []],
    [`changed_since=${iso(start + 10 * minute)}`, ["one aws/key-enabled", "one aws/logged"]],
  ])("filters by %s", async (query, expected) => {
    const api = await apiWithHistory();
    expect(namesIn(await api.get(`/findings?${query}`)).toSorted()).toEqual(expected);
  });

  it.each([
    ["severity", ["one aws/key-enabled", "one aws/logged"]],
    ["check", ["one aws/key-enabled", "one aws/logged"]],
    ["-check", ["one aws/logged", "one aws/key-enabled"]],
    ["changed", ["one aws/logged", "one aws/key-enabled"]],
    ["-changed", ["one aws/key-enabled", "one aws/logged"]],
  ])("sorts by %s", async (sort, expected) => {
    const api = await apiWithHistory();
    expect(namesIn(await api.get(`/findings?key=one&sort=${sort}`))).toEqual(expected);
  });

  it.each([
    ["before the first observation", start - 1, []],
    ["while it was fine", start + 9 * minute, []],
    ["at the moment it began to fail", start + 10 * minute, ["fail"]],
    ["while it failed", start + 19 * minute, ["fail"]],
    ["when sight was lost", start + 20 * minute, ["unknown"]],
  ])("answers %s as it was concluded then", async (_, at, outcomes) => {
    const api = await apiWithHistory();
    const reply = await api.get(`/findings?as_of=${iso(at)}`);
    expect(reply.body["as_of"]).toBe(iso(at));
    expect(reply.body["findings"]).toMatchObject(outcomes.map((outcome) => ({ outcome })));
  });

  it("answers as the description of the interface says, whether it is worked out or remembered", async () => {
    const api = await apiWithHistory();
    for (const path of [
      "/findings",
      "/findings?status=none",
      "/findings?limit=1&status=none",
      `/findings?as_of=${iso(start)}`,
    ]) {
      const first = await api.get(path);
      expect(first.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(first.body).toEqual(z.strictObject(findingsSchema.shape).parse(first.body));
      api.now += minute;
      const again = await api.get(path);
      const as_of = path.includes("as_of") ? iso(start) : iso(api.now);
      const { next_cursor } = again.body;
      expect(again.body).toEqual({ ...first.body, as_of, next_cursor });
      expect(again.headers["etag"]).toBe(first.headers["etag"]);
    }
  });

  it("remembers no answer beyond a change", async () => {
    const api = await apiWithHistory();
    // As text, as bytes, and the same bytes once more.
    for (let time = 0; time < 3; time += 1) {
      expect(namesIn(await api.get("/findings"))).toEqual(["one aws/key-enabled"]);
    }
    await conclude(api, "two", [outcomeOf("aws/key-enabled", "fail")]);
    expect(namesIn(await api.get("/findings")).toSorted()).toEqual(["one aws/key-enabled", "two aws/key-enabled"]);
  });

  it.each([
    ["an offset", "2026-01-01T02:15:00%2B02:00"],
    // https://www.rfc-editor.org/rfc/rfc3339#section-5.6
    ["small letters", "2026-01-01t00:15:00z"],
    ["an offset and a small letter", "2026-01-01t02:15:00%2B02:00"],
  ])("reads a moment with %s", async (_, moment) => {
    const api = await apiWithHistory();
    const reply = await api.get(`/findings?as_of=${moment}`);
    expect(reply.body["as_of"]).toBe("2026-01-01T00:15:00.000Z");
    expect(namesIn(reply)).toEqual(["one aws/key-enabled"]);
  });
});

describe("pages of findings", () => {
  async function apiWithKeys(count: number): Promise<Api> {
    const api = await startApi();
    for (let index = 0; index < count; index += 1) {
      await register(api, `key-${index}`);
      await conclude(api, `key-${index}`, [outcomeOf("aws/key-enabled", "fail")]);
    }
    api.now = start + minute;
    return api;
  }

  it("hold each finding of the first page's moment once, whatever is concluded meanwhile", async () => {
    const api = await apiWithKeys(7);
    let reply = await api.get("/findings?limit=2&sort=-key");
    const pages = [namesIn(reply)];
    while (nextCursor(reply) !== null) {
      api.now += minute;
      // Some are mended, and others appear on pages that were read already.
      const index = pages.length;
      await conclude(api, `key-${index}`, [outcomeOf("aws/key-enabled", "pass")]);
      await register(api, `new-${index}`);
      await conclude(api, `new-${index}`, [outcomeOf("aws/key-enabled", "fail")]);
      reply = await api.get(`/findings?cursor=${nextCursor(reply)}`);
      expect(reply.body["as_of"]).toBe(iso(start + minute));
      pages.push(namesIn(reply));
    }
    expect(pages).toEqual([
      ["key-6 aws/key-enabled", "key-5 aws/key-enabled"],
      ["key-4 aws/key-enabled", "key-3 aws/key-enabled"],
      ["key-2 aws/key-enabled", "key-1 aws/key-enabled"],
      ["key-0 aws/key-enabled"],
    ]);
  });

  it("take the same parameters again, and another limit", async () => {
    const api = await apiWithKeys(4);
    const first = await api.get("/findings?limit=1&sort=key&status=open");
    const again = `&sort=key&status=open&as_of=${String(first.body["as_of"])}`;
    const next = await api.get(`/findings?limit=3&cursor=${nextCursor(first)}${again}`);
    expect(namesIn(next)).toHaveLength(3);
    expect(next.body["next_cursor"]).toBeNull();
  });

  it.each([
    "status=none",
    "sort=-key",
    "as_of=2026-01-01T00:00:00Z",
    "severity=high",
    "changed_since=2025-01-01T00:00:00Z",
  ])("refuse to be continued with %s", async (other) => {
    const api = await apiWithKeys(2);
    const first = await api.get("/findings?limit=1&sort=key&status=open");
    const reply = await api.get(`/findings?cursor=${nextCursor(first)}&${other}`);
    expect(reply.body).toMatchObject({ code: "cursor-invalid", errors: [{ parameter: other.split("=")[0] }] });
  });

  it("refuse a cursor with a changed letter, wherever it is", async () => {
    const api = await apiWithKeys(2);
    const cursor = nextCursor(await api.get("/findings?limit=1")) ?? "";
    for (let index = 0; index < cursor.length; index += 7) {
      const changed = `${cursor.slice(0, index)}${cursor[index] === "A" ? "B" : "A"}${cursor.slice(index + 1)}`;
      expect((await api.get(`/findings?cursor=${changed}`)).body["code"]).toBe("cursor-invalid");
    }
  });

  it.each(["x", "", "AAAAAAAAAAAA", "null", "e30"])("refuse %j as a cursor", async (cursor) => {
    const api = await startApi();
    expect((await api.get(`/findings?cursor=${cursor}`)).body["code"]).toBe("cursor-invalid");
  });
});

describe("the ETag of a list", () => {
  it.each(["/findings", "/keys"])("answers 304 at %s until something is concluded or registered", async (path) => {
    const api = await apiWithHistory();
    const first = await api.get(path);
    const etag = first.headers["etag"] ?? "";
    api.now += minute;
    const same = await api.get(path, { "if-none-match": `"other", ${etag}` });
    expect(same).toMatchObject({ status: 304, text: "", headers: { etag } });

    await conclude(api, "two", [outcomeOf("aws/key-enabled", "fail")]);
    const changed = await api.get(path, { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers["etag"]).not.toBe(etag);
  });

  it("stays while keys are read and nothing changes", async () => {
    const api = await apiWithHistory();
    const { headers } = await api.get("/findings");
    api.now += minute;
    await conclude(api, "two", [outcomeOf("aws/key-enabled", "pass"), outcomeOf("aws/logged", "not-applicable")]);
    expect((await api.get("/findings", { "if-none-match": headers["etag"] ?? "" })).status).toBe(304);
  });

  it("differs from query to query, and not with the order of its lists", async () => {
    const api = await apiWithHistory();
    const tag = async (query: string) => (await api.get(`/findings?${query}`)).headers["etag"];
    const tags = await Promise.all(["", "status=open", "status=open&limit=5", "as_of=2026-01-01T00:05:00Z"].map(tag));
    expect(new Set(tags).size).toBe(4);
    expect(await tag("severity=low,high")).toBe(await tag("severity=high,low,high"));
  });

  it("is left alone by a star and by other tags", async () => {
    const api = await startApi();
    expect((await api.get("/findings", { "if-none-match": "*" })).status).toBe(304);
    expect((await api.get("/findings", { "if-none-match": 'W/"x"' })).status).toBe(200);
  });
});

describe("GET /findings/{id}", () => {
  it("tells the latest outcome with the sight of the facts behind it", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "one", "aws/key-enabled");
    const at = async (moment: number) => (await api.get(`/findings/${id}?as_of=${iso(moment)}`)).body;
    expect(await at(start + minute)).toMatchObject({ outcome: "pass", status: "none", sight: "seen" });
    expect(await at(start + 5 * minute)).toMatchObject({ outcome: "pass", status: "none", sight: "not-observed" });
    expect(await at(start + 10 * minute)).toMatchObject({ outcome: "fail", status: "open", sight: "seen" });
    expect(await at(start + 20 * minute)).toMatchObject({
      as_of: iso(start + 20 * minute),
      outcome: "unknown",
      status: "open",
      sight: "access-denied",
      last_decided: { outcome: "fail" },
      links: { self: `/findings/${id}?as_of=${encodeURIComponent(iso(start + 20 * minute))}` },
    });
  });

  it("is not observed before the first observation", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "one", "aws/key-enabled");
    const { status, body } = await api.get(`/findings/${id}?as_of=${iso(start - 1)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      key: "one",
      outcome: null,
      severity: null,
      sight: "not-observed",
      status: "none",
    });
  });

  it("of a retired key is retired, and nobody looks any more", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "one", "aws/key-enabled");
    await api.store.write((tx) => tx.retireKey("one", api.now));
    api.now += minute;
    expect((await api.get(`/findings/${id}`)).body).toMatchObject({ status: "retired", sight: "not-observed" });
  });

  it("does not take the sight of another resource that has the name now", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "two", "aws/key-enabled");
    await api.store.write(async (tx) => {
      await tx.retireKey("two", api.now);
      await tx.registerKey(keyNamed("three", { name: "two" }), api.now);
    });
    expect((await api.get(`/findings/${id}`)).body).toMatchObject({ sight: "not-observed" });
    expect((await api.get(`/findings/${id}/history`)).body).toMatchObject({ sight: [], gaps: [] });
  });

  it.each([
    "/findings/fnd_nothing",
    "/findings/fnd_nothing/history",
    "/findings/%00",
    "/findings/fnd_x?as_of=2020-01-01T00:00:00Z",
  ])("answers 404 to %s", async (path) => {
    const api = await startApi();
    expect((await api.get(path)).body["code"]).toBe("finding-not-found");
  });
});

describe("GET /findings/{id}/history", () => {
  it("lists the outcomes, the sight and the times in which nobody looked", async () => {
    const api = await apiWithHistory();
    const id = await idOf(api, "one", "aws/key-enabled");
    const { body } = await api.get(`/findings/${id}/history`);
    const subject = keySubject("one").resource;
    const line = { call: "kms:DescribeKey", part: null, subject };
    expect(body).toMatchObject({
      id,
      intervals: [
        { outcome: "pass", status: "none", since: iso(start), until: iso(start + 10 * minute) },
        { outcome: "fail", status: "open", since: iso(start + 10 * minute), until: iso(start + 20 * minute) },
        { outcome: "unknown", status: "open", since: iso(start + 20 * minute), until: null },
      ],
      sight: [
        { ...line, state: "seen", from: iso(start), last: iso(start) },
        { ...line, state: "seen", from: iso(start + 10 * minute) },
        { ...line, state: "access-denied", from: iso(start + 20 * minute), last: iso(start + 20 * minute) },
      ],
      gaps: [
        { ...line, from: iso(start), until: iso(start + 10 * minute) },
        { ...line, from: iso(start + 10 * minute), until: iso(start + 20 * minute) },
        { ...line, from: iso(start + 20 * minute), until: null },
      ],
    });
  });

  it("has no gap while somebody looks", async () => {
    const api = await startApi();
    await register(api, "one");
    for (let read = 0; read < 5; read += 1) {
      await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
      api.now += minute;
    }
    const id = await idOf(api, "one", "aws/key-enabled");
    const { body } = await api.get(`/findings/${id}/history`);
    expect(body["sight"]).toHaveLength(1);
    expect(body["gaps"]).toEqual([]);
  });
});
