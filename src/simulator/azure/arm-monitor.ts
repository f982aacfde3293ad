// Diagnostic settings of a resource. https://learn.microsoft.com/en-us/rest/api/monitor/diagnostic-settings/list
import type { JsonObject } from "../shape.ts";
import { findHolder, refuseUnknownSubscription, resourceNotFound } from "./arm-lookup.ts";
import {
  type AzureOperation,
  type AzureRequest,
  groupOf,
  nameIn,
  nextLinkOf,
  present,
  requestedPage,
} from "./azure-operation.ts";

const optional = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "eventHubName",
  "marketplacePartnerId",
  "logAnalyticsDestinationType",
] as const;

function listSettings(request: AzureRequest): JsonObject {
  refuseUnknownSubscription(request);
  const resource = groupOf(request, "scope");
  if (findHolder(request.state, resource) === undefined) {
    throw resourceNotFound(resource);
  }
  const prefix = `${resource}/providers/Microsoft.Insights/diagnosticSettings/`.toLowerCase();
  const all = request.state.diagnostics.all().filter(({ id }) => id.toLowerCase().startsWith(prefix));
  const { items, next } = requestedPage(request, all);
  const value = items.map(({ id, properties }) => ({
    id,
    name: nameIn(id),
    type: "Microsoft.Insights/diagnosticSettings",
    // What is not set is told as null.
    properties: {
      ...Object.fromEntries(optional.map((name) => [name, properties[name] ?? null])),
      ...logsOf(properties),
    },
  }));
  return present({ value, nextLink: nextLinkOf(request, next) });
}

function logsOf({ logs }: { readonly logs: readonly object[] }): JsonObject {
  const retentionPolicy = { enabled: false, days: 0 };
  return { metrics: [], logs: logs.map((log) => ({ category: null, categoryGroup: null, ...log, retentionPolicy })) };
}

function settingsTarget(request: AzureRequest): string {
  const resource = groupOf(request, "scope");
  return findHolder(request.state, resource)?.id ?? resource;
}

export const monitorOperations = {
  "insights:ListDiagnosticSettings": {
    permission: "Microsoft.Insights/diagnosticSettings/read",
    quota: "arm:read",
    target: settingsTarget,
    answer: listSettings,
  },
} as const satisfies Record<string, AzureOperation>;
