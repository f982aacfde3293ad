// Queries of a Log Analytics workspace. https://learn.microsoft.com/en-us/azure/azure-monitor/logs/api/overview
import type { JsonObject } from "../shape.ts";
import { AzureError } from "./azure-error.ts";
import { type AzureOperation, type AzureRequest, groupOf } from "./azure-operation.ts";
import { type LogTable, runQuery } from "./kql.ts";
import type { SimulatedWorkspace } from "./log-workspace.ts";

const columns: LogTable["columns"] = {
  TimeGenerated: "datetime",
  OperationName: "string",
  ResultType: "string",
  ResultSignature: "string",
  ResultDescription: "string",
  HttpStatusCode: "int",
  DurationMs: "int",
  CallerIpAddress: "string",
  ClientInfo: "string",
  CorrelationId: "string",
  Identity: "dynamic",
  RequestUri: "string",
  Id: "string",
  Algorithm: "string",
  AppliedAssignmentId: "string",
  _ResourceId: "string",
};

function query(request: AzureRequest): JsonObject {
  const workspace = findWorkspace(request);
  if (workspace === undefined) {
    throw new AzureError(404, "WorkspaceNotFoundError", "The requested workspace could not be found.");
  }
  const { query: text, timespan } = request.body;
  if (typeof text !== "string") {
    throw new AzureError(400, "BadArgumentError", "The request had some invalid properties");
  }
  const within = timespanOf(timespan, request.now());
  const rows = workspace.audit_logs
    .filter(({ TimeGenerated }) => within(Date.parse(TimeGenerated)))
    .map((row): JsonObject => ({ ...row }));
  return { tables: [tableMessage(runQuery(text, { name: "AZKVAuditLogs", columns, rows }))] };
}

/** https://learn.microsoft.com/en-us/azure/azure-monitor/logs/api/response-format */
function tableMessage({ columns: typed, rows }: LogTable): JsonObject {
  const names = Object.keys(typed);
  return {
    name: "PrimaryResult",
    columns: names.map((name) => ({ name, type: typed[name] })),
    rows: rows.map((row) => names.map((name) => cell(row[name], typed[name]))),
  };
}

/** What is in a dynamic column comes as text. */
function cell(value: unknown, type: string | undefined): unknown {
  return value === undefined ? null : type === "dynamic" ? JSON.stringify(value) : value;
}

const unitMs: Readonly<Record<string, number>> = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 };

/** `<start>/<end>`, or a duration of days, hours, minutes and seconds that ends now. https://learn.microsoft.com/en-us/azure/azure-monitor/logs/api/timespan */
function timespanOf(timespan: unknown, now: number): (time: number) => boolean {
  if (timespan === undefined || timespan === null) {
    return () => true;
  }
  const text = typeof timespan === "string" ? timespan : JSON.stringify(timespan);
  const [start, end] = text.split("/").map((part) => Date.parse(part));
  if (start !== undefined && end !== undefined && !Number.isNaN(start + end)) {
    return (time) => time >= start && time <= end;
  }
  const duration = /^P(?:(?<D>\d+)D)?(?:T(?:(?<H>\d+)H)?(?:(?<M>\d+)M)?(?:(?<S>\d+)S)?)?$/.exec(text)?.groups;
  if (duration === undefined) {
    throw new AzureError(400, "BadArgumentError", `The simulator does not know the timespan '${text}'.`);
  }
  const length = Object.entries(unitMs).reduce((sum, [unit, ms]) => sum + Number(duration[unit] ?? 0) * ms, 0);
  return (time) => time >= now - length && time <= now;
}

function findWorkspace(request: AzureRequest): SimulatedWorkspace | undefined {
  const asked = groupOf(request, "workspace").toLowerCase();
  return request.state.workspaces.all().find(({ customerId }) => customerId.toLowerCase() === asked);
}

export const logAnalyticsOperations = {
  "loganalytics:Query": {
    permission: "Microsoft.OperationalInsights/workspaces/query/read",
    target: (request) => findWorkspace(request)?.id ?? null,
    answer: query,
  },
} as const satisfies Record<string, AzureOperation>;
