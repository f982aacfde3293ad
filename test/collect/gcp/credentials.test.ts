import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Budget } from "../../../src/collect/budget.ts";
import { gcpCalls } from "../../../src/collect/gcp/calls.ts";
import { classifyGcpError } from "../../../src/collect/gcp/classify-error.ts";
import { createSdkCredentials, type GcpIdentity } from "../../../src/collect/gcp/sdk-credentials.ts";
import { Refused } from "../../../src/collect/refusal.ts";
import { createRequest } from "../../../src/collect/request.ts";
import { testGcpKey, testProject } from "../../support/gcp-answers.ts";
import { localGcpReader } from "../../support/gcp-collector.ts";
import { startGcpServer } from "../../support/gcp-server.ts";
import { testClock } from "../../support/test-clock.ts";

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Stands in for whoever gives tokens: the token service, the metadata server, IAM. */
let server: Server;
let origin: string;
let answer: (path: string, headers: IncomingHttpHeaders) => Answer;
const asked: string[] = [];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyposture-credentials-"));
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      asked.push(`${request.method} ${request.url}`);
      const { status = 200, headers = {}, body } = answer(request.url ?? "", request.headers);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked.length = 0;
  for (const [name, value] of Object.entries(emptyEnvironment())) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(folder, { recursive: true });
});

/** No credentials in a file, none of gcloud, and nothing that answers for a metadata server. */
function emptyEnvironment() {
  return {
    GOOGLE_APPLICATION_CREDENTIALS: "",
    CLOUDSDK_CONFIG: folder,
    HOME: folder,
    GCE_METADATA_HOST: "127.0.0.1:1",
    METADATA_SERVER_DETECTION: "ping-only",
    NO_PROXY: "127.0.0.1",
  };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Workload identity federation: a token of somebody else's is exchanged for one of Google's. */
function federated(): string {
  return file("federated.json", {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${origin}/token`,
    credential_source: { file: file("subject-token", "a token of the cluster") },
  });
}

const exchanged: Answer = {
  body: {
    access_token: "own-token",
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: 3600,
  },
};

const nobody: GcpIdentity = { quota_project: null, impersonate: null };
// Tokens end by the machine's clock.
const clock = testClock(Date.now());
const soon = () => ({ lane: "full" as const, deadline: clock.steady() + 60_000 });

function credentialsOf(identity: Partial<GcpIdentity> = {}) {
  const budget = new Budget({ calls: gcpCalls, clock, ratio: 1, concurrency: 4 });
  const request = createRequest({
    provider: "gcp",
    budget,
    clock,
    onCall: () => undefined,
    classify: classifyGcpError,
  });
  return createSdkCredentials({ request, clock, identity: { ...nobody, ...identity }, tokenService: origin });
}

const headersOf = async (credentials: ReturnType<typeof credentialsOf>) =>
  Object.fromEntries(await (await credentials.authorized(soon())).getRequestHeaders());

const refusalOf = (credentials: ReturnType<typeof credentialsOf>) =>
  credentials.authorized(soon()).then(
    () => expect.fail("was given"),
    (error: unknown) => {
      if (error instanceof Refused) return error.refusal;
      throw error;
    },
  );

const none =
  /^no Google Cloud credentials: neither the file of GOOGLE_APPLICATION_CREDENTIALS, nor .* set one of them up/;

describe("credentials that are not there", () => {
  it("are one clear refusal, and no permission would help", async () => {
    expect(await refusalOf(credentialsOf())).toEqual({
      reason: "access-denied",
      detail: expect.stringMatching(/set one of them up$/),
      again: "no",
      call: "credentials",
      credentials: "missing",
    });
  });

  it.each<readonly [string, () => string, RegExp]>([
    ["whose file is not there", () => join(folder, "gone.json"), /gone\.json/],
    ["whose file is a folder", () => folder, /not a file/],
    ["whose file is no JSON", () => file("bad.json", "{"), /JSON/],
    ["whose file has no key", () => file("empty.json", {}), /client_email/],
  ])("%s say so", async (_, path, said) => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path());

    const { reason, detail } = await refusalOf(credentialsOf());

    expect(reason).toBe("access-denied");
    expect(detail).toMatch(none);
    expect(detail).toMatch(said);
  });

  it("crash nothing, let the process end, and until somebody reads nothing is loaded for them", async () => {
    const google = await startGcpServer();
    google.answer(() => ({}));
    const module = (path: string) => JSON.stringify(new URL(`../../../src/collect/${path}.ts`, import.meta.url).href);
    const script = `
      import Module from "node:module";
      import { Budget } from ${module("budget")};
      import { systemClock as clock } from ${module("clock")};
      import { gcpCalls as calls } from ${module("gcp/calls")};
      import { classifyGcpError as classify } from ${module("gcp/classify-error")};
      import { createGcpCollector } from ${module("gcp/collect")};
      import { createGcpSdkReader } from ${module("gcp/sdk-reader")};
      import { createRequest } from ${module("request")};
      const budget = new Budget({ calls, clock, ratio: 1, concurrency: 4 });
      const request = createRequest({ provider: "gcp", budget, clock, onCall: () => {}, classify });
      const identity = { quota_project: null, impersonate: null };
      const local = createGcpSdkReader({ request, clock, identity, local: ${JSON.stringify(google.local)} });
      const loaded = () => Object.keys(Module._cache).some((path) => path.includes("google"));
      const before = loaded();
      await local.getProject({ scope: "projects/p", lane: "full", deadline: clock.steady() + 30_000 }, "projects/p");
      const reader = createGcpSdkReader({ request, clock, identity });
      const reads = { gcp_ancestors: true, gcp_perimeters: true, gcp_deny_policies: true };
      const collector = createGcpCollector({ reader, clock, reads });
      const key = ${JSON.stringify(testGcpKey)};
      const readings = [
        ...(await collector.readKey(key, "full", clock.now() + 30_000)),
        ...(await collector.readScope(key.scope, "full", clock.now() + 30_000)),
      ];
      console.log(JSON.stringify({ loaded: [before, loaded()], readings }));
    `;
    const env = { ...emptyEnvironment(), PATH: process.env["PATH"] };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env });
    await google.close();

    const { loaded, readings } = JSON.parse(stdout) as {
      readonly loaded: readonly boolean[];
      readonly readings: readonly { readonly call: string; readonly answer: object }[];
    };
    expect(loaded).toEqual([false, true]);
    expect(readings.map(({ call }) => call)).toEqual(
      expect.arrayContaining(["cloudkms:ListCryptoKeys", "cloudresourcemanager:GetProject", "serviceusage:GetService"]),
    );
    for (const { answer: told } of readings) {
      expect(told).toMatchObject({
        reason: "access-denied",
        detail: expect.stringContaining("no Google Cloud credentials"),
      });
      expect(told).not.toHaveProperty("permission");
    }
  }, 30_000);
});

describe("credentials of a workload", () => {
  beforeEach(() => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", federated());
    answer = () => exchanged;
  });

  it("are exchanged once for a token that every request carries", async () => {
    const credentials = credentialsOf();

    const all = await Promise.all(Array.from({ length: 20 }, () => headersOf(credentials)));

    expect(new Set(all.map((headers) => JSON.stringify(headers)))).toEqual(
      new Set([JSON.stringify({ authorization: "Bearer own-token" })]),
    );
    expect(asked).toEqual(["POST /token"]);
  });

  it("have the configured project pay for the requests", async () => {
    expect(await headersOf(credentialsOf({ quota_project: "scanner" }))).toEqual({
      authorization: "Bearer own-token",
      "x-goog-user-project": "scanner",
    });
  });

  it("that are refused say what the token's server said; who asks soon after is told the same", async () => {
    answer = () => ({ status: 400, body: { error: "invalid_grant", error_description: "the audience is wrong" } });
    const credentials = credentialsOf();

    const [first] = await Promise.all(Array.from({ length: 20 }, () => refusalOf(credentials)));

    expect(first).toMatchObject({ reason: "access-denied", again: "no", call: "credentials" });
    expect(first?.detail).toMatch(
      /^the Google Cloud credentials gave no token: .*invalid_grant.*the audience is wrong/,
    );
    expect(asked).toEqual(["POST /token"]);
  });

  it.each([
    [500, "unavailable"],
    [501, "unsupported"],
  ])("of which the token's server knows nothing, with HTTP %i, are no wrong ones", async (status, reason) => {
    answer = () => ({ status, body: { error: "server_error" } });

    const refusal = await refusalOf(credentialsOf());

    expect(refusal).toMatchObject({ reason, call: "credentials" });
    expect(refusal).not.toHaveProperty("credentials");
    expect(refusal.detail).toContain("server_error");
  });

  it("are asked for again a while after they were refused", async () => {
    answer = () => ({ status: 400, body: { error: "invalid_grant" } });
    const credentials = credentialsOf();
    await refusalOf(credentials);
    answer = () => exchanged;
    clock.advance(11_000);

    expect(await headersOf(credentials)).toMatchObject({ authorization: "Bearer own-token" });
  });
});

it("a metadata server that comes up after the service is found", async () => {
  const credentials = credentialsOf();
  expect((await refusalOf(credentials)).detail).toMatch(none);
  vi.stubEnv("GCE_METADATA_HOST", new URL(origin).host);
  answer = (path) => ({
    headers: { "metadata-flavor": "Google" },
    body: path.includes("/token") ? { access_token: "metadata-token", expires_in: 3600, token_type: "Bearer" } : {},
  });
  clock.advance(11_000);

  expect(await headersOf(credentials)).toMatchObject({ authorization: "Bearer metadata-token" });
});

describe("a service account that is taken on", () => {
  const impersonate = "reader@acme.iam.gserviceaccount.com";
  const generate = "POST /v1/projects/-/serviceAccounts/reader%40acme.iam.gserviceaccount.com:generateAccessToken";
  const inAnHour = () => new Date(clock.now() + 3_600_000).toISOString();

  beforeEach(() => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", federated());
    answer = (path, { authorization }) =>
      path === "/token" ? exchanged : { body: { accessToken: `taken with ${authorization}`, expireTime: inAnHour() } };
  });

  it("gives the token that requests carry, and takes the service's own to be had", async () => {
    const credentials = credentialsOf({ impersonate, quota_project: "scanner" });

    expect(await headersOf(credentials)).toEqual({
      authorization: "Bearer taken with Bearer own-token",
      "x-goog-user-project": "scanner",
    });
    await headersOf(credentials);
    expect(asked).toEqual(["POST /token", generate]);
  });

  it("is taken on anew before its token ends", async () => {
    const credentials = credentialsOf({ impersonate });
    await headersOf(credentials);
    clock.advance(55 * 60_000);

    await headersOf(credentials);

    expect(asked.filter((one) => one === generate)).toHaveLength(2);
  });

  it("that may not be taken on names the call and the permission", async () => {
    answer = (path) =>
      path === "/token"
        ? exchanged
        : { status: 403, body: { error: { status: "PERMISSION_DENIED", message: "not you" } } };

    const refusal = await refusalOf(credentialsOf({ impersonate }));

    expect(refusal).toMatchObject({
      reason: "access-denied",
      detail: "PERMISSION_DENIED: not you",
      call: "iamcredentials:GenerateAccessToken",
    });
    expect(gcpCalls["iamcredentials:GenerateAccessToken"].permission).toBe("iam.serviceAccounts.getAccessToken");
    expect(asked.filter((one) => one === generate)).toHaveLength(1);
  });

  it.each([
    {},
    { accessToken: "a" },
    { accessToken: "a", expireTime: "soon" },
    { accessToken: 7, expireTime: "2030-01-01T00:00:00Z" },
  ])("with %j is malformed", async (body) => {
    answer = (path) => (path === "/token" ? exchanged : { body });

    expect(await refusalOf(credentialsOf({ impersonate }))).toMatchObject({ reason: "malformed" });
  });
});

it("a local server is sent no credentials, and is reached whatever proxy there is", async () => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "grpc_proxy"]) {
    vi.stubEnv(name, "http://127.0.0.1:1");
  }
  vi.stubEnv("NO_PROXY", "");
  vi.stubEnv("no_proxy", "");
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", federated());
  answer = () => exchanged;
  const local = await startGcpServer();
  local.answer(() => ({}));
  const reader = localGcpReader(local.local);
  const target = { scope: testProject, lane: "full" as const, deadline: performance.now() + 10_000 };

  await reader.getProject(target, testProject);
  await reader.getRole(target, "roles/viewer");
  const headers = local.requests.map((request) => request.headers);
  await local.close();

  expect(headers).toHaveLength(2);
  for (const one of headers) expect(one).not.toHaveProperty("authorization");
  expect(asked).toEqual([]);
});
