import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { listen } from "../../src/http/listen.ts";
import { requestGuard } from "../../src/http/request-guard.ts";
import { start } from "../store/support/material.ts";
import { openApi, type Question, startApi } from "./support/api.ts";

const severities = "critical, high, medium, low";

/** Nothing below changes it. */
const shared = await openApi();
afterAll(() => shared.close());

describe("a bad parameter is refused by its name, with what was expected", () => {
  it.each([
    ["/findings?severety=high", "unknown-parameter", "severety", "did you mean severity?"],
    ["/findings?asof=2026-01-01T00:00:00Z", "unknown-parameter", "asof", "did you mean as_of?"],
    ["/findings?colour=red", "unknown-parameter", "colour", "unknown"],
    ["/findings?__proto__=1", "unknown-parameter", "__proto__", "unknown"],
    ["/findings?constructor=1", "unknown-parameter", "constructor", "unknown"],
    [
      "/findings?severity=hihg",
      "invalid-parameter",
      "severity",
      `expected one of ${severities}, got "hihg"; did you mean high?`,
    ],
    ["/findings?severity=low,", "invalid-parameter", "severity", `expected one of ${severities}, got ""`],
    ["/findings?severity=", "invalid-parameter", "severity", `expected one of ${severities}, got ""`],
    ["/findings?severity=low&severity=high", "invalid-parameter", "severity", "more than once"],
    ["/findings?limit=1&limit=2", "invalid-parameter", "limit", "more than once"],
    [
      "/findings?outcome=failed",
      "invalid-parameter",
      "outcome",
      "expected one of pass, fail, unknown, not-applicable, error",
    ],
    [
      "/findings?status=closed",
      "invalid-parameter",
      "status",
      "expected one of open, accepted, resolved, retired, none",
    ],
    ["/findings?provider=oracle", "invalid-parameter", "provider", "expected one of aws"],
    ["/findings?guidance=2020-01", "invalid-parameter", "guidance", "expected one of 2026-06"],
    ["/findings?key=a%20b", "invalid-parameter", "key", "expected 1 to 63 letters"],
    ["/findings?check=key-enabled", "invalid-parameter", "check", "an id of a check"],
    ["/findings?sort=worst", "invalid-parameter", "sort", "expected one of severity, -severity, changed"],
    ["/findings?sort=severity,key", "invalid-parameter", "sort", "expected one of severity"],
    ["/findings?limit=0", "invalid-parameter", "limit", "expected a whole number from 1 to 1000, got 0"],
    ["/findings?limit=1001", "invalid-parameter", "limit", "expected a whole number from 1 to 1000, got 1001"],
    ["/findings?limit=-1", "invalid-parameter", "limit", 'from 1 to 1000, got "-1"'],
    ["/findings?limit=1e2", "invalid-parameter", "limit", 'from 1 to 1000, got "1e2"'],
    ["/findings?limit=", "invalid-parameter", "limit", "from 1 to 1000"],
    [
      "/findings?as_of=yesterday",
      "invalid-parameter",
      "as_of",
      'expected an RFC 3339 time such as 2026-11-22T12:00:00Z, got "yesterday"',
    ],
    ["/findings?as_of=2026-02-30T00:00:00Z", "invalid-parameter", "as_of", "expected an RFC 3339 time"],
    ["/findings?as_of=2026-01-01", "invalid-parameter", "as_of", "expected an RFC 3339 time"],
    ["/findings?as_of=0000-01-01T00:00:00%2B14:00", "invalid-parameter", "as_of", "expected an RFC 3339 time"],
    ["/keys?as_of=9999-12-31T23:59:59-14:00", "invalid-parameter", "as_of", 'got "9999-12-31T23:59:59-14:00"'],
    ["/findings?changed_since=9999-12-31T23:59:59-14:00", "invalid-parameter", "changed_since", "RFC 3339 time"],
    ["/findings?as_of=1767225600000", "invalid-parameter", "as_of", "expected an RFC 3339 time"],
    ["/findings?as_of=2026-01-01T00:00:00", "invalid-parameter", "as_of", "expected an RFC 3339 time"],
    ["/findings?as_of=2026-01-01T00:00:00+02:00", "invalid-parameter", "as_of", "write the + of an offset as %2B"],
    ["/findings?changed_since=now", "invalid-parameter", "changed_since", "expected an RFC 3339 time"],
    [
      "/findings?as_of=2026-01-01T00:00:00.001Z",
      "as-of-in-future",
      "as_of",
      "expected a moment up to 2026-01-01T00:00:00.000Z",
    ],
    ["/findings/fnd_x?as_of=2027-01-01T00:00:00Z", "as-of-in-future", "as_of", "expected a moment up to"],
    ["/keys?as_of=2027-01-01T00:00:00Z", "as-of-in-future", "as_of", "expected a moment up to"],
    ["/keys/a/snapshot?as_of=2027-01-01T00:00:00Z", "as-of-in-future", "as_of", "expected a moment up to"],
    ["/keys?include_retired=yes", "invalid-parameter", "include_retired", "expected true or false"],
    ["/scans?limit=1001", "invalid-parameter", "limit", "from 1 to 1000"],
    ["/scans?provider=oracle", "invalid-parameter", "provider", "expected one of aws"],
    ["/findings/fnd_x/history?as_of=2026-01-01T00:00:00Z", "unknown-parameter", "as_of", "unknown"],
    ["/summary?as_of=2026-01-01T00:00:00Z", "unknown-parameter", "as_of", "unknown"],
    ["/keys/a?x=1", "unknown-parameter", "x", "unknown"],
    ["/checks?x=1", "unknown-parameter", "x", "unknown"],
    ["/checks/aws/a?x=1", "unknown-parameter", "x", "unknown"],
    ["/scans/a?x=1", "unknown-parameter", "x", "unknown"],
    ["/healthz?x=1", "unknown-parameter", "x", "unknown"],
    ["/readyz?x=1", "unknown-parameter", "x", "unknown"],
    ["/metrics?x=1", "unknown-parameter", "x", "unknown"],
    ["/openapi.json?x=1", "unknown-parameter", "x", "unknown"],
  ])("%s", async (url, code, parameter, detail) => {
    expect(shared.now).toBe(start);
    const { status, body } = await shared.get(url);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, errors: [{ parameter, detail: expect.stringContaining(detail) }] });
  });

  it("all at once", async () => {
    const { body } = await shared.get("/findings?severity=x&outcome=pass,y,z&limit=0");
    const named = (body["errors"] as readonly { readonly parameter: string }[]).map(({ parameter }) => parameter);
    expect(named).toEqual(["severity", "outcome", "outcome", "limit"]);
  });
});

describe("what is no request of the API", () => {
  const json = { "content-type": "application/json" };
  const rows: [string, string, Question, number, string][] = [
    ["GET", "/nothing", {}, 404, "not-found"],
    ["GET", "/keys//snapshot", {}, 404, "not-found"],
    ["GET", "/checks//key-enabled", {}, 404, "not-found"],
    ["GET", "/summary/", {}, 404, "not-found"],
    ["GET", "//summary", {}, 404, "not-found"],
    ["GET", "/FINDINGS", {}, 404, "not-found"],
    ["GET", `/keys/${"x".repeat(2000)}`, {}, 404, "not-found"],
    ["GET", "/docs/static/nothing.js", {}, 404, "not-found"],
    ["GET", "/docs/nothing", {}, 404, "not-found"],
    ["GET", "/docs/static/../../package.json", {}, 404, "not-found"],
    ["GET", "/docs/static/%00", {}, 404, "not-found"],
    ["GET", "/docs/static/swagger-ui.css", { headers: { range: "bytes=99999999-" } }, 400, "malformed-request"],
    ["GET", "/docs/static/swagger-ui.css", { headers: { "if-match": '"x"' } }, 400, "malformed-request"],
    ["GET", "/keys/%zz", {}, 400, "malformed-request"],
    ["POST", "/keys", { headers: json, body: "{" }, 400, "invalid-body"],
    ["POST", "/keys", { headers: json, body: "" }, 400, "invalid-body"],
    ["POST", "/keys", { headers: json, body: '{"__proto__": {"a": 1}}' }, 400, "invalid-body"],
    ["POST", "/keys", { headers: json, body: "null" }, 400, "invalid-body"],
    ["POST", "/keys", {}, 400, "invalid-body"],
    ["POST", "/keys", { headers: json, body: JSON.stringify("x".repeat(65_600)) }, 413, "body-too-large"],
    ["POST", "/keys", { headers: { "content-type": "text/plain" }, body: "{}" }, 415, "unsupported-media-type"],
    [
      "POST",
      "/scans",
      { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a=b" },
      415,
      "unsupported-media-type",
    ],
    ["POST", "/scans", { headers: { "content-type": "nonsense" }, body: "{}" }, 415, "unsupported-media-type"],
    ["PATCH", "/keys/a", { headers: { "content-type": "text/plain" }, body: "{}" }, 415, "unsupported-media-type"],
  ];
  it.each(rows)("%s %s", async (method, url, question, status, code) => {
    const reply = await shared.ask(method, url, question);
    expect(reply).toMatchObject({ status, body: { code } });
    expect(shared.logged).toEqual([]);
    expect(shared.requests).toEqual([]);
  });

  it.each([
    ["PUT", "/keys", "GET, HEAD, POST"],
    ["DELETE", "/findings?a=b", "GET, HEAD"],
    ["POST", "/keys/a", "DELETE, GET, HEAD, PATCH"],
    ["GET", "/keys/a/nothing", undefined],
    ["OPTIONS", "/scans", "GET, HEAD, POST"],
    ["PROPFIND", "/summary", "GET, HEAD"],
    ["PATCH", "/checks/aws/key-enabled", "GET, HEAD"],
    ["QUERY", "/findings", "GET, HEAD"],
    ["QUERY", "/nothing", undefined],
  ])("%s %s is told the methods %s", async (method, url, allow) => {
    // What is wrong with a body is not looked at where nothing takes one.
    for (const question of [{}, { headers: { "content-type": "text/plain" }, body: "x".repeat(70_000) }]) {
      const reply = await shared.ask(method, url, question);
      expect(reply.status).toBe(allow === undefined ? 404 : 405);
      expect(reply.headers["allow"]).toBe(allow);
    }
    expect(shared.logged).toEqual([]);
  });

  it.each(["/summary/", "/findings/", "/keys/?x=1", "/keys/nobody/", "/checks//"])(
    "%s: a slash too many is said to be one",
    async (url) => {
      const { status, body } = await shared.get(url);
      expect({ status, ...body }).toMatchObject({ status: 404, code: "not-found" });
      expect(body["detail"]).toContain("Without the slash");
    },
  );

  it.each([
    ["{", "The body is no JSON."],
    ["", "The body is sent as JSON and is empty."],
    ['{"__proto__": {}}', "The body has a field"],
    ['\ufeff{"labels": {"\\u005f_proto__": "x"}}', "The body has a field"],
    ['{"labels": {"constructor": {"prototype": {}}}}', "The body has a field"],
  ])("the body %j is told to be wrong in the way it is", async (body, detail) => {
    const reply = await shared.ask("POST", "/keys", { headers: json, body });
    expect(reply).toMatchObject({ status: 400, body: { code: "invalid-body" } });
    expect(reply.body["detail"]).toContain(detail);
  });

  it.each([
    ["that are no HTTP", "NONSENSE\r\n\r\n", "no HTTP"],
    ["too many for a head", `GET /findings?key=${"a".repeat(20_000)} HTTP/1.1\r\n\r\n`, "more than 16384 bytes"],
  ])("bytes %s get a problem document", async (_, bytes, detail) => {
    const api = await startApi();
    const url = new URL(await listen(api.app, { host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(url.port), "127.0.0.1");
    socket.end(bytes);
    let text = "";
    socket.on("data", (data) => {
      text += String(data);
    });
    await once(socket, "close");
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json/);
    const problem = { code: "malformed-request", status: 400, detail: expect.stringContaining(detail) };
    expect(JSON.parse(body)).toMatchObject(problem);
  });
});

it("HEAD answers like GET, without a body", async () => {
  for (const path of ["/findings", "/keys", "/summary", "/healthz", "/metrics", "/keys/nobody"]) {
    const [get, head] = [await shared.get(path), await shared.ask("HEAD", path)];
    expect(head).toMatchObject({ status: get.status, text: "" });
    expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
  }
});

it("a fault is logged with its stack and answered without it", async () => {
  const metricsText = () => Promise.reject(new TypeError("cannot read hunter2 of undefined"));
  const api = await startApi({ metricsText });
  const reply = await api.get("/metrics");
  expect(reply).toMatchObject({ status: 500, body: { code: "internal-error" } });
  expect(reply.text).not.toMatch(/hunter2|TypeError|\.ts/);
  const [line] = api.logged as { fields: { err: Error; request: string } }[];
  expect(line?.fields.err.stack).toContain("hunter2");
  expect(reply.body["detail"]).toContain(line?.fields.request);
});

it.each(["/findings", "/keys"])("a fault at %s has no tag by which it could be taken for an answer", async (path) => {
  const api = await startApi();
  api.ports.store.findings = () => Promise.reject(new TypeError("broken"));
  api.ports.store.keysInPortions = () => {
    throw new TypeError("broken");
  };
  const { status, headers } = await api.get(path);
  expect({ status, etag: headers["etag"], kept: headers["cache-control"] }).toEqual({ status: 500, kept: "no-store" });
});

describe("Host and Origin", () => {
  const guard = requestGuard("127.0.0.1");

  it.each(["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:9999", "[::1]:8080", "127.8.9.10:1"])(
    "%s is this service",
    (host) => {
      expect(guard({ host })).toBeUndefined();
      expect(guard({ host, origin: `http://${host}` })).toBeUndefined();
    },
  );

  it.each([
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.1:8080",
    "0.0.0.0:8080",
    "[::2]:8080",
    "[::ffff:10.0.0.1]",
    "localhost:8080@evil.example",
    "evil.example#localhost",
    "localhost evil.example",
    "2130706433",
    "127.1",
    "",
    undefined,
  ])("%s is not", (host) => {
    expect(guard({ host })).toMatchObject({ code: "foreign-host" });
  });

  it.each([
    "http://evil.example",
    "http://localhost:8080",
    "http://127.0.0.1:3000",
    "http://127.0.0.1",
    "https://127.0.0.1:8080",
    "http://127.0.0.1:8080.evil.example",
    "null",
    "",
    ["http://127.0.0.1:8080", "http://evil.example"],
  ])("%s is a foreign origin for 127.0.0.1:8080", (origin) => {
    expect(guard({ host: "127.0.0.1:8080", origin })).toMatchObject({ code: "foreign-origin" });
  });

  it("an address of the network may have any name, and a page of its own", () => {
    const open = requestGuard("0.0.0.0");
    expect(open({ host: "keys.example:9090" })).toBeUndefined();
    expect(open({ host: "keys.example:9090", origin: "http://evil.example" })).toMatchObject({
      code: "foreign-origin",
    });
  });

  it.each(["/findings", "/docs", "/docs/static/swagger-ui.css", "/nothing", "/metrics", "/healthz", "/"])(
    "are looked at before %s answers",
    async (path) => {
      expect(await shared.get(path, { host: "evil.example" })).toMatchObject({
        status: 421,
        body: { code: "foreign-host" },
      });
      expect(await shared.get(path, { host: "localhost", origin: "null" })).toMatchObject({
        status: 403,
        body: { code: "foreign-origin" },
      });
    },
  );

  it("keep a foreign page from scanning", async () => {
    await shared.ask("POST", "/scans", { headers: { origin: "http://evil.example" }, body: {} });
    expect(shared.requests).toEqual([]);
  });
});
