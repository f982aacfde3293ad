import { vaultFirewallIsCurrent } from "../../../checks/azure/vault-firewall-is-current.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureFirewall, azureHsmKey, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const firewall = (ip_rules: readonly string[], default_action = "Deny") =>
  known(azureFirewall({ default_action, ip_rules }));
const listing = (...ip_rules: readonly string[]) => azureVaultKey({ vault_firewall: firewall(ip_rules) });

testCheck(vaultFirewallIsCurrent, {
  pass: [
    { name: "no firewall", resource: azureVaultKey(), message: "the vault has no firewall" },
    { name: "nothing listed", resource: listing(), message: "the firewall lists no retired address" },
    { name: "the outbound range", resource: listing("160.79.104.0/21") },
    { name: "other addresses", resource: listing("203.0.113.0/24") },
    { name: "the outbound range beside the inbound one", resource: listing("160.79.104.0/23", "160.79.104.0/21") },
    {
      name: "the inbound range, and the rest of the outbound one",
      resource: listing("160.79.104.0/23", "160.79.106.0/23", "160.79.108.0/22"),
    },
    { name: "a part that is not the inbound range, which is another matter", resource: listing("160.79.108.0/22") },
    { name: "a little more than the inbound range", resource: listing("160.79.104.0/23", "160.79.106.1") },
    { name: "a rule that holds everything", resource: listing("0.0.0.0/0") },
    { name: "the neighbours of a retired address", resource: listing("34.162.46.91", "34.162.46.93/32") },
    {
      name: "a part of the inbound range, where the settings ask for no more",
      resource: listing("160.79.104.0/24"),
      settings: { anthropic_egress: ["160.79.104.0/24"] },
    },
    { name: "a managed HSM", resource: azureHsmKey({ vault_firewall: firewall(["160.79.104.0/21"]) }) },
  ],
  fail: [
    {
      name: "a retired address",
      resource: listing("160.79.104.0/21", "34.162.46.92"),
      message: /^34.162.46.92 is retired: Anthropic does not call from there any more$/,
    },
    {
      name: "each of them",
      resource: listing("34.162.102.82/32", "34.162.136.91/32", "34.162.142.92/32", "34.162.183.95/32"),
      message: "34.162.142.92/32 is retired",
    },
    {
      name: "a range of retired addresses",
      resource: listing("160.79.104.0/21", "34.162.0.0/16"),
      message:
        "34.162.0.0/16 holds 34.162.46.92, 34.162.102.82, 34.162.136.91, 34.162.142.92, 34.162.183.95, which is retired",
    },
    {
      name: "a small range",
      resource: listing("34.162.46.92/31"),
      message: "34.162.46.92/31 holds 34.162.46.92, which",
    },
    {
      name: "a retired address, where everybody is let in today",
      resource: azureVaultKey({ vault_firewall: firewall(["34.162.46.92"], "Allow") }),
    },
    {
      name: "only the inbound range",
      resource: listing("203.0.113.0/24", "160.79.104.0/23"),
      message:
        "of Anthropic's addresses only those of 160.79.104.0/23 are listed, where it is reached; it calls from 160.79.104.0/21",
    },
    { name: "only the halves of the inbound range", resource: listing("160.79.104.0/24", "160.79.105.0/24") },
    {
      name: "only the inbound range, where Anthropic calls from elsewhere",
      resource: listing("160.79.104.0/23"),
      settings: { anthropic_egress: ["198.51.100.0/24"] },
      message: "it calls from 198.51.100.0/24",
    },
    { name: "both", resource: listing("160.79.104.0/23", "34.162.46.92"), message: /is retired.*; of Anthropic's/ },
    { name: "beside a rule that is no range", resource: listing("<the range>", "34.162.183.95") },
    { name: "a managed HSM", resource: azureHsmKey({ vault_firewall: firewall(["34.162.46.92/32"]) }) },
  ],
  "not-applicable": [{ name: "no such key", resource: azureVaultKey({ existence: known("absent") }) }],
  unknown: [
    { name: "vault denied", resource: azureVaultKey({ vault_firewall: unreadable("access-denied", "") }) },
    { name: "a rule that is no range", resource: listing("<the range>"), message: 'the rule "<the range>"' },
  ],
});
