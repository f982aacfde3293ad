import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AzureCall, azureCalls } from "../../../src/collect/azure/calls.ts";
import type { AzureReader, AzureTarget } from "../../../src/collect/azure/reader.ts";
import { vaultAddressOf } from "../../../src/collect/azure/vault-address.ts";
import type { CallReport } from "../../../src/collect/call-report.ts";
import type { AzureCloud } from "../../../src/config/azure-key-resource.ts";
import {
  cryptoUser,
  list,
  testHost,
  testHsmHost,
  testHsmId,
  testKeyId,
  testPrincipal,
  testSubscription,
  testVaultId,
} from "../../support/azure-answers.ts";
import { azureReaderAt } from "../../support/azure-collector.ts";
import { type AzureServer, AzureServerAnswer, azureError, startAzureServer } from "../../support/azure-server.ts";
import { refusalOf } from "../../support/refusal-of.ts";
import { testClock } from "../../support/test-clock.ts";

let server: AzureServer;
/** Made once: clients take their time. */
let reader: AzureReader;
const clock = testClock();
const reports: CallReport[] = [];
beforeAll(async () => {
  server = await startAzureServer();
  reader = azureReaderAt(server.local, { reports, clock });
});
beforeEach(() => {
  reports.length = 0;
});
afterAll(() => server.close());

const target = (): AzureTarget => ({ lane: "full", deadline: clock.steady() + 60_000 });
const addressOf = (id: string) => vaultAddressOf(id) ?? expect.fail(id);
const vault = addressOf(testVaultId);
const hsm = addressOf(testHsmId);

interface Asked {
  readonly call: AzureCall;
  /** With the link to the page, where it is a list. */
  readonly ask: (reader: AzureReader, next?: string) => Promise<unknown>;
  /** What the server is asked. */
  readonly name: string;
  readonly isList?: true;
}

const arm = "GET https://management.azure.com";
const graph = "GET https://graph.microsoft.com/v1.0";
const keyVaultVersion = "?api-version=2026-02-01";
const authorization = (kind: string, query: string) =>
  `${arm}${testKeyId}/providers/Microsoft.Authorization/${kind}?${query}`;
const ofSubscription = `${arm}/subscriptions/${testSubscription}/providers/Microsoft.KeyVault`;

const everyCall: readonly Asked[] = [
  {
    call: "keyvault:GetKey",
    ask: (one) => one.getKey(target(), vault, "prod"),
    name: `${arm}${testKeyId}${keyVaultVersion}`,
  },
  {
    call: "keyvault:ListKeyVersions",
    ask: (one, next) => one.listKeyVersions(target(), vault, "prod", next),
    name: `${arm}${testKeyId}/versions${keyVaultVersion}`,
    isList: true,
  },
  {
    call: "keyvault:ListKeys",
    ask: (one, next) => one.listKeys(target(), vault, next),
    name: `${arm}${testVaultId}/keys${keyVaultVersion}`,
    isList: true,
  },
  {
    call: "keyvault:GetVault",
    ask: (one) => one.getVault(target(), vault),
    name: `${arm}${testVaultId}${keyVaultVersion}`,
  },
  {
    call: "keyvault:ListVaults",
    ask: (one, next) => one.listVaults(target(), "vault", testSubscription, next),
    name: `${ofSubscription}/vaults${keyVaultVersion}`,
    isList: true,
  },
  {
    call: "keyvault:ListDeletedVaults",
    ask: (one, next) => one.listDeletedVaults(target(), "vault", testSubscription, next),
    name: `${ofSubscription}/deletedVaults${keyVaultVersion}`,
    isList: true,
  },
  {
    call: "keyvault:ListPerimeterConfigurations",
    ask: (one, next) => one.listPerimeterConfigurations(target(), vault, next),
    name: `${arm}${testVaultId}/networkSecurityPerimeterConfigurations?api-version=2024-04-01-preview`,
    isList: true,
  },
  {
    call: "insights:ListDiagnosticSettings",
    ask: (one, next) => one.listDiagnosticSettings(target(), vault, next),
    name: `${arm}${testVaultId}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`,
    isList: true,
  },
  {
    call: "authorization:ListRoleAssignments",
    ask: (one, next) => one.listRoleAssignments(target(), testKeyId, next),
    name: authorization("roleAssignments", "api-version=2022-04-01&$filter=atScope()"),
    isList: true,
  },
  {
    call: "authorization:ListPrincipalAssignments",
    ask: (one, next) => one.listPrincipalAssignments(target(), testKeyId, testPrincipal, next),
    name: authorization("roleAssignments", `api-version=2022-04-01&$filter=assignedTo('${testPrincipal}')`),
    isList: true,
  },
  {
    call: "authorization:GetRoleDefinition",
    ask: (one) => one.getRoleDefinition(target(), cryptoUser),
    name: `${arm}${cryptoUser}?api-version=2022-04-01`,
  },
  {
    call: "authorization:ListDenyAssignments",
    ask: (one, next) => one.listDenyAssignments(target(), testKeyId, next),
    name: authorization("denyAssignments", "api-version=2022-04-01&$filter=atScope()"),
    isList: true,
  },
  {
    call: "authorization:ListPrincipalDenyAssignments",
    ask: (one, next) => one.listPrincipalDenyAssignments(target(), testKeyId, testPrincipal, next),
    name: authorization("denyAssignments", `api-version=2022-04-01&$filter=assignedTo('${testPrincipal}')`),
    isList: true,
  },
  {
    call: "authorization:ListAssignmentSchedules",
    ask: (one, next) => one.listAssignmentSchedules(target(), testKeyId, next),
    name: authorization("roleAssignmentScheduleInstances", "$filter=atScope()&api-version=2020-10-01"),
    isList: true,
  },
  {
    call: "keyvault:GetDeletedKey",
    ask: (one) => one.getDeletedKey(target(), testHost, "prod"),
    name: `GET https://${testHost}/deletedkeys/prod?api-version=2025-07-01`,
  },
  {
    call: "graph:ListServicePrincipals",
    ask: (one, next) => one.listServicePrincipals(target(), "app's", next),
    name: `${graph}/servicePrincipals?$filter=appId eq 'app''s'&$select=id,appId,displayName,accountEnabled,passwordCredentials,keyCredentials`,
    isList: true,
  },
  {
    call: "graph:ListServicePrincipalOwners",
    ask: (one, next) => one.listServicePrincipalOwners(target(), testPrincipal, next),
    name: `${graph}/servicePrincipals/${testPrincipal}/owners?$select=id,displayName`,
    isList: true,
  },
  {
    call: "graph:ListAppRoleAssignments",
    ask: (one, next) => one.listAppRoleAssignments(target(), testPrincipal, next),
    name: `${graph}/servicePrincipals/${testPrincipal}/appRoleAssignments`,
    isList: true,
  },
  {
    call: "graph:ListPermissionGrants",
    ask: (one, next) => one.listPermissionGrants(target(), testPrincipal, next),
    name: `${graph}/servicePrincipals/${testPrincipal}/oauth2PermissionGrants`,
    isList: true,
  },
  {
    call: "graph:ListDirectoryRoles",
    ask: (one, next) => one.listDirectoryRoles(target(), testPrincipal, next),
    name: `${graph}/servicePrincipals/${testPrincipal}/transitiveMemberOf?$select=id,displayName`,
    isList: true,
  },
  {
    call: "graph:GetAssignedApplications",
    ask: (one) => one.getAssignedApplications(target(), ["a", "b"]),
    name: "POST https://graph.microsoft.com/v1.0/directoryObjects/getByIds",
  },
];
const lists = everyCall.filter(({ isList }) => isList);

describe("the calls of the table", () => {
  it("are those that are made", () => {
    expect(everyCall.map(({ call }) => call).toSorted()).toEqual(Object.keys(azureCalls).toSorted());
  });

  it.each(everyCall)("$call is one request, and its body is told as it is", async ({ call, ask, name }) => {
    const body = { value: [{ untouched: null }], odd: 1, key: { kid: "x" } };
    server.answer(() => body);

    expect(await ask(reader)).toEqual(body);

    expect(server.requests).toMatchObject([{ name }]);
    expect(reports).toMatchObject([{ provider: "azure", call, scope: "subscriptions", refusal: null }]);
  });

  it.each(lists)("$call goes on where the page before says, a request for each page", async ({ ask, name }) => {
    const link = `${name.slice("GET ".length).split("?")[0]}?$skiptoken=two&api-version=9`;
    server.answer(() => list("two"));

    expect(await ask(reader, link)).toEqual(list("two"));

    expect(server.requests.map((request) => request.name)).toEqual([`GET ${link}`]);
  });

  it.each(lists)("$call follows no link to another host, and sends no token there", async ({ ask }) => {
    server.answer(() => list());

    expect(await refusalOf(ask(reader, "https://management.azure.com.example/next"))).toMatchObject({
      reason: "malformed",
      detail: "a link leads to management.azure.com.example, which is no host of this cloud",
    });
    expect(server.requests).toEqual([]);
  });

  it.each(everyCall)("$call is not repeated by the client where it is refused", async ({ call, ask }) => {
    server.answer(() => azureError(403, "AuthorizationFailed", "not you"));

    expect(await refusalOf(ask(reader))).toMatchObject({
      reason: "access-denied",
      call,
      detail: "AuthorizationFailed: not you",
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each(everyCall)("$call is tried three times by our own loop where Azure is away", async ({ ask }) => {
    server.answer(() => new AzureServerAnswer(503, "<html>away</html>"));

    expect(await refusalOf(ask(reader))).toMatchObject({ reason: "unavailable", detail: "HTTP 503: HTTP 503" });
    expect(server.requests).toHaveLength(3);
    expect(reports.map(({ refusal }) => refusal)).toEqual(["unavailable", "unavailable", "unavailable"]);
  });

  it.each(everyCall)("$call waits as long as Azure asks for", async ({ ask }) => {
    let asked = 0;
    server.answer(() => {
      asked += 1;
      return asked > 1
        ? list()
        : new AzureServerAnswer(429, { error: { code: "TooManyRequests" } }, { "retry-after": "7" });
    });
    const start = clock.now();

    await ask(reader);

    // After that all who share the quota go a little slower.
    expect(Math.floor((clock.now() - start) / 1000)).toBe(7);
    expect(reports.map(({ refusal }) => refusal)).toEqual(["throttled", null]);
  });
});

it("of a managed HSM is asked by its own calls", async () => {
  server.answer(() => list());
  const keyId = `${testHsmId}/keys/prod`;

  await reader.getVault(target(), hsm);
  await reader.getKey(target(), hsm, "prod");
  await reader.listKeyVersions(target(), hsm, "prod", undefined);
  await reader.listKeys(target(), hsm, undefined);
  await reader.listVaults(target(), "managed-hsm", testSubscription, undefined);
  await reader.listDeletedVaults(target(), "managed-hsm", testSubscription, undefined);
  await reader.getDeletedKey(target(), testHsmHost, "prod");

  const names = server.requests.map(({ name }) =>
    name.replace(/^GET |\?.*$/g, "").replace(/^https:\/\/management\.azure\.com/, ""),
  );
  expect(names).toEqual([
    testHsmId,
    keyId,
    `${keyId}/versions`,
    `${testHsmId}/keys`,
    `/subscriptions/${testSubscription}/providers/Microsoft.KeyVault/managedHSMs`,
    `/subscriptions/${testSubscription}/providers/Microsoft.KeyVault/deletedManagedHSMs`,
    `https://${testHsmHost}/deletedkeys/prod`,
  ]);
});

it("the applications are asked for by their ids", async () => {
  server.answer(() => list());

  await reader.getAssignedApplications(target(), ["a", "b"]);

  expect(server.requests[0]?.body).toEqual({ ids: ["a", "b"], types: ["servicePrincipal"] });
});

it("Key Vault's challenge is answered with a token, and the question asked again", async () => {
  const challenge = `Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"`;
  server.answer(({ headers }) =>
    headers.authorization === undefined
      ? new AzureServerAnswer(401, { error: { code: "Unauthorized" } }, { "www-authenticate": challenge })
      : { deletedDate: 1 },
  );

  const one = azureReaderAt(server.local, { clock });

  expect(await one.getDeletedKey(target(), testHost, "prod")).toEqual({ deletedDate: 1 });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer local"]);
});

it.each([
  `Bearer authorization="https://login.microsoftonline.com/t", resource="https://storage.azure.com"`,
  `Bearer authorization="https://login.microsoftonline.com/t", resource="no address"`,
  "Basic",
])("Key Vault's challenge %s gets no token", async (challenge) => {
  server.answer(
    () => new AzureServerAnswer(401, { error: { code: "Unauthorized" } }, { "www-authenticate": challenge }),
  );
  const one = azureReaderAt(server.local, { clock });

  expect(await refusalOf(one.getDeletedKey(target(), testHost, "prod"))).toMatchObject({ credentials: "invalid" });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

it("a token that ended before its time is asked for anew, once", async () => {
  let refusals = 1;
  server.answer(() => {
    refusals -= 1;
    return refusals < 0 ? list() : azureError(401, "ExpiredAuthenticationToken");
  });

  expect(await reader.listKeys(target(), vault, undefined)).toEqual(list());

  refusals = 9;
  expect(await refusalOf(reader.listKeys(target(), vault, undefined))).toMatchObject({ credentials: "expired" });
  expect(refusals).toBe(7);
});

it("a directory without Privileged Identity Management says so by an error, which is an answer", async () => {
  server.answer(() => azureError(400, "AadPremiumLicenseRequired"));

  expect(await reader.listAssignmentSchedules(target(), testKeyId, undefined)).toEqual({ value: null });
  expect(reports).toMatchObject([{ refusal: null }]);
});

it.each<readonly [AzureCloud, string, string, string]>([
  ["us-government", "management.usgovcloudapi.net", "graph.microsoft.us", "x.vault.usgovcloudapi.net"],
  ["china", "management.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn", "x.vault.azure.cn"],
])("the cloud %s has hosts of its own", async (cloud, armHost, graphHost, vaultHost) => {
  const one = azureReaderAt(server.local, { clock, cloud });
  server.answer(() => list());
  const hosts = new Set<string>();

  for (const { call, ask } of everyCall) {
    if (call === "keyvault:GetDeletedKey") continue;
    await ask(one);
    const host = new URL(server.requests.at(-1)?.name.split(" ")[1] ?? "").host;
    expect(host).toBe(call.startsWith("graph:") ? graphHost : armHost);
    hosts.add(host);
  }
  await one.getDeletedKey(target(), vaultHost, "prod");

  expect(server.requests.at(-1)?.name).toContain(`https://${vaultHost}/deletedkeys/prod`);
  expect(hosts.size).toBe(2);
});

it("a server that is not there is unavailable", async () => {
  const gone = await startAzureServer();
  await gone.close();
  const one = azureReaderAt(gone.local, { clock });

  for (const { ask } of everyCall.filter(({ isList }) => !isList)) {
    expect(await refusalOf(ask(one))).toMatchObject({ reason: "unavailable" });
  }
});
