// Whether a vault's network rules let an address in. https://learn.microsoft.com/en-us/azure/key-vault/general/network-security
import { BlockList, isIPv4 } from "node:net";
import type { SimulatedNetworkRules } from "./resource-types.ts";

/** Whether a text is an IPv4 address, or a range of them. */
export function isAddressRange(text: string): boolean {
  const [address = "", prefix = "32", ...rest] = text.split("/");
  return isIPv4(address) && /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32 && rest.length === 0;
}

/** Subnets and trusted services do not count: the address is one of the internet, and belongs to no service. */
export function admits(rules: SimulatedNetworkRules | undefined, address: string): boolean {
  if (rules?.defaultAction?.toLowerCase() !== "deny") {
    return true;
  }
  const list = new BlockList();
  for (const { value } of rules.ipRules ?? []) {
    const [network = "", prefix = "32"] = value.split("/");
    list.addSubnet(network, Number(prefix), "ipv4");
  }
  return list.check(address, "ipv4");
}
