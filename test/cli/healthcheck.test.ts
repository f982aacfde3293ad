import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probeUrl } from "../../src/cli/healthcheck.ts";
import { type RunningCli, runCli, startCli } from "../support/run-cli.ts";

describe("probeUrl", () => {
  const server = { host: "127.0.0.1", port: 8080 };
  const metrics = { enabled: true, host: "0.0.0.0", port: 9090 };

  it.each([
    ["the metrics listener where there is one", { metrics }, "http://127.0.0.1:9090/healthz"],
    ["one on every IPv6 address", { metrics: { ...metrics, host: "::" } }, "http://[::1]:9090/healthz"],
    ["one on an address of its own", { metrics: { ...metrics, host: "192.0.2.7" } }, "http://192.0.2.7:9090/healthz"],
    ["one with a name", { metrics: { ...metrics, host: "localhost" } }, "http://localhost:9090/healthz"],
    ["else the API's", { metrics: { ...metrics, enabled: false } }, "http://127.0.0.1:8080/healthz"],
  ])("is that of %s", (_, listeners, url) => {
    expect(probeUrl({ server, ...listeners }, "/healthz")).toBe(url);
  });
});

describe("keyposture healthcheck", { timeout: 30_000 }, () => {
  let folder: string;
  let server: Server | undefined;
  let service: RunningCli | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "keyposture-healthcheck-"));
  });
  afterEach(async () => {
    service?.child.kill("SIGKILL");
    await service?.ended;
    service = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function listening(answer: RequestListener): Promise<number> {
    const made = createServer(answer);
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return (made.address() as AddressInfo).port;
  }

  function healthcheck(config: object, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const file = join(folder, "keyposture.yaml");
    writeFileSync(file, JSON.stringify({ database: join(folder, "keyposture.db"), ...config }));
    return runCli(["healthcheck", "--config", file, ...args], { cwd: folder, env });
  }

  it("is well with a service that runs, and no longer once it has ended", async () => {
    const file = join(folder, "keyposture.yaml");
    // Both ports have to be known before: one that nobody else has at this moment.
    const port = await listening(() => {});
    await new Promise((resolve) => server?.close(resolve));
    const config = { server: { port: 0 }, metrics: { enabled: true, port } };
    writeFileSync(file, JSON.stringify({ database: join(folder, "keyposture.db"), ...config }));
    const started = startCli(["serve", "--config", file], { cwd: folder });
    service = started;
    await expect.poll(started.stderr, { timeout: 20_000 }).toContain("database opened");

    expect(await healthcheck(config)).toMatchObject({ code: 0, stdout: expect.stringContaining("alive"), stderr: "" });
    expect(await healthcheck(config, ["--ready"])).toMatchObject({ code: 0, stdout: expect.stringContaining("ready") });

    started.child.kill("SIGTERM");
    expect(await started.ended).toBe(0);
    expect(await healthcheck(config)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("asks for what was asked, and tells why not", async () => {
    const asked: (string | undefined)[] = [];
    const port = await listening((request, response) => {
      asked.push(request.url);
      response.writeHead(request.url === "/healthz" ? 200 : 503).end("the disk is full");
    });

    expect((await healthcheck({ server: { port } })).code).toBe(0);
    expect(await healthcheck({ server: { port } }, ["--ready"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("status 503, the disk is full"),
    });
    expect(asked).toEqual(["/healthz", "/readyz"]);
  });

  it("goes by no proxy", async () => {
    const port = await listening((_, response) => response.end("alive"));
    const proxy = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
    expect((await healthcheck({ server: { port } }, [], proxy)).code).toBe(0);
  });

  it.each([
    ["no answer", () => {}],
    ["an answer without an end", (_, response) => response.writeHead(200).write("al")],
  ] satisfies [string, RequestListener][])("waits only a moment for %s", async (_, answer) => {
    const port = await listening(answer);
    expect(await healthcheck({ server: { port } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no answer within 3 s"),
    });
  });

  it("refuses a port that only the service knows", async () => {
    expect(await healthcheck({ server: { port: 0 } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("server.port is 0"),
    });
  });
});
