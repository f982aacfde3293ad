/** What is offered against failures of the vault's network, its records, the key's tags and its rotation. */
import { describe, expect, it } from "vitest";
import { auditEventsRouted } from "../../checks/azure/audit-events-routed.ts";
import { organizationTag } from "../../checks/azure/organization-tag.ts";
import { rotationScheduled } from "../../checks/azure/rotation-scheduled.ts";
import { vaultFirewallAllowsAnthropic } from "../../checks/azure/vault-firewall-allows-anthropic.ts";
import { vaultFirewallIsCurrent } from "../../checks/azure/vault-firewall-is-current.ts";
import { vaultWithoutPrivateEndpoint } from "../../checks/azure/vault-without-private-endpoint.ts";
import type { Check, CheckContext } from "../../src/check/define-check.ts";
import { offerCommands } from "../../src/check/offer-correction.ts";
import type { AzureDiagnosticLog, AzureDiagnosticSetting } from "../../src/model/azure.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import {
  azureFirewall,
  azureHsmKey,
  azureVaultKey,
  testAzureSubscription,
  testAzureVault,
} from "../support/azure-vault-key.ts";
import { type TestResource, testSettings, testTime } from "../support/check-tester.ts";
import { testAnthropicOrganization } from "../support/gcp-kms-key.ts";

const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };
const place = `--subscription ${testAzureSubscription}`;
const tag = `anthropic-org-${testAnthropicOrganization}=true`;
const stranger = "anthropic-org-11111111-2222-4333-8444-555555555555";
const setTags = "az keyvault key set-attributes --vault-name customer-cmek --name anthropic --tags";
const rotate = `--name anthropic --value '{"lifetimeActions":[{"trigger":{"timeAfterCreate":"P90D"},"action":{"type":"Rotate"}}]}'`;
const update = `az monitor diagnostic-settings update --name audit --resource ${testAzureVault} --logs`;
const noVault = { vault: unreadable("access-denied", "") };

const firewall = (...ip_rules: readonly string[]) => ({ vault_firewall: known(azureFirewall({ ip_rules })) });
const tagged = (tags: Record<string, string>) => azureVaultKey({ tags: known(tags) });
const endpoint = (name: string, status = "Approved") => ({
  id: `${testAzureVault}/privateEndpointConnections/${name}`,
  status,
});
const reject = (name: string) => `az keyvault private-endpoint-connection reject --id ${endpoint(name).id}`;

const off = (category: string | null, category_group: string | null): AzureDiagnosticLog => ({
  category,
  category_group,
  enabled: false,
});
const sends = (logs: readonly AzureDiagnosticLog[], changes: Partial<AzureDiagnosticSetting> = {}) =>
  known([
    {
      name: "audit",
      workspace_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w",
      storage_account_id: null,
      event_hub_rule_id: null,
      partner_id: null,
      logs,
      ...changes,
    },
  ]);

interface Scenario {
  readonly name: string;
  readonly check: Check;
  readonly resource: TestResource<"azure.vault-key">;
  readonly commands: readonly string[] | undefined;
}

const scenarios: readonly Scenario[] = [
  {
    name: "a firewall that lists nothing",
    check: vaultFirewallAllowsAnthropic,
    resource: azureVaultKey(firewall()),
    commands: [`az keyvault network-rule add --name customer-cmek ${place} --ip-address 160.79.104.0/21`],
  },
  {
    name: "a managed HSM's, of which nobody knows where it is",
    check: vaultFirewallAllowsAnthropic,
    resource: azureHsmKey({ ...firewall("160.79.104.0/23"), ...noVault }),
    commands: ["az keyvault network-rule add --hsm-name customer-cmek --ip-address 160.79.104.0/21"],
  },
  {
    name: "retired addresses, as they are written",
    check: vaultFirewallIsCurrent,
    resource: azureVaultKey(firewall("34.162.46.92/32", "160.79.104.0/21", "34.162.183.95")),
    commands: [
      `az keyvault network-rule remove --name customer-cmek ${place} --ip-address 34.162.46.92/32 34.162.183.95`,
    ],
  },
  {
    name: "only the inbound range, and a retired address",
    check: vaultFirewallIsCurrent,
    resource: azureVaultKey(firewall("34.162.46.92", "160.79.104.0/23")),
    commands: [
      `az keyvault network-rule add --name customer-cmek ${place} --ip-address 160.79.104.0/21`,
      `az keyvault network-rule remove --name customer-cmek ${place} --ip-address 34.162.46.92`,
    ],
  },
  {
    name: "a wider rule, which may be somebody else's",
    check: vaultFirewallIsCurrent,
    resource: azureVaultKey(firewall("34.162.0.0/16")),
    commands: undefined,
  },
  {
    name: "two private endpoints and one that waits",
    check: vaultWithoutPrivateEndpoint,
    resource: azureVaultKey({ private_endpoints: known([endpoint("b"), endpoint("c", "Pending"), endpoint("a")]) }),
    commands: [reject("a"), reject("b")],
  },
  {
    name: "audit events that are switched off",
    check: auditEventsRouted,
    resource: azureVaultKey({
      diagnostic_settings: sends([
        { ...off("AzurePolicyEvaluationDetails", null), enabled: true },
        off("AuditEvent", null),
      ]),
    }),
    commands: [
      `${update} '[{"category":"AzurePolicyEvaluationDetails","enabled":true},{"category":"AuditEvent","enabled":true}]'`,
    ],
  },
  {
    name: "groups that are switched off",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: sends([off(null, "audit"), off(null, "allLogs")]) }),
    commands: [`${update} '[{"categoryGroup":"audit","enabled":true},{"categoryGroup":"allLogs","enabled":false}]'`],
  },
  {
    name: "a setting that takes nothing",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: sends([]) }),
    commands: [`${update} '[{"category":"AuditEvent","enabled":true}]'`],
  },
  {
    name: "a setting that takes other groups",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: sends([off(null, "metrics")]) }),
    commands: [`${update} '[{"categoryGroup":"metrics","enabled":false},{"categoryGroup":"audit","enabled":true}]'`],
  },
  {
    name: "a setting without destination",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: sends([off("AuditEvent", null)], { workspace_id: null }) }),
    commands: undefined,
  },
  {
    name: "no setting: nobody knows where to",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: known([]) }),
    commands: undefined,
  },
  {
    name: "a setting of a vault that is not read",
    check: auditEventsRouted,
    resource: azureVaultKey({ diagnostic_settings: sends([]), ...noVault }),
    commands: undefined,
  },
  {
    name: "a missing tag beside others, which stay",
    check: organizationTag,
    resource: tagged({ team: "payments & more", owner: "O'Neill", empty: "" }),
    commands: [`${setTags} 'team=payments & more' 'owner=O'\\''Neill' empty= ${tag}`],
  },
  {
    name: "a stranger's tag",
    check: organizationTag,
    resource: tagged({ [tag.replace("=true", "")]: "true", [stranger]: "true" }),
    commands: [`${setTags} ${tag}`],
  },
  {
    name: "a tag that is written otherwise",
    check: organizationTag,
    resource: tagged({ [tag.replace("=true", "").toUpperCase()]: "true" }),
    commands: [`${setTags} ${tag}`],
  },
  {
    name: "a tag in a managed HSM",
    check: organizationTag,
    resource: azureHsmKey({ tags: known({}) }),
    commands: [`az keyvault key set-attributes --hsm-name customer-cmek --name anthropic --tags ${tag}`],
  },
  {
    name: "a tag that would be taken for a flag",
    check: organizationTag,
    resource: tagged({ "--enabled": "false" }),
    commands: undefined,
  },
  { name: "a tag with an equals sign", check: organizationTag, resource: tagged({ "a=b": "c" }), commands: undefined },
  {
    name: "no rotation policy",
    check: rotationScheduled,
    resource: azureVaultKey({ rotation_policy: known(null) }),
    commands: [`az keyvault key rotation-policy update --vault-name customer-cmek ${rotate}`],
  },
  {
    name: "none in a managed HSM",
    check: rotationScheduled,
    resource: azureHsmKey({ rotation_policy: known(null) }),
    commands: [`az keyvault key rotation-policy update --hsm-name customer-cmek ${rotate}`],
  },
];

describe("what is offered against", () => {
  it.each(scenarios)("$name ($check.id)", ({ check, resource, commands }) => {
    expect(offerCommands(check, resource.facts, context)).toEqual(commands);
  });

  it("nothing, where nothing fails", () => {
    for (const { check } of scenarios) expect(offerCommands(check, azureVaultKey().facts, context)).toBeUndefined();
  });
});
