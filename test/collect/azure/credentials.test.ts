import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { refusedToken } from "../../../src/collect/azure/refused-token.ts";
import { createSdkCredentials, type SdkCredentials } from "../../../src/collect/azure/sdk-credentials.ts";
import { Refused } from "../../../src/collect/refusal.ts";
import { testClock } from "../../support/test-clock.ts";

/** Stands in for the endpoint of a managed identity. */
let server: Server;
let answer: () => { readonly status?: number; readonly body: object };
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? "", "http://x").searchParams.get("resource") ?? "");
    const { status = 200, body } = answer();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  asked.length = 0;
  let tokens = 0;
  answer = () => {
    tokens += 1;
    return { body: tokenNamed(`token-${tokens}`) };
  };
  for (const [name, value] of Object.entries(emptyEnvironment())) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** Nothing in the environment, no tools, and nothing that answers for a metadata server. */
function emptyEnvironment() {
  return {
    PATH: "",
    AZURE_TENANT_ID: "",
    AZURE_CLIENT_ID: "",
    AZURE_CLIENT_SECRET: "",
    AZURE_FEDERATED_TOKEN_FILE: "",
    AZURE_TOKEN_CREDENTIALS: "",
    AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1",
    IDENTITY_ENDPOINT: "",
    IDENTITY_HEADER: "",
    NO_PROXY: "127.0.0.1",
  };
}

/** https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference */
function giveManagedIdentity(): void {
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
  vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${port}/token`);
  vi.stubEnv("IDENTITY_HEADER", "secret");
}

const hour = 3_600_000;
function tokenNamed(access_token: string) {
  const expires_on = String(Math.floor((Date.now() + hour) / 1000));
  return { access_token, expires_on, resource: "x", token_type: "Bearer" };
}

const arm = "https://management.azure.com";
const vaults = "https://vault.azure.net";
// Tokens end by the machine's clock.
const clock = testClock(Date.now());
const soon = () => ({ lane: "full" as const, deadline: clock.steady() + 60_000 });
const credentials = () => createSdkCredentials(clock, "https://login.microsoftonline.com");
const tokenOf = async ({ credential }: SdkCredentials, audience = arm) =>
  (await credential.getToken(`${audience}/.default`))?.token;
const refusalOf = (read: Promise<unknown>) =>
  read.then(
    () => expect.fail("was given"),
    (error: unknown) => {
      if (error instanceof Refused) return error.refusal;
      throw error;
    },
  );

it("that there are no credentials is one sentence", async () => {
  // The identity library remembers for the whole process which managed identity it has found: none is looked for here.
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "dev");

  expect(await refusalOf(credentials().ensure(arm, soon()))).toEqual({
    reason: "access-denied",
    detail: advice,
    again: "no",
    call: "credentials",
    credentials: "missing",
  });
});

const advice =
  "no Azure credentials: neither the environment (AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate), nor workload identity, nor a managed identity, nor the Azure CLI gave any; set one of them up";

describe("a token", () => {
  beforeEach(giveManagedIdentity);

  it("is had once for each audience, whoever asks at the same time", async () => {
    const own = credentials();

    await Promise.all([arm, vaults, arm, arm].map((audience) => own.ensure(audience, soon())));
    await own.ensure(arm, soon());

    expect(asked.toSorted()).toEqual([arm, vaults]);
    expect(await tokenOf(own, arm)).toMatch(/^token-/);
    expect(await tokenOf(own, vaults)).not.toBe(await tokenOf(own, arm));
  });

  it("that is not accepted any more makes place for another one, once", async () => {
    const own = credentials();
    const first = await own.ensure(arm, soon());
    const second = await own.ensure(arm, soon());

    first.expired();
    second.expired();
    await own.ensure(arm, soon());

    expect(asked).toHaveLength(2);
    expect(await tokenOf(own)).toBe("token-2");
  });

  it("is not kept by the clients: they ask for it each time", async () => {
    const own = credentials();
    await own.ensure(arm, soon());

    expect((await own.credential.getToken(`${arm}/.default`))?.expiresOnTimestamp).toBe(0);
  });

  it("is given for no audience but those that are asked for", async () => {
    const own = credentials();
    await own.ensure(arm, soon());

    expect(await refusalOf(own.credential.getToken("https://elsewhere.example/.default"))).toMatchObject({
      reason: "malformed",
      detail: "a token for https://elsewhere.example/.default is asked for, where none belongs",
    });
  });

  it("that is refused is refused to all, and asked for again a while later", async () => {
    const own = credentials();
    answer = () => ({ status: 400, body: { error: "invalid_request", error_description: "Identity not found" } });

    const refusals = await Promise.all([1, 2, 3].map(() => refusalOf(own.ensure(arm, soon()))));

    const before = asked.length;
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: "access-denied", again: "no", call: "credentials" });
      expect(refusal.detail).not.toContain("\n");
    }
    answer = () => ({ body: tokenNamed("at-last") });
    await refusalOf(own.ensure(arm, soon()));
    expect(asked).toHaveLength(before);
    clock.advance(20_000);
    await own.ensure(arm, soon());
    expect(await tokenOf(own)).toBe("at-last");
  });
});

describe("what the identity library throws", () => {
  const named = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });
  const unavailable = named("CredentialUnavailableError", "nothing in the environment");
  const aggregate = (...errors: readonly Error[]) => named("AggregateAuthenticationError", "many\nlines", { errors });
  const entra = "AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2";
  const denied = named("AuthenticationError", "long", { statusCode: 400, errorResponse: { errorDescription: entra } });

  it.each<readonly [string, Error, object]>([
    ["nothing is there", aggregate(unavailable, unavailable), { credentials: "missing", detail: advice }],
    ["one source alone, which has none", unavailable, { credentials: "missing", detail: advice }],
    [
      "a wrong secret",
      denied,
      {
        reason: "access-denied",
        credentials: "invalid",
        detail: "the Azure credentials gave no token: AADSTS7000215: Invalid client secret provided.",
      },
    ],
    [
      "credentials in the middle of the chain that were refused",
      aggregate(unavailable, named("AuthenticationRequiredError", `invalid_client: ${entra}`), unavailable),
      { reason: "access-denied", credentials: "invalid", detail: expect.stringContaining("AADSTS7000215") },
    ],
    [
      "credentials in the middle of the chain that reached nobody",
      aggregate(unavailable, named("CredentialUnavailableError", "endpoints_resolution_error: no"), unavailable),
      { reason: "unavailable", again: "soon" },
    ],
    ["a server that fails", named("AuthenticationError", "m", { statusCode: 503 }), { reason: "unavailable" }],
    ["a name that is not known", named("ClientAuthError", "network_error: ENOTFOUND"), { reason: "unavailable" }],
    ["no answer in time", named("AbortError", "The operation was aborted."), { reason: "timeout" }],
  ])("%s", (_, thrown, expected) => {
    expect(refusedToken(thrown)).toMatchObject({ refusal: { call: "credentials", ...expected } });
  });

  it("a bug is thrown as it is", () => {
    const bug = new TypeError("ours");

    expect(refusedToken(bug)).toBe(bug);
  });
});

it("a choice of credentials that is none is a refusal that says so", async () => {
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "magic");

  expect(await refusalOf(credentials().ensure(arm, soon()))).toMatchObject({
    reason: "access-denied",
    detail: expect.stringMatching(/^the Azure credentials gave no token: Invalid value for AZURE_TOKEN_CREDENTIALS/),
    call: "credentials",
  });
});

it("without credentials nothing is asked, nothing crashes, and nothing but our sentence is said", async () => {
  const script = `
    const { azureReaderAt, azureCollectorOf } = await import("./test/support/azure-collector.ts");
    const { azureKey } = await import("./test/support/azure-answers.ts");
    const reports = [];
    const collector = azureCollectorOf(azureReaderAt(undefined, { reports }));
    const keys = ["a", "b", "c"].map((name) => azureKey({}, undefined, name));
    const readings = await Promise.all(keys.map((key) => collector.readKey(key, "full", 20_000)));
    const details = readings.flat().map(({ answer }) => answer.detail ?? "seen");
    console.log(JSON.stringify({ requests: reports.length, details: [...new Set(details)] }));
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: emptyEnvironment(),
    timeout: 60_000,
  });

  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ requests: 0, details: [advice] });
}, 60_000);
