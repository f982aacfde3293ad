import { afterAll, describe, expect, it } from "vitest";
import { roleForRoute } from "../../../src/http/auth/route-roles.ts";
import { newTokenText } from "../../../src/http/auth/token-text.ts";
import { buildServer } from "../../../src/http/server.ts";
import { register } from "../support/conclude.ts";
import type { OpenApi } from "../support/document.ts";
import { bearer, openGuardedApi } from "../support/guarded-api.ts";

const api = await openGuardedApi();
afterAll(() => api.close());

const document = (await api.get("/openapi.json", bearer(api.texts.viewer))).body as unknown as OpenApi;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

type Needed = "probe" | "anybody" | "viewer" | "operator" | "admin";
/** For each route who may ask it, and what those who may are answered here: nothing is there, and bodies are empty. */
const routes: readonly (readonly [route: string, needed: Needed, status: number])[] = [
  ["GET /healthz", "probe", 200],
  ["GET /readyz", "probe", 200],
  ["GET /openapi.json", "anybody", 200],
  ["GET /metrics", "viewer", 200],
  ["GET /summary", "viewer", 200],
  ["GET /findings", "viewer", 200],
  ["GET /findings/{id}", "viewer", 404],
  ["GET /findings/{id}/history", "viewer", 404],
  ["GET /keys", "viewer", 200],
  ["GET /keys/{name}", "viewer", 404],
  ["GET /keys/{name}/access", "viewer", 404],
  ["GET /keys/{name}/snapshot", "viewer", 404],
  ["GET /scans", "viewer", 200],
  ["GET /scans/{id}", "viewer", 404],
  ["GET /checks", "viewer", 200],
  ["GET /checks/{provider}/{check}", "viewer", 404],
  ["POST /scans", "operator", 202],
  ["POST /keys", "operator", 400],
  ["PATCH /keys/{name}", "operator", 404],
  ["DELETE /keys/{name}", "operator", 404],
  ["GET /tokens", "admin", 200],
  ["POST /tokens", "admin", 400],
  ["DELETE /tokens/{id}", "admin", 404],
];
/** What is there and not in the description, or not there at all. */
const undescribed: typeof routes = [
  ["GET /", "anybody", 302],
  ["GET /docs", "anybody", 200],
  ["GET /docs/", "anybody", 200],
  ["GET /docs/json", "anybody", 200],
  ["GET /docs/yaml", "anybody", 200],
  ["GET /docs/static/index.html", "anybody", 302],
  ["GET /docs/static/swagger-ui.css", "anybody", 200],
  ["GET /docs/static/swagger-ui-bundle.js", "anybody", 200],
  ["GET /docs/static/nothing", "anybody", 404],
  ["GET /docs/static/..%2F..%2Fkeys", "anybody", 404],
  ["GET /docs/nothing", "viewer", 404],
  ["POST /docs", "viewer", 405],
  ["GET /nothing", "viewer", 404],
  ["POST /nothing", "viewer", 404],
  ["PUT /keys", "viewer", 405],
  ["GET /keys/", "viewer", 404],
];

const unknown = newTokenText().text;
const flipped = (text: string) => text.slice(0, -1) + (text.endsWith("A") ? "B" : "A");
/** Who asks, and which role that is; null: none that is any good. */
const askers = [
  ["nobody", {}, null],
  ["a token that nobody made", bearer(unknown), null],
  ["another secret", bearer(flipped(api.texts.admin)), null],
  ["what is no token", bearer("garbage"), null],
  ["an empty token", { authorization: "Bearer" }, null],
  ["a password", { authorization: `Basic ${btoa("admin:admin")}` }, null],
  ["a token without its scheme", { authorization: api.texts.admin }, null],
  ["a token in another header", { "x-api-key": api.texts.admin, cookie: `token=${api.texts.admin}` }, null],
  ["the hash of a token", bearer(api.stored.admin.sha256), null],
  ["an expired admin", bearer(api.texts.expired), null],
  ["a revoked admin", bearer(api.texts.revoked), null],
  ["an expired viewer of the file", bearer(api.texts["expired-of-file"]), null],
  ["a viewer", bearer(api.texts.viewer), "viewer"],
  ["a viewer of the file", bearer(api.texts["of-file"]), "viewer"],
  ["an operator", bearer(api.texts.operator), "operator"],
  ["an admin", bearer(api.texts.admin), "admin"],
  ["an admin who writes the scheme otherwise", { authorization: `bEARER  ${api.texts.admin}` }, "admin"],
] as const;

const ranks: readonly Needed[] = ["viewer", "operator", "admin"];

function isOpen(needed: Needed): boolean {
  return needed === "probe" || needed === "anybody";
}

function expected(needed: Needed, role: Needed | null, status: number): number {
  if (isOpen(needed)) return status;
  if (role === null) return 401;
  return ranks.indexOf(role) >= ranks.indexOf(needed) ? status : 403;
}

it("every route of the description is classified here, and none that is not there", () => {
  expect(routes.map(([route]) => route).toSorted()).toEqual(described.toSorted());
});

describe.each(askers)("%s", (_, headers, role) => {
  it.each([...routes, ...undescribed])("%s", async (route, needed, status) => {
    const [method = "", path = ""] = route.replaceAll(/\{\w+\}/g, "nothing").split(" ");
    const answer = expected(needed, role, status);
    const question = method === "GET" ? { headers } : { headers, body: {} };
    const reply = await api.ask(method, path, status === 202 ? { headers } : question);

    expect(reply.status).toBe(answer);
    if (answer === 401) expect(reply.body["code"]).toBe("unauthenticated");
    if (answer === 403) {
      expect(reply.body).toMatchObject({ code: "forbidden", detail: expect.stringContaining(`the role ${needed};`) });
    }
    if (method === "GET") expect((await api.ask("HEAD", path, { headers })).status).toBe(answer);
  });
});

describe("the answer to who may not ask", () => {
  const tells = async (headers: Readonly<Record<string, string>>) => {
    const { status, headers: told, body } = await api.get("/keys", headers);
    return { status, challenge: told["www-authenticate"], body };
  };

  it("says what is asked for where no token came", async () => {
    const { status, challenge } = await tells({});
    expect({ status, challenge }).toEqual({ status: 401, challenge: 'Bearer realm="keyposture"' });
    expect((await tells({ authorization: "Basic YTph" })).challenge).toBe('Bearer realm="keyposture"');
  });

  it("is the same for an unknown, an expired and a revoked token", async () => {
    const first = await tells(bearer(unknown));
    expect(first.challenge).toBe('Bearer realm="keyposture", error="invalid_token"');
    for (const text of ["garbage", "", api.texts.expired, api.texts.revoked, api.texts["expired-of-file"]]) {
      expect(await tells(bearer(text))).toEqual(first);
    }
  });

  it("comes before anything is looked at, the body and the parameters included", async () => {
    for (const [method, path] of [
      ["POST", "/keys"],
      ["POST", "/keys?x=1"],
      ["GET", "/findings?x=1"],
      ["PROPFIND", "/keys"],
    ] as const) {
      const body = "x".repeat(70_000);
      expect((await api.ask(method, path, { headers: { "content-type": "text/plain" }, body })).status).toBe(401);
    }
  });

  it("is logged in one line, with the name of the token and without its text", async () => {
    api.refusals.length = 0;
    await api.ask("POST", "/scans", { headers: bearer(api.texts.viewer) });
    await api.get("/keys/prod", bearer(api.texts.expired));
    await api.get("/keys/prod");
    expect(api.refusals.map(({ fields }) => fields)).toMatchObject([
      { method: "POST", route: "/scans", code: "forbidden", token_name: "viewer", address: "127.0.0.1" },
      { method: "GET", route: "/keys/:name", code: "unauthenticated", token_name: "expired" },
      { method: "GET", route: "/keys/:name", code: "unauthenticated", token_name: undefined },
    ]);
    expect(JSON.stringify(api.refusals)).not.toContain("kp_");
  });
});

describe("the description", () => {
  const operation = (route: string) => {
    const [method = "", path = ""] = route.split(" ");
    return document.paths[path]?.[method.toLowerCase()] as unknown as {
      readonly security: readonly object[];
      readonly responses: object;
    };
  };

  it.each(routes)("of %s names the role %s", (route, needed) => {
    expect(operation(route).security).toEqual(isOpen(needed) ? [] : [{ token: [needed] }]);
  });

  it.each(routes)("of %s says how it refuses", (route, needed) => {
    const statuses = Object.keys(operation(route).responses);
    const refused = ["401", "403", "429"].filter((status) => statuses.includes(status));
    const foreignOrigin = "403";
    const byKind = { probe: [foreignOrigin], anybody: [foreignOrigin, "429"] };
    expect(refused).toEqual(needed === "probe" || needed === "anybody" ? byKind[needed] : ["401", "403", "429"]);
  });

  it("says how a token is sent", () => {
    expect(document.components).toMatchObject({ securitySchemes: { token: { type: "http", scheme: "bearer" } } });
  });
});

describe("the page of the description", () => {
  it("is whole for a browser, which sends no token", async () => {
    const page = await api.get("/docs");
    const files = [...page.text.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g)].map(([, file = ""]) => file);
    expect(files).toContainEqual(expect.stringContaining("swagger-ui-bundle.js"));
    for (const file of files) {
      const { pathname } = new URL(file, "http://127.0.0.1/docs");
      expect({ pathname, status: (await api.get(pathname)).status }).toEqual({ pathname, status: 200 });
    }
  });

  it("shows the same description, and has the browser keep no token that somebody enters", async () => {
    expect((await api.get("/docs/json")).body).toEqual(document);
    expect((await api.get("/docs/static/swagger-initializer.js")).text).not.toContain("persistAuthorization");
  });

  it("tells nothing of this service but its version", async () => {
    const other = await openGuardedApi();
    await register(other, "prod-secret-name");
    const { text } = await other.get("/docs/json");
    await other.close();
    expect(text).toBe((await api.get("/docs/json")).text);
  });
});

describe("a route about which nobody has decided", () => {
  it("is none", () => {
    expect(() => roleForRoute("GET", "/secrets")).toThrow("GET /secrets has no line in route-roles.ts");
    expect(() => roleForRoute("POST", "/docs")).toThrow(TypeError);
    expect(() => roleForRoute("GET", "/docsx")).toThrow(TypeError);
  });

  it("keeps the server from being built", async () => {
    const app = buildServer(api.ports);
    expect(() => app.get("/secrets", () => "")).toThrow("GET /secrets has no line");
    await app.close();
  });
});

describe("a service that asks for no tokens", () => {
  it("answers without one, and has no routes for them", async () => {
    const open = buildServer({ ...api.ports, tokens: null });
    for (const headers of [{}, bearer("garbage")]) {
      expect((await open.inject({ url: "/keys", headers })).statusCode).toBe(200);
      expect((await open.inject({ url: "/tokens", headers })).statusCode).toBe(404);
    }
    const { components, tags } = (await open.inject("/openapi.json")).json<OpenApi>();
    expect(components).not.toHaveProperty("securitySchemes");
    expect(tags.map(({ name }) => name)).not.toContain("tokens");
    await open.close();
  });
});
