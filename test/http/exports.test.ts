/** Findings as files: which form is answered, what is in it, and that no part of one looks like the whole. */
import { hash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { exportFormatNames, exportFormats } from "../../src/export/formats.ts";
import { listen } from "../../src/http/listen.ts";
import type { FindingPage, FindingQuery } from "../../src/model/finding-query.ts";
import { contentOf } from "../../src/store/content.ts";
import { parseCsv } from "../export/parse-csv.ts";
import { arn, minute, outcomeOf, registration, start } from "../store/support/material.ts";
import { type Api, type Reply, startApi } from "./support/api.ts";
import { conclude, findingsIn, register } from "./support/conclude.ts";

const iso = (at: number) => new Date(at).toISOString();
const mediaTypes = exportFormatNames.map((name) => [name, exportFormats[name].mediaType] as const);

/** As many keys, each with a failure and a pass; the clock is a minute on. */
async function apiWithKeys(count: number): Promise<Api> {
  const api = await startApi();
  for (let index = 0; index < count; index += 1) {
    const name = `key-${String(index).padStart(4, "0")}`;
    await register(api, name, { registration: { ...registration, labels: { team: `team-${index}` } } });
    await conclude(api, name, [outcomeOf("aws/key-enabled", "fail"), outcomeOf("aws/logged", "pass")]);
  }
  api.now = start + minute;
  return api;
}

/** The ids of an export's findings, in its order. */
function idsIn(format: (typeof exportFormatNames)[number], { text }: Pick<Reply, "text">): string[] {
  switch (format) {
    case "csv":
      return parseCsv(text)
        .slice(1)
        .map(([id = ""]) => id);
    case "ndjson":
      return text
        .split("\n")
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { readonly id: string }).id);
    case "sarif": {
      const { runs } = JSON.parse(text) as {
        readonly runs: readonly { results: readonly { partialFingerprints: Record<string, string> }[] }[];
      };
      return runs.flatMap(({ results }) => results.map((one) => one.partialFingerprints["findingId/v1"] ?? ""));
    }
    case "ocsf":
      return (JSON.parse(text) as readonly { finding_info: { uid: string } }[]).map((one) => one.finding_info.uid);
  }
}

async function idsOf(api: Api, query = ""): Promise<string[]> {
  return findingsIn(await api.get(`/findings?limit=1000${query}`)).map(({ id }) => id);
}

describe("the form of a list of findings", () => {
  it.each(mediaTypes)("is %s where the parameter or the header says so", async (format, mediaType) => {
    const api = await apiWithKeys(1);
    const asked = await api.get(`/findings?format=${format}`, { accept: "application/json" });
    const accepted = await api.get("/findings", { accept: `${mediaType}, application/json;q=0.5` });
    for (const { status, headers, text } of [asked, accepted]) {
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe(`${mediaType}; charset=utf-8`);
      expect(headers["vary"]).toBe("accept");
      const name = `keyposture-findings-20260101T000100Z.${exportFormats[format].extension}`;
      expect(headers["content-disposition"]).toBe(`attachment; filename="${name}"`);
      expect(text).toBe(asked.text);
    }
    expect(idsIn(format, asked)).toEqual(await idsOf(api));
  });

  it("is JSON where nobody says anything, or takes anything", async () => {
    const api = await apiWithKeys(1);
    for (const headers of [{}, { accept: "*/*" }, { accept: "text/html, */*;q=0.8" }]) {
      const reply = await api.get("/findings", headers);
      expect(reply.headers).toMatchObject({ "content-type": "application/json; charset=utf-8", vary: "accept" });
      expect(reply.headers).not.toHaveProperty("content-disposition");
    }
    const json = await api.get("/findings?format=json", { accept: "text/csv" });
    expect(findingsIn(json)).toHaveLength(1);
  });

  it("is a problem where the header takes none, and the parameter does not say", async () => {
    const api = await apiWithKeys(1);
    const reply = await api.get("/findings", { accept: "application/xml, text/html" });
    expect(reply).toMatchObject({ status: 406, headers: { vary: "accept" }, body: { code: "not-acceptable" } });
    expect(reply.body["detail"]).toContain("application/sarif+json");
    expect((await api.get("/findings?format=xml")).body).toMatchObject({ code: "invalid-parameter" });
  });

  it("has a tag of its own, by which it is not sent again", async () => {
    const api = await apiWithKeys(1);
    const replies = await Promise.all([
      api.get("/findings"),
      ...mediaTypes.map(([, accept]) => api.get("/findings", { accept })),
    ]);
    const tags = replies.map(({ headers }) => headers["etag"] ?? "");
    expect(new Set(tags).size).toBe(tags.length);
    const [, csv = ""] = tags;
    const again = { accept: "text/csv", "if-none-match": csv };
    expect(await api.get("/findings", again)).toMatchObject({ status: 304, text: "", headers: { vary: "accept" } });
    expect((await api.get("/findings", { "if-none-match": csv })).status).toBe(200);
    await conclude(api, "key-0000", [outcomeOf("aws/key-enabled", "pass")]);
    expect((await api.get("/findings", again)).status).toBe(200);
  });

  it("has the same head for HEAD, and no body", async () => {
    const api = await apiWithKeys(1);
    const got = await api.get("/findings?format=csv");
    const head = await api.ask("HEAD", "/findings?format=csv");
    expect(head.text).toBe("");
    for (const name of ["content-type", "content-disposition", "etag", "vary"]) {
      expect(head.headers[name]).toBe(got.headers[name]);
    }
  });

  it("may be refused before it begins, and is a problem document then", async () => {
    const api = await apiWithKeys(1);
    const refusals = [
      [`as_of=${iso(start + 2 * minute)}`, "as-of-in-future"],
      ["cursor=x", "cursor-invalid"],
      ["limit=1001", "invalid-parameter"],
      ["sevrity=high", "unknown-parameter"],
    ];
    for (const [query, code] of refusals) {
      const reply = await api.get(`/findings?format=csv&${query}`);
      expect(reply).toMatchObject({ status: 400, body: { code } });
      expect(reply.headers).not.toHaveProperty("content-disposition");
    }
  });
});

describe("an export", () => {
  it.each(exportFormatNames)("holds as %s all that match, in the order asked for", async (format) => {
    // Two findings each: more than are read at once.
    const api = await apiWithKeys(260);
    const all = await idsOf(api, "&outcome=fail,pass&sort=-key");
    expect(all).toHaveLength(520);
    const reply = await api.get(`/findings?format=${format}&outcome=fail,pass&sort=-key`);
    expect(idsIn(format, reply)).toEqual(all);
    expect(reply.headers).not.toHaveProperty("link");
    expect(idsIn(format, await api.get(`/findings?format=${format}&key=nobody`))).toEqual([]);
  });

  it("is of one moment, whatever is concluded while it is read", async () => {
    const api = await apiWithKeys(300);
    const { store } = api.ports;
    const moments: (number | undefined)[] = [];
    const whileRead = async (query: FindingQuery): Promise<FindingPage> => {
      moments.push(query.as_of);
      const page = await store.findings(query);
      api.now += minute;
      await conclude(api, `key-0${290 + moments.length}`, [outcomeOf("aws/key-enabled", "pass")]);
      return page;
    };
    const watched = await startApi({ store: { ...store, findings: whileRead }, now: () => api.now });
    const expected = await idsOf(api, "&outcome=fail,pass&sort=key");

    const reply = await watched.get("/findings?format=ndjson&outcome=fail,pass&sort=key");

    expect(idsIn("ndjson", reply)).toEqual(expected);
    expect(moments).toEqual([start + minute, start + minute]);
    expect(reply.text).not.toContain('"resolved"');
  });

  it("answers as it was concluded by a moment, like the list", async () => {
    const api = await apiWithKeys(2);
    await conclude(api, "key-0000", [outcomeOf("aws/key-enabled", "pass")]);
    api.now += minute;
    const past = iso(start);
    for (const [query, names] of [
      ["status=open", 1],
      [`status=open&as_of=${past}`, 2],
      [`as_of=${iso(start - 1)}`, 0],
    ] as const) {
      const list = await api.get(`/findings?${query}`);
      const lines = (await api.get(`/findings?${query}&format=ndjson`)).text.split("\n").slice(0, -1);
      expect(lines).toHaveLength(names);
      expect(lines).toEqual(findingsIn(list).map((finding) => JSON.stringify(finding)));
    }
    const [, row = []] = parseCsv((await api.get(`/findings?format=csv&as_of=${past}`)).text);
    expect(row.at(-1)).toBe(past);
  });

  it("tells the labels of keys, and the digest of evidence as it is kept", async () => {
    const api = await apiWithKeys(1);
    const [names = [], row = []] = parseCsv((await api.get("/findings?format=csv")).text);
    const cells = Object.fromEntries(names.map((name, column) => [name, row[column]]));
    expect(cells).toMatchObject({
      key: "key-0000",
      account: "111122223333",
      location: "us-east-2",
      labels: "team=team-0",
      resource: arn("key-0000"),
      evidence_sha256: hash("sha256", contentOf({ outcome: "fail" }).value, "hex"),
    });
  });

  it("tells of keys that are gone what their resource's name tells", async () => {
    const api = await apiWithKeys(1);
    await api.store.write((tx) => tx.retireKey("key-0000", api.now));
    await register(api, "key-0000", { resource: arn("00000000-0000-4000-8000-000000000001"), account: "444455556666" });
    const [event] = JSON.parse((await api.get("/findings?format=ocsf&status=retired&outcome=fail")).text) as object[];
    expect(event).toMatchObject({ status: "Archived", resources: [{ uid: arn("key-0000"), tags: [] }] });
    expect(event).not.toHaveProperty("cloud.account");
  });
});

describe("pages of an export", () => {
  it.each(exportFormatNames)("lead as %s from one to the next, all of the first one's moment", async (format) => {
    const api = await apiWithKeys(5);
    const expected = await idsOf(api, "&sort=key");
    let reply = await api.get(`/findings?format=${format}&limit=2&sort=key`);
    const pages = [idsIn(format, reply)];
    for (;;) {
      const [, next] = /^<(\/findings\?[^>]+)>; rel="next"$/.exec(reply.headers["link"] ?? "") ?? [];
      if (next === undefined) break;
      api.now += minute;
      await conclude(api, `key-000${pages.length + 1}`, [outcomeOf("aws/key-enabled", "pass")]);
      reply = await api.get(next);
      expect(reply.headers["content-type"]).toContain(exportFormats[format].mediaType);
      pages.push(idsIn(format, reply));
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(expected);
  });
});

describe("an export over a connection", () => {
  /** Pages without end; counts them. */
  async function endless(failAt = Number.POSITIVE_INFINITY) {
    const source = await apiWithKeys(2);
    let read = 0;
    const findings = async ({ after: _after, ...query }: FindingQuery): Promise<FindingPage> => {
      read += 1;
      if (read > failAt) throw new Error("the disk is gone");
      const { findings: some } = await source.store.read.findings(query);
      const many = Array.from({ length: 500 }, (_, index) => some[index % some.length] ?? []).flat();
      return { findings: many, next: { value: "key-0000", id: "fnd_next" }, changed_at: 0 };
    };
    const store = { ...source.store.read, findings, key: () => Promise.resolve(undefined) };
    const api = await startApi({ store, now: () => source.now });
    return { api, pagesRead: () => read, url: await listen(api.app, { host: "127.0.0.1", port: 0 }) };
  }

  async function ask(url: string) {
    const asked = request(url);
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return { asked, response };
  }

  it.each(exportFormatNames)(
    "breaks off as %s where it fails in the middle, and the fault is logged",
    async (format) => {
      const { api, url } = await endless(3);
      const { response } = await ask(`${url}/findings?format=${format}`);
      expect(response.statusCode).toBe(200);
      await expect(response.toArray()).rejects.toThrow("aborted");
      expect(response.complete).toBe(false);
      expect(api.logged).toMatchObject([{ fields: { err: { message: "the disk is gone" }, route: "/findings" } }]);
    },
  );

  it("is a problem where it fails before the first piece", async () => {
    const { url } = await endless(0);
    const { response } = await ask(`${url}/findings?format=csv`);
    expect(response.statusCode).toBe(500);
    expect(response.headers["content-type"]).toContain("application/problem+json");
    response.resume();
  });

  it("is read no further than it is taken, and ends with whoever takes it", async () => {
    const { api, url, pagesRead } = await endless();
    const { asked, response } = await ask(`${url}/findings?format=ndjson`);
    response.pause();
    let before = -1;
    // Until the buffers of both sockets are full.
    while (pagesRead() !== before) {
      before = pagesRead();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    asked.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pagesRead()).toBeLessThanOrEqual(before + 1);
    // Nobody waits for it: the server closes at once.
    await api.app.close();
    expect(api.logged).toEqual([]);
  });
});
