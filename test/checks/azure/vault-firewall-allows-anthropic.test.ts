import { vaultFirewallAllowsAnthropic } from "../../../checks/azure/vault-firewall-allows-anthropic.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureFirewall,
  azureHsmKey,
  azurePerimeter,
  azureVaultKey,
  testAzureResourceGroup,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const firewall = (changes: Parameters<typeof azureFirewall>[0] = {}) => known(azureFirewall(changes));
const listing = (...ip_rules: readonly string[]) => azureVaultKey({ vault_firewall: firewall({ ip_rules }) });
const behind = (perimeters: ReturnType<typeof azurePerimeter>[], ...ip_rules: readonly string[]) =>
  azureVaultKey({ vault_firewall: firewall({ ip_rules }), perimeters: known(perimeters) });
const range = "160.79.104.0/21";
const denied = unreadable("access-denied", "");
const subnet = `${testAzureResourceGroup}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;

testCheck(vaultFirewallAllowsAnthropic, {
  pass: [
    { name: "no rules, which is Allow", resource: azureVaultKey(), message: "the firewall lets in everybody" },
    { name: "Allow", resource: azureVaultKey({ vault_firewall: firewall({ default_action: "Allow" }) }) },
    {
      name: "nothing said of a default, which is Allow",
      resource: azureVaultKey({ vault_firewall: firewall({ default_action: null }) }),
      message: "everybody",
    },
    {
      name: "Allow in small letters, beside other rules",
      resource: azureVaultKey({ vault_firewall: firewall({ default_action: "allow", ip_rules: ["203.0.113.7"] }) }),
    },
    { name: "Deny, and the range", resource: listing(range), message: `the firewall lets in ${range}` },
    { name: "two halves", resource: listing("160.79.108.0/22", "160.79.104.0/22") },
    { name: "parts that overlap", resource: listing("160.79.104.0/22", "160.79.106.0/23", "160.79.108.0/22") },
    { name: "more than the range", resource: listing("160.79.0.0/16", "203.0.113.0/24") },
    {
      name: "the range beside retired addresses, which is another matter",
      resource: listing("34.162.46.92/32", range),
    },
    {
      name: "another range, by the settings",
      resource: listing("198.51.100.0/24"),
      settings: { anthropic_egress: ["198.51.100.0/25", "198.51.100.128/25"] },
    },
    { name: "public access in other capitals", resource: azureVaultKey({ vault_public_access: known("ENABLED") }) },
    { name: "nothing said of public access", resource: azureVaultKey({ vault_public_access: known(null) }) },
    {
      name: "an unknown default action, and the range",
      resource: azureVaultKey({ vault_firewall: firewall({ default_action: "Observe", ip_rules: [range] }) }),
      message: `lets in ${range}`,
    },
    {
      name: "an entry that is no range beside the range",
      resource: listing("<the range>", range),
    },
    {
      name: "the range, and the perimeters are not read",
      resource: azureVaultKey({ vault_firewall: firewall({ ip_rules: [range] }), perimeters: denied }),
    },
    {
      name: "an enforced perimeter in the firewall's place, whatever it does",
      resource: behind([azurePerimeter()]),
      message: "the perimeter keys decides in the firewall's place",
    },
    {
      name: "a perimeter in transition that lets in what the firewall refuses",
      resource: behind([azurePerimeter([range], { access_mode: "Learning" })]),
      message: "the perimeter keys lets in what the firewall refuses",
    },
    { name: "a managed HSM", resource: azureHsmKey({ vault_firewall: firewall({ ip_rules: [range] }) }) },
  ],
  fail: [
    {
      name: "Deny, and nothing else",
      resource: listing(),
      message: `the firewall refuses 160.79.104.0-160.79.111.255: let all of ${range} in`,
    },
    {
      name: "deny in small letters",
      resource: azureVaultKey({ vault_firewall: firewall({ default_action: "deny" }) }),
    },
    {
      name: "the inbound range",
      resource: listing("160.79.104.0/23"),
      message: /refuses 160.79.106.0-160.79.111.255 \(160.79.104.0\/23 is where Anthropic is reached/,
    },
    { name: "retired addresses", resource: listing("34.162.46.92/32", "34.162.183.95") },
    {
      name: "all but one address",
      resource: listing(
        "160.79.104.0/22",
        "160.79.108.0/23",
        "160.79.110.0/24",
        "160.79.111.0/25",
        "160.79.111.128/26",
        "160.79.111.192/27",
        "160.79.111.224/28",
        "160.79.111.240/29",
        "160.79.111.248/30",
        "160.79.111.252/31",
        "160.79.111.254",
      ),
      message: "refuses 160.79.111.255:",
    },
    {
      name: "all but the middle",
      resource: listing("160.79.104.0/23", "160.79.110.0/23"),
      message: "refuses 160.79.106.0-160.79.109.255",
    },
    {
      name: "trusted services of Azure, which Anthropic is none of",
      resource: azureVaultKey({ vault_firewall: firewall({ bypass: "AzureServices", ip_rules: ["203.0.113.0/24"] }) }),
    },
    {
      name: "networks, which Anthropic is in none of",
      resource: azureVaultKey({ vault_firewall: firewall({ bypass: "None", network_rules: [subnet] }) }),
    },
    {
      name: "the range of the guide, where the settings have another beside it",
      resource: listing(range),
      settings: { anthropic_egress: [range, "198.51.100.0/24"] },
      message: "refuses 198.51.100.0-198.51.100.255",
    },
    {
      name: "a perimeter in transition that lets in no more",
      resource: behind([azurePerimeter(["160.79.104.0/22"], { access_mode: "Transition" })]),
    },
    { name: "a managed HSM", resource: azureHsmKey({ vault_firewall: firewall() }) },
    {
      name: "a managed HSM, which no perimeter takes in",
      resource: azureHsmKey({ vault_firewall: firewall(), perimeters: denied }),
    },
  ],
  "not-applicable": [
    {
      name: "public access is off",
      resource: azureVaultKey({ vault_public_access: known("Disabled"), vault_firewall: firewall() }),
      message: "the firewall decides nothing: public network access is Disabled",
    },
    {
      name: "public access is a perimeter's matter",
      resource: azureVaultKey({ vault_public_access: known("SecuredByPerimeter") }),
      message: "SecuredByPerimeter",
    },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "firewall denied", resource: azureVaultKey({ vault_firewall: denied }) },
    { name: "public access denied", resource: azureVaultKey({ vault_public_access: denied }) },
    {
      name: "a default action that nobody knows",
      resource: azureVaultKey({ vault_firewall: firewall({ default_action: "Observe" }) }),
      message: "the default action Observe",
    },
    { name: "an entry that is no range", resource: listing("<the range>"), message: 'the entry "<the range>"' },
    {
      name: "Deny, and the perimeters are not read",
      resource: azureVaultKey({ vault_firewall: firewall(), perimeters: denied }),
      message: "refuses 160.79.104.0-160.79.111.255, unless a perimeter overrides it",
    },
    {
      name: "Deny, and a perimeter in a mode that nobody knows",
      resource: behind([azurePerimeter([], { access_mode: "Strict" })]),
      message: "the access mode Strict of keys",
    },
    {
      name: "no range to ask for",
      resource: listing(range),
      settings: { anthropic_egress: [] },
      message: "outbound range",
    },
  ],
});
