import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, startCli } from "../support/run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-demo-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The demo makes its files below TMPDIR, where this test can see them come and go. */
const env = () => ({ TMPDIR: folder });

async function listening() {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, requests: () => requests, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe("keyposture demo", { timeout: 30_000 }, () => {
  it("scans once, tells what it found, and leaves nothing behind", async () => {
    const { code, stdout, stderr } = await runCli(["demo", "--once", "--port", "0"], { env: env() });

    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^disabled +critical +fail +aws\/key-enabled/m);
    expect(stdout).toMatch(/kms:GetKeyPolicy access-denied \(1x\); it needs the permission kms:GetKeyPolicy/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes on scanning until Ctrl-C, then ends with 0 and leaves nothing behind", async () => {
    const demo = startCli(["demo", "--port", "0"], { env: env() });
    await demo.says("Ctrl-C ends it.");
    const url = /http:\/\/127\.0\.0\.1:\d+(?=\/findings)/.exec(demo.stdout())?.[0] ?? "";
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await fetch(`${url}/findings`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("keyposture_key_state");

    demo.child.kill("SIGINT");

    expect(await demo.ended).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves nothing behind where it is interrupted while it starts", async () => {
    const demo = startCli(["demo", "--port", "0"], { env: env() });
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));

    demo.child.kill("SIGINT");

    expect(await demo.ended).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says in one sentence that the port is in use", async () => {
    const taken = await listening();

    const { code, stdout, stderr } = await runCli(["demo", "--once", "--port", String(taken.port)], { env: env() });
    await taken.close();

    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(String(taken.port));
    expect(readdirSync(folder)).toEqual([]);
  });

  it("reaches no real cloud, also where credentials and endpoints lie about", async () => {
    const cloud = await listening();
    const endpoint = `http://127.0.0.1:${cloud.port}`;

    const { code } = await runCli(["demo", "--once", "--port", "0"], {
      env: {
        ...env(),
        AWS_ENDPOINT_URL: endpoint,
        AWS_ENDPOINT_URL_KMS: endpoint,
        AWS_ENDPOINT_URL_CLOUDTRAIL: endpoint,
        AWS_ACCESS_KEY_ID: "AKIAREAL",
        AWS_SECRET_ACCESS_KEY: "real",
        AWS_REGION: "us-east-2",
        HTTP_PROXY: endpoint,
        HTTPS_PROXY: endpoint,
      },
    });
    await cloud.close();

    expect(code).toBe(0);
    expect(cloud.requests()).toBe(0);
  });

  it.each(["x", "-1", "70000", "1.5"])("refuses the port %s", async (port) => {
    const { code, stderr } = await runCli(["demo", "--once", `--port=${port}`]);

    expect(code).toBe(2);
    expect(stderr).toContain("0 to 65535");
  });
});
