// What Key Vault logs of the requests to its data plane, in the form of its own table in Log Analytics.
// https://learn.microsoft.com/en-us/azure/azure-monitor/reference/tables/azkvauditlogs
import { STATUS_CODES } from "node:http";
import type { WireAnswer } from "../cloud.ts";
import type { Holder } from "./arm-lookup.ts";
import type { AzureState } from "./azure-state.ts";
import type { SimulatedAuditRow } from "./log-workspace.ts";
import type { SimulatedDiagnosticSetting } from "./resource-types.ts";

/** A request to a vault that was answered. */
export interface AuditedRequest {
  readonly holder: Holder;
  /** `KeyGet`, …; `Authentication` where the request carried no token. */
  readonly operation: string;
  readonly uri: string;
  readonly status: WireAnswer["status"];
  readonly address: string;
  /** Whose token it was. */
  readonly claims: Readonly<Record<string, string>> | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Adds a row to each workspace that the vault's audit events are sent to, as rows of the table of Key Vault's own. */
export function recordAudit(state: AzureState, audited: AuditedRequest): void {
  const prefix = `${audited.holder.id}/providers/Microsoft.Insights/diagnosticSettings/`.toLowerCase();
  const settings = state.diagnostics.all().filter(({ id }) => id.toLowerCase().startsWith(prefix));
  const ids = new Set(settings.filter(sendsAudit).map(({ properties }) => properties.workspaceId ?? ""));
  for (const id of ids) {
    const workspace = state.workspaces.find(id);
    if (workspace !== undefined) {
      state.workspaces.patch(workspace.id, { audit_logs: [...workspace.audit_logs, rowOf(audited)] });
    }
  }
}

/** Without `Dedicated` the rows go to AzureDiagnostics, which is not simulated. */
function sendsAudit({ properties }: SimulatedDiagnosticSetting): boolean {
  const { logAnalyticsDestinationType, logs } = properties;
  const wanted = ["auditevent", "audit", "alllogs"];
  return (
    logAnalyticsDestinationType?.toLowerCase() === "dedicated" &&
    logs.some(
      ({ category, categoryGroup, enabled }) =>
        enabled && wanted.includes((category ?? categoryGroup ?? "").toLowerCase()),
    )
  );
}

function rowOf({ holder, operation, uri, status, address, claims, now }: AuditedRequest): SimulatedAuditRow {
  return {
    TimeGenerated: new Date(now).toISOString(),
    OperationName: operation,
    _ResourceId: holder.id.toLowerCase(),
    RequestUri: uri,
    HttpStatusCode: status,
    ResultSignature: STATUS_CODES[status] ?? String(status),
    ResultType: status < 400 ? "Success" : "Failed",
    CallerIpAddress: address,
    DurationMs: 1,
    ...(claims === undefined ? {} : { Identity: { claim: claims } }),
  };
}
