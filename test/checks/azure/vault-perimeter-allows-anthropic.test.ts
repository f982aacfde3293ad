import { vaultPerimeterAllowsAnthropic } from "../../../checks/azure/vault-perimeter-allows-anthropic.ts";
import type { AzurePerimeter } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureFirewall, azureHsmKey, azurePerimeter, azureVaultKey } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const range = "160.79.104.0/21";
const within = (...perimeters: readonly AzurePerimeter[]) => azureVaultKey({ perimeters: known(perimeters) });
const rule = (name: string, direction: string, ...address_prefixes: readonly string[]) => ({
  name,
  direction,
  address_prefixes,
});

testCheck(vaultPerimeterAllowsAnthropic, {
  pass: [
    { name: "in none", resource: azureVaultKey(), message: "the vault is in no perimeter" },
    {
      name: "an inbound rule that holds the range",
      resource: within(azurePerimeter([range])),
      message: `keys lets in ${range}`,
    },
    { name: "two halves in one rule", resource: within(azurePerimeter(["160.79.104.0/22", "160.79.108.0/22"])) },
    {
      name: "two halves in two rules",
      resource: within(
        azurePerimeter([], {
          rules: [rule("a", "Inbound", "160.79.104.0/22"), rule("b", "inbound", "160.79.108.0/22")],
        }),
      ),
    },
    {
      name: "learning",
      resource: within(azurePerimeter([], { access_mode: "Learning" })),
      message:
        "keys is in mode Learning, in which the vault's own settings let in what they do: enforced, it would keep Anthropic out",
    },
    { name: "in transition", resource: within(azurePerimeter([], { access_mode: "Transition" })) },
    { name: "audit", resource: within(azurePerimeter([], { access_mode: "audit" })) },
    {
      name: "an unknown mode, with the range",
      resource: within(azurePerimeter([range], { access_mode: "Strict" })),
      message: `keys lets in ${range}`,
    },
    {
      name: "two perimeters that both let in",
      resource: within(azurePerimeter([range]), azurePerimeter(["0.0.0.0/0"], { name: "others" })),
      message: new RegExp(`keys lets in ${range}; others lets in ${range}$`),
    },
    {
      name: "lets in what the vault's own firewall refuses, which is another matter",
      resource: azureVaultKey({ perimeters: known([azurePerimeter([range])]), vault_firewall: known(azureFirewall()) }),
    },
    {
      name: "another range, by the settings",
      resource: within(azurePerimeter(["198.51.100.0/24"])),
      settings: { anthropic_egress: ["198.51.100.0/24"] },
    },
  ],
  fail: [
    {
      name: "enforced, without a rule",
      resource: within(azurePerimeter()),
      message: "kept out by the perimeter keys (from 160.79.104.0-160.79.111.255)",
    },
    {
      name: "enforced, whatever the vault's own settings allow",
      resource: azureVaultKey({
        perimeters: known([azurePerimeter()]),
        vault_firewall: known(azureFirewall({ ip_rules: [range] })),
      }),
    },
    {
      name: "enforced in other capitals",
      resource: within(azurePerimeter([], { access_mode: "enforced" })),
    },
    {
      name: "the inbound range",
      resource: within(azurePerimeter(["160.79.104.0/23"])),
      message: "from 160.79.106.0-160.79.111.255",
    },
    {
      name: "an outbound rule",
      resource: within(azurePerimeter([], { rules: [rule("out", "Outbound", range)] })),
    },
    {
      name: "a rule without addresses",
      resource: within(azurePerimeter([], { rules: [rule("in", "Inbound")] })),
    },
    {
      name: "halves over two perimeters",
      resource: within(azurePerimeter(["160.79.104.0/22"]), azurePerimeter(["160.79.108.0/22"], { name: "others" })),
      message: "keys (from 160.79.108.0-160.79.111.255), others (from 160.79.104.0-160.79.107.255)",
    },
    {
      name: "one of two",
      resource: within(azurePerimeter([range]), azurePerimeter([], { name: "others" })),
      message: "kept out by the perimeter others",
    },
    {
      name: "beside one in a mode that nobody knows",
      resource: within(azurePerimeter([], { access_mode: "Strict" }), azurePerimeter([], { name: "others" })),
    },
  ],
  "not-applicable": [
    {
      name: "a managed HSM",
      resource: azureHsmKey(),
      message: "a network security perimeter takes in no managed HSM",
    },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "perimeters denied", resource: azureVaultKey({ perimeters: unreadable("access-denied", "") }) },
    {
      name: "a mode that nobody knows",
      resource: within(azurePerimeter([], { access_mode: "Strict" })),
      message: "the access mode Strict of keys",
    },
    { name: "a prefix that is no range", resource: within(azurePerimeter(["AzureCloud"])), message: "AzureCloud" },
  ],
});
