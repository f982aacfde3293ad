import { auditEventsRouted } from "../../../checks/azure/audit-events-routed.ts";
import type { AzureDiagnosticLog, AzureDiagnosticSetting } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureResourceGroup } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const storage = `${testAzureResourceGroup}/providers/Microsoft.Storage/storageAccounts/audit`;
const category = (name: string, enabled = true): AzureDiagnosticLog => ({
  category: name,
  category_group: null,
  enabled,
});
const group = (name: string, enabled = true): AzureDiagnosticLog => ({
  category: null,
  category_group: name,
  enabled,
});
const toWorkspace = { workspace_id: `${testAzureResourceGroup}/providers/Microsoft.OperationalInsights/workspaces/w` };
const toStorage = { storage_account_id: storage };
const toPartner = { partner_id: `${testAzureResourceGroup}/providers/Microsoft.Datadog/monitors/m` };

function setting(
  name: string,
  logs: readonly AzureDiagnosticLog[],
  destinations: Partial<AzureDiagnosticSetting>,
): AzureDiagnosticSetting {
  return {
    name,
    workspace_id: null,
    storage_account_id: null,
    event_hub_rule_id: null,
    partner_id: null,
    logs,
    ...destinations,
  };
}
const withSettings = (...settings: readonly AzureDiagnosticSetting[]) =>
  azureVaultKey({ diagnostic_settings: known(settings) });
const audit = category("AuditEvent");
const policyOnly = category("AzurePolicyEvaluationDetails");

testCheck(auditEventsRouted, {
  pass: [
    { name: "to Log Analytics", resource: azureVaultKey(), message: "sent by audit (Log Analytics)" },
    {
      name: "to a storage account",
      resource: withSettings(setting("s", [audit], toStorage)),
      message: "s (a storage account)",
    },
    {
      name: "to an event hub",
      resource: withSettings(
        setting("s", [audit], {
          event_hub_rule_id: `${testAzureResourceGroup}/providers/Microsoft.EventHub/namespaces/n/authorizationRules/r`,
        }),
      ),
      message: "s (an event hub)",
    },
    { name: "the group of audit logs", resource: withSettings(setting("s", [group("audit")], toWorkspace)) },
    { name: "all logs", resource: withSettings(setting("s", [group("allLogs")], toWorkspace)) },
    { name: "the group in capitals", resource: withSettings(setting("s", [group("Audit")], toStorage)) },
    {
      name: "the category in small letters",
      resource: withSettings(setting("s", [category("auditevent")], toStorage)),
    },
    {
      name: "one of several settings",
      resource: withSettings(
        setting("a", [audit], {}),
        setting("b", [policyOnly], toWorkspace),
        setting("c", [audit], toStorage),
      ),
      message: "sent by c (a storage account)",
    },
    {
      name: "all logs beside audit logs that are off",
      resource: withSettings(setting("s", [group("audit", false), group("allLogs")], toWorkspace)),
    },
    {
      name: "to a partner",
      resource: withSettings(setting("s", [audit], toPartner)),
      message: "s (a partner); nobody here can tell how long a partner keeps them",
    },
    {
      name: "to a partner and elsewhere",
      resource: withSettings(setting("s", [audit], { ...toPartner, ...toStorage })),
      message: /s \(a storage account, a partner\)$/,
    },
    { name: "of a managed HSM", resource: azureHsmKey() },
    { name: "the vault itself is not read", resource: azureVaultKey({ vault: unreadable("access-denied", "") }) },
  ],
  fail: [
    { name: "no setting", resource: withSettings(), message: "there is no diagnostic setting" },
    {
      name: "switched off",
      resource: withSettings(setting("s", [category("AuditEvent", false)], toWorkspace)),
      message: "s has them switched off",
    },
    {
      name: "both groups switched off",
      resource: withSettings(setting("s", [group("audit", false), group("allLogs", false)], toWorkspace)),
      message: "s has them switched off",
    },
    {
      name: "no destination",
      resource: withSettings(setting("s", [audit], {})),
      message: "s has no destination",
    },
    {
      name: "another category",
      resource: withSettings(setting("s", [policyOnly], toWorkspace)),
      message: "s does not take them",
    },
    { name: "another group", resource: withSettings(setting("s", [group("metrics")], toWorkspace)) },
    {
      name: "a group where the category belongs",
      resource: withSettings(setting("s", [category("allLogs")], toWorkspace)),
    },
    {
      name: "on in one setting, the destination in another",
      resource: withSettings(setting("b", [category("AuditEvent", false)], toStorage), setting("a", [audit], {})),
      message: "sent nowhere: a has no destination, b has them switched off",
    },
    {
      name: "of a managed HSM",
      resource: azureHsmKey({ diagnostic_settings: known([]) }),
      message: "there is no diagnostic setting",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "settings denied", resource: azureVaultKey({ diagnostic_settings: unreadable("access-denied", "") }) },
  ],
});
