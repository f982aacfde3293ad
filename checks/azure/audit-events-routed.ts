import { az } from "../../src/access/azure/az.ts";
import { existingAzureKey } from "../../src/access/azure/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { AzureDiagnosticLog, AzureDiagnosticSetting } from "../../src/model/azure.ts";

/** Of them Key Vault writes who used a key: https://learn.microsoft.com/en-us/azure/key-vault/general/logging */
const auditCategory = "AuditEvent";
const auditGroups: readonly string[] = ["audit", "allLogs"];

export const auditEventsRouted = defineCheck({
  id: "azure/audit-events-routed",
  title: "Audit events of the vault are sent to a place that keeps them",
  resource: "azure.vault-key",
  severity: "medium",
  why: "Azure keeps no record of who wraps and unwraps unless a diagnostic setting sends the audit events somewhere.",
  remediation:
    'Send `AuditEvent` to a Log Analytics workspace, a storage account or an event hub (`az monitor diagnostic-settings create --name … --resource … --logs \'[{"category":"AuditEvent","enabled":true}]\' --workspace …`).',
  references: [
    "https://learn.microsoft.com/en-us/azure/key-vault/general/logging",
    "https://learn.microsoft.com/en-us/azure/azure-monitor/platform/diagnostic-settings",
  ],
  controls: [
    { framework: "CIS Azure Foundations", version: "5.0.0", id: "6.1.1.4", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-2", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-12", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.15", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "10.2.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "LOG-11", basis: "seen" },
    { framework: "SOC 2", version: "2017", id: "CC7.2", basis: "seen" },
  ],

  scope: existingAzureKey,

  reads: ["diagnostic_settings"],
  mayRead: ["vault"],
  evaluate({ diagnostic_settings }) {
    const settings = sorted(diagnostic_settings);
    const evidence = {
      settings: settings.map((setting) => ({
        name: setting.name,
        audit: setting.logs.some((log) => isAudit(log) && log.enabled),
        destinations: [...destinationsOf(setting)],
      })),
    };
    const routed = settings.filter(
      (setting) => destinationsOf(setting).length > 0 && setting.logs.some((log) => isAudit(log) && log.enabled),
    );
    if (routed.length === 0) {
      const told = settings.map((setting) => `${setting.name} ${whyNot(setting)}`);
      const why = told.length === 0 ? "there is no diagnostic setting" : told.join(", ");
      return { outcome: "fail", message: `audit events are sent nowhere: ${why}`, evidence };
    }
    const told = routed.map((setting) => `${setting.name} (${destinationsOf(setting).join(", ")})`);
    const onlyPartner = routed.every((setting) => destinationsOf(setting).every((place) => place === partner));
    const remark = onlyPartner ? "; nobody here can tell how long a partner keeps them" : "";
    return { outcome: "pass", message: `audit events are sent by ${told.join(", ")}${remark}`, evidence };
  },

  commands({ diagnostic_settings, vault }) {
    const setting = sorted(diagnostic_settings).find((one) => destinationsOf(one).length > 0);
    if (setting === undefined || vault.state === "unreadable") return [];
    const logs = JSON.stringify(withAudit(setting.logs).map(written));
    return [az("monitor diagnostic-settings update", { name: setting.name, resource: vault.value.id, logs })];
  },
});

const partner = "a partner";

function destinationsOf(setting: AzureDiagnosticSetting): readonly string[] {
  return [
    ...(setting.workspace_id === null ? [] : ["Log Analytics"]),
    ...(setting.storage_account_id === null ? [] : ["a storage account"]),
    ...(setting.event_hub_rule_id === null ? [] : ["an event hub"]),
    ...(setting.partner_id === null ? [] : [partner]),
  ];
}

function isAudit({ category, category_group }: AzureDiagnosticLog): boolean {
  return (
    category?.toLowerCase() === auditCategory.toLowerCase() ||
    auditGroups.some((group) => group.toLowerCase() === category_group?.toLowerCase())
  );
}

function whyNot(setting: AzureDiagnosticSetting): string {
  if (destinationsOf(setting).length === 0) return "has no destination";
  return setting.logs.some(isAudit) ? "has them switched off" : "does not take them";
}

/** Switches on what is there for audit events, or adds it: a setting has either categories or groups of them. */
function withAudit(logs: readonly AzureDiagnosticLog[]): readonly AzureDiagnosticLog[] {
  const off = logs.find(isAudit);
  if (off !== undefined) return logs.map((log) => (log === off ? { ...log, enabled: true } : log));
  const group = logs.some(({ category_group }) => category_group !== null);
  return [...logs, { category: group ? null : auditCategory, category_group: group ? "audit" : null, enabled: true }];
}

function written({ category, category_group, enabled }: AzureDiagnosticLog) {
  return category_group === null ? { category, enabled } : { categoryGroup: category_group, enabled };
}

function sorted(settings: readonly AzureDiagnosticSetting[]): readonly AzureDiagnosticSetting[] {
  return settings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
