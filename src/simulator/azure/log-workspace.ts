// A Log Analytics workspace, as far as Key Vault writes to it. https://learn.microsoft.com/en-us/azure/azure-monitor/reference/tables/azkvauditlogs
import type { ShapeOf } from "../shape.ts";

/** A Log Analytics workspace with its rows of `AZKVAuditLogs`, the oldest first. */
export interface SimulatedWorkspace {
  /** `/subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/<name>`. */
  readonly id: string;
  /** By which it is queried. */
  readonly customerId: string;
  readonly audit_logs: readonly SimulatedAuditRow[];
}

export interface SimulatedAuditRow {
  /** RFC 3339. */
  readonly TimeGenerated: string;
  /** `KeyGet`, `KeyWrap`, `KeyUnwrap`, … */
  readonly OperationName: string;
  readonly _ResourceId: string;
  readonly RequestUri: string;
  readonly HttpStatusCode: number;
  /** `OK`, `Forbidden`, … */
  readonly ResultSignature: string;
  readonly ResultType?: string;
  readonly ResultDescription?: string;
  readonly CallerIpAddress?: string;
  readonly ClientInfo?: string;
  readonly CorrelationId?: string;
  readonly DurationMs?: number;
  /** Not there where the request carried no token. */
  readonly Identity?: { readonly claim: Readonly<Record<string, string>> };
  readonly Id?: string;
  readonly Algorithm?: string;
  readonly AppliedAssignmentId?: string;
}

const text = { optional: "string" } as const;

export const workspaceShape = {
  fields: {
    id: "string",
    customerId: "string",
    audit_logs: {
      list: {
        fields: {
          TimeGenerated: "string",
          OperationName: "string",
          _ResourceId: "string",
          RequestUri: "string",
          HttpStatusCode: "number",
          ResultSignature: "string",
          ResultType: text,
          ResultDescription: text,
          CallerIpAddress: text,
          ClientInfo: text,
          CorrelationId: text,
          DurationMs: { optional: "number" },
          Identity: { optional: { fields: { claim: { map: "string" } } } },
          Id: text,
          Algorithm: text,
          AppliedAssignmentId: text,
        },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedWorkspace>;
