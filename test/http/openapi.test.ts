import { afterAll, describe, expect, it } from "vitest";
import { buildServer } from "../../src/http/server.ts";
import { openApi } from "./support/api.ts";
import type { OpenApi, Operation } from "./support/document.ts";

const api = await openApi();
afterAll(() => api.close());
const document = (await api.get("/openapi.json")).body as unknown as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, path, operation]),
);

describe("the description of the interface", () => {
  it("is OpenAPI 3.1", () => {
    expect(document.openapi).toBe("3.1.0");
  });

  it("has exactly the routes that exist", () => {
    const described = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`);
    expect(described.toSorted()).toEqual(
      [
        "DELETE /keys/{name}",
        "GET /checks",
        "GET /checks/{provider}/{check}",
        "GET /findings",
        "GET /findings/{id}",
        "GET /findings/{id}/history",
        "GET /healthz",
        "GET /keys",
        "GET /keys/{name}",
        "GET /keys/{name}/access",
        "GET /keys/{name}/snapshot",
        "GET /metrics",
        "GET /openapi.json",
        "GET /readyz",
        "GET /scans",
        "GET /scans/{id}",
        "GET /summary",
        "PATCH /keys/{name}",
        "POST /keys",
        "POST /scans",
      ].toSorted(),
    );
  });

  it("leaves out no route but the page for people, and every one it has is there", async () => {
    const seen: string[] = [];
    const app = buildServer(api.ports);
    app.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) if (one !== "HEAD") seen.push(`${one} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    });
    await app.ready();
    await app.close();
    const described = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`);
    expect(seen.filter((route) => !/^GET (\/|\/docs(\/.*)?)$/.test(route)).toSorted()).toEqual(described.toSorted());
  });

  it("refers to nothing that it does not have, and has nothing that it does not refer to", () => {
    const text = JSON.stringify(document);
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = ""]) => reference);
    const had = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(referred)].toSorted()).toEqual(had.toSorted());
  });

  it("gives every operation an id of its own", () => {
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it("asks for a body where the route cannot do without one", () => {
    const required = operations.flatMap(([method, path, { requestBody }]) =>
      requestBody === undefined ? [] : [[`${method} ${path}`, requestBody.required === true]],
    );
    expect(Object.fromEntries(required)).toEqual({
      "post /keys": true,
      "patch /keys/{name}": true,
      "post /scans": false,
    });
  });

  it("has no parameter whose values are of another type than the parameter", () => {
    const parameters = operations.flatMap(([, , operation]) => operation.parameters ?? []);
    const typed = parameters.flatMap(({ name, schema: { type, enum: values = [] } }) =>
      values.map((value) => [name, type, typeof value]),
    );
    expect(typed.length).toBeGreaterThan(0);
    for (const [name, type, valueType] of typed) expect([name, valueType]).toEqual([name, type]);
  });

  it("has the headers that clients rely on", () => {
    const headers = operations.flatMap(([method, path, { responses }]) =>
      Object.entries(responses).flatMap(([status, { headers: described = {} }]) =>
        Object.entries(described).map(([name, { required = false, description }]) => {
          expect(description, name).toMatch(/\.$/);
          return [`${method} ${path} ${status}`, `${name}${required ? "" : "?"}`] as const;
        }),
      ),
    );
    const ofEvery = (status: string) =>
      new Set(headers.filter(([where]) => where.endsWith(status)).map(([, name]) => name));
    expect([ofEvery("401"), ofEvery("429")]).toEqual([new Set(["WWW-Authenticate"]), new Set(["Retry-After"])]);
    const others = Map.groupBy(
      headers.filter(([where]) => !/(401|429)$/.test(where)),
      ([where]) => where,
    );
    expect(Object.fromEntries([...others].map(([where, named]) => [where, named.map(([, name]) => name)]))).toEqual({
      "get /findings 200": ["ETag", "Cache-Control", "Vary", "Content-Disposition?", "Link?"],
      "get /findings 304": ["ETag", "Cache-Control", "Vary"],
      "get /findings 406": ["Vary"],
      "get /keys 200": ["ETag", "Cache-Control"],
      "get /keys 304": ["ETag", "Cache-Control"],
      "get /metrics 200": ["Vary", "Content-Encoding?"],
      "post /keys 201": ["Location"],
      "post /scans 202": ["Location?"],
    });
  });

  it("is the same whenever it is asked for, and on the page for people", async () => {
    expect((await api.get("/openapi.json")).text).toBe((await api.get("/docs/json")).text);
  });
});

describe.each(operations)("%s %s", (_, path, operation) => {
  it("says what it is for, under a known tag", () => {
    expect(operation.summary).toMatch(/^[A-Z].{3,60}$/);
    expect(operation.description).toMatch(/^[A-Z`][^]*\.$/);
    expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...(operation.tags ?? ["none"])]));
  });

  it("has every parameter of its path", () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const described = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    expect(described.map(({ name }) => name).toSorted()).toEqual(inPath.toSorted());
  });

  it("describes an answer, and problem documents for what goes wrong", () => {
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => status.startsWith("2"))).toBe(true);
    expect(statuses).toEqual(expect.arrayContaining(["400", "403", "421", "500", "503"]));
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description).toMatch(/\.$/);
      if (Number(status) < 400) continue;
      expect(content).toEqual({ "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } });
    }
  });
});

describe("the page for people", () => {
  it("is where the root leads to", async () => {
    expect(await api.get("/")).toMatchObject({ status: 302, headers: { location: "/docs" } });
  });

  it.each(["/docs", "/docs/"])("%s needs nothing from elsewhere", async (path) => {
    const page = await api.get(path);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = ""]) => part);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      const { host, pathname } = new URL(part, `http://localhost${path}`);
      expect(host).toBe("localhost");
      expect((await api.get(pathname)).status).toBe(200);
    }
    // The policy forbids scripts in the page itself.
    expect(page.text).not.toMatch(/<script>|<script(?![^>]*\bsrc=)/);
  });
});
