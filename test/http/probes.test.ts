import { afterEach, describe, expect, it } from "vitest";
import type { Health } from "../../src/http/ports.ts";
import { buildMetricsServer } from "../../src/http/server.ts";
import { metricsOf, startApi } from "./support/api.ts";

const full: Health = { ok: false, reason: "the disk is full" };

describe("the probes of the API", () => {
  it("say yes while the database is well", async () => {
    const api = await startApi();
    expect((await api.get("/healthz")).body).toEqual({ status: "alive" });
    expect((await api.get("/readyz")).body).toEqual({ status: "ready" });
  });

  it("say that the process lives and cannot work where the database is not well", async () => {
    const api = await startApi({ health: () => full });
    expect((await api.get("/healthz")).status).toBe(200);
    expect(await api.get("/readyz")).toMatchObject({
      status: 503,
      body: { code: "not-ready", detail: expect.stringContaining("the disk is full") },
    });
  });

  it("answers 503 where a request fails and the database is not well, and logs the failure", async () => {
    const metricsText = () => Promise.reject(new Error("secret detail"));
    const api = await startApi({ health: () => full, metricsText });
    const reply = await api.get("/metrics");
    expect(reply).toMatchObject({ status: 503, body: { code: "not-ready" } });
    expect(reply.text).not.toContain("secret");
    expect(api.logged).toMatchObject([{ fields: { err: { message: "secret detail" }, route: "/metrics" } }]);
  });
});

describe("the server of metrics", () => {
  const servers: ReturnType<typeof buildMetricsServer>[] = [];
  afterEach(async () => {
    for (const app of servers.splice(0)) await app.close();
  });

  function server(host: string) {
    const app = buildMetricsServer({
      host,
      health: () => ({ ok: true }),
      metricsText: () => Promise.resolve(metricsOf("up 1\n")),
      log: { debug() {}, error() {} },
    });
    servers.push(app);
    return app;
  }

  it("has metrics and probes and nothing else", async () => {
    const app = server("0.0.0.0");
    const metrics = await app.inject("/metrics");
    expect(metrics).toMatchObject({ statusCode: 200, body: "up 1\n" });
    expect(metrics.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    for (const path of ["/healthz", "/readyz"]) expect((await app.inject(path)).statusCode).toBe(200);
    for (const path of ["/findings", "/keys", "/docs", "/openapi.json", "/", "/scans", "/summary", "/checks"]) {
      const reply = await app.inject(path);
      expect(reply.statusCode).toBe(404);
      expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
    }
  });

  it("answers by any name where it listens to the network, and by local ones where it does not", async () => {
    const headers = { host: "10.2.3.4:9090" };
    expect((await server("0.0.0.0").inject({ url: "/metrics", headers })).statusCode).toBe(200);
    expect((await server("127.0.0.1").inject({ url: "/metrics", headers })).statusCode).toBe(421);
  });

  it("refuses an unknown parameter", async () => {
    expect((await server("0.0.0.0").inject("/metrics?name=a")).statusCode).toBe(400);
  });
});
