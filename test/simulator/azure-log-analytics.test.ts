import { type LogsQueryResult, LogsQueryResultStatus, type QueryTimeInterval } from "@azure/monitor-query";
import { expect, test } from "vitest";
import { sampleDiagnosticSetting, sampleWorkspace } from "../../src/simulator/azure/resources.ts";
import { azureRefusal, azureWorld, keyName, raw, vaultName } from "./azure-clients.ts";

const { id: workspaceName, customerId } = sampleWorkspace();
const anthropic = "8635ae1a-3e5d-44e8-a4ed-e0f614466f87";
const everything = { duration: "P30D" };

function row(day: number, OperationName: string, appid: string, HttpStatusCode = 200) {
  return {
    TimeGenerated: `2026-08-0${day}T00:00:00Z`,
    OperationName,
    HttpStatusCode,
    ResultSignature: HttpStatusCode === 200 ? "OK" : "Forbidden",
    RequestUri: "https://example-vault.vault.azure.net/keys/anthropic/wrapkey?a=1|2",
    _ResourceId: vaultName.toLowerCase(),
    Identity: { claim: { appid } },
  };
}

const rows = [
  row(1, "KeyWrap", anthropic),
  row(2, "KeyUnwrap", anthropic),
  row(3, "KeyGet", "somebody else", 403),
  row(4, "KeyWrap", anthropic, 403),
];

/** The workspace of the samples with these rows; the clock stands on the 5th of August. */
async function prepared() {
  const world = await azureWorld();
  const { azure, control, logs, pass } = world;
  azure.addWorkspace(sampleWorkspace({ audit_logs: rows }));
  control.patch({ resource: sampleDiagnosticSetting().id, change: {}, create: true });
  pass(Date.parse("2026-08-05T00:00:00Z") - Date.parse("2026-09-01T12:00:00Z"));
  const ask = (query: string, timespan: QueryTimeInterval = everything) =>
    logs.queryWorkspace(customerId, query, timespan);
  return { ...world, ask };
}

function told(result: LogsQueryResult) {
  if (result.status !== LogsQueryResultStatus.Success) {
    throw new TypeError("the query was answered in part");
  }
  const [table] = result.tables;
  return { names: table?.columnDescriptors.map(({ name }) => name), rows: table?.rows };
}

test.each([
  ["AZKVAuditLogs", [1, 2, 3, 4]],
  ["AZKVAuditLogs | where OperationName == 'KeyWrap'", [1, 4]],
  ['AZKVAuditLogs | where OperationName in ("KeyWrap", "KeyUnwrap") and HttpStatusCode < 300', [1, 2]],
  ["AZKVAuditLogs | where OperationName in~ ('keyget')", [3]],
  ["AZKVAuditLogs | where OperationName =~ 'KEYGET'", [3]],
  ["AZKVAuditLogs | where OperationName == 'KEYGET'", []],
  [
    "AZKVAuditLogs\n| where TimeGenerated >= datetime(2026-08-02T00:00:00Z)\n| where TimeGenerated < datetime('2026-08-04')",
    [2, 3],
  ],
  [`AZKVAuditLogs | where tostring(Identity.claim.appid) == '${anthropic}' and HttpStatusCode == 403`, [4]],
  [`AZKVAuditLogs | where Identity.claim.appid != "${anthropic}"`, [3]],
  ["AZKVAuditLogs | where Identity.claim.upn == 'nobody'", []],
  [
    "AZKVAuditLogs | where RequestUri == 'https://example-vault.vault.azure.net/keys/anthropic/wrapkey?a=1|2' | take 1",
    [1],
  ],
  ["AZKVAuditLogs | order by TimeGenerated desc | take 2", [4, 3]],
  ["AZKVAuditLogs | sort by HttpStatusCode asc | limit 3", [1, 2, 3]],
  ["AZKVAuditLogs | order by OperationName", [1, 4, 2, 3]],
])("the query %s", async (query, days) => {
  const { ask } = await prepared();
  const found = told(await ask(`${query} | project TimeGenerated`));
  expect(found.names).toEqual(["TimeGenerated"]);
  expect(found.rows).toEqual(days.map((day) => [new Date(`2026-08-0${day}T00:00:00Z`)]));
});

test("columns are told with their types, and what is not there as null", async () => {
  const { ask } = await prepared();
  const query = "AZKVAuditLogs | project TimeGenerated, Status = HttpStatusCode, Identity, ClientInfo | take 1";
  const found = told(await ask(query));
  expect(found.names).toEqual(["TimeGenerated", "Status", "Identity", "ClientInfo"]);
  expect(found.rows).toEqual([[new Date("2026-08-01T00:00:00Z"), 200, { claim: { appid: anthropic } }, null]]);
});

test.each<[string, QueryTimeInterval, number]>([
  ["a duration", { duration: "P2DT12H" }, 2],
  ["a start and an end", { startTime: new Date("2026-08-02T00:00:00Z"), endTime: new Date("2026-08-03T00:00:00Z") }, 2],
  ["a short duration", { duration: "PT1M" }, 0],
])("%s cuts what a query sees", async (_what, timespan, count) => {
  const { ask } = await prepared();
  expect(told(await ask("AZKVAuditLogs", timespan)).rows).toHaveLength(count);
});

test.each([
  ["AzureDiagnostics", "SemanticError", "SEM0100"],
  ["AZKVAuditLogs | where Identyti == 'x'", "SemanticError", "SEM0100"],
  ["AZKVAuditLogs | project Nobody", "SemanticError", "SEM0100"],
  ["AZKVAuditLogs | summarize count()", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | where OperationName has 'Key'", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | where OperationName == 'a' or OperationName == 'b'", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | where OperationName == KeyWrap", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | where OperationName in 'KeyWrap'", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | where OperationName == 'KeyWrap", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs || take 1", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | take all", "SyntaxError", "SYN0002"],
  ["AZKVAuditLogs | order by TimeGenerated, OperationName", "SyntaxError", "SYN0002"],
])("the query %s is refused as Log Analytics refuses one that is wrong", async (query, kind, code) => {
  const { ask } = await prepared();
  expect(await azureRefusal(ask(query))).toMatchObject({
    status: 400,
    code: "BadArgumentError",
    body: { error: { innererror: { code: kind, innererror: { code } } } },
  });
});

test("what is no query, and what is asked of no workspace", async () => {
  const { logs, origin } = await prepared();
  const nobody = logs.queryWorkspace("99999999-0000-4000-8000-000000000000", "AZKVAuditLogs", everything);
  expect(await azureRefusal(nobody)).toMatchObject({ status: 404, code: "WorkspaceNotFoundError" });
  const url = `https://api.loganalytics.azure.com/v1/workspaces/${customerId}/query`;
  for (const body of ["{}", '{"query":"AZKVAuditLogs","timespan":"P1M"}']) {
    const answer = await raw(origin, url, { method: "POST", body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "BadArgumentError" } } });
  }
});

test("a query is denied, throttled and made to fail like every call", async () => {
  const { ask, control } = await prepared();
  control.deny({ call: "loganalytics:Query", resource: workspaceName });
  expect(await azureRefusal(ask("AZKVAuditLogs"))).toMatchObject({ status: 403, code: "InsufficientAccessError" });
  control.deny({ call: "loganalytics:Query", reason: "throttled" });
  expect(await azureRefusal(ask("AZKVAuditLogs"))).toMatchObject({ status: 429, retryAfter: "1" });
  control.allow();
  control.fail({ call: "loganalytics:Query", times: 1, how: "missing-field:tables" });
  await expect(ask("AZKVAuditLogs").then(told)).rejects.toThrow();
  expect(told(await ask("AZKVAuditLogs")).rows).toHaveLength(4);
});

const recorded =
  "AZKVAuditLogs | where TimeGenerated >= datetime(2026-08-05) | project OperationName, HttpStatusCode, ResultSignature, RequestUri, Identity";

test("every request to a vault is recorded where its audit events go", async () => {
  const { ask, control, keyClient, origin } = await prepared();
  const uri = "https://example-vault.vault.azure.net";
  const bundle = `${uri}/keys/anthropic`;
  await raw(origin, `${bundle}?api-version=7.6`);
  await azureRefusal(keyClient().getDeletedKey("anthropic"));
  control.deny({ call: "keyvault:GetKeyBundle", resource: keyName });
  await raw(origin, `${bundle}?api-version=7.6`);
  const claim = { claim: { appid: expect.any(String), oid: expect.any(String) } };
  expect(told(await ask(recorded)).rows).toEqual([
    ["KeyGet", 200, "OK", bundle, claim],
    ["Authentication", 401, "Unauthorized", expect.stringContaining(`${uri}/deletedkeys/anthropic?`), null],
    ["KeyGetDeleted", 404, "Not Found", `${uri}/deletedkeys/anthropic`, claim],
    ["KeyGet", 403, "Forbidden", bundle, claim],
  ]);
});

test.each([
  ["no setting", null],
  ["a setting that is off", { properties: { logs: [{ category: "AuditEvent", enabled: false }] } }],
  ["another category", { properties: { logs: [{ category: "AzurePolicyEvaluationDetails", enabled: true }] } }],
  ["the table of all resources", { properties: { logAnalyticsDestinationType: null } }],
  ["another workspace", { properties: { workspaceId: `${workspaceName}-2` } }],
  ["no workspace", { properties: { workspaceId: null } }],
])("with %s no request is recorded", async (_what, change) => {
  const { ask, control, origin } = await prepared();
  control.patch({ resource: sampleDiagnosticSetting().id, change });
  await raw(origin, "https://example-vault.vault.azure.net/keys/anthropic?api-version=7.6");
  expect(told(await ask(recorded)).rows).toEqual([]);
});

test("a reset forgets what was recorded", async () => {
  const { ask, control, origin } = await prepared();
  await raw(origin, "https://example-vault.vault.azure.net/keys/anthropic?api-version=7.6");
  expect(told(await ask("AZKVAuditLogs")).rows).toHaveLength(5);
  control.reset();
  expect(told(await ask("AZKVAuditLogs")).rows).toHaveLength(4);
});
