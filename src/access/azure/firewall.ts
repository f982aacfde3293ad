/**
 * Whether lists of addresses let in all of the range that Anthropic calls from: a vault's own firewall, and what it lists
 * that is out of date. https://learn.microsoft.com/en-us/azure/key-vault/general/network-security
 */
import { anthropicInboundRange, retiredAnthropicAddresses } from "../../guidance/identifiers.ts";
import type { AzureFirewall } from "../../model/azure.ts";
import { type AddressRange, cutRange, parseRange, parseRanges, rangeHolds, rangeText } from "../addresses.ts";

export interface AzureNetworkVerdict {
  readonly decision: "allowed" | "blocked" | "conditional";
  /** Where `conditional`: what it hangs on. */
  readonly on: readonly string[];
  /** Parts of the outbound range that nothing listed holds: `160.79.106.0-160.79.111.255`. */
  readonly refused: readonly string[];
}

/** `egress` in CIDR form; the union of the entries counts. */
export function entriesVerdict(entries: readonly string[], egress: readonly string[]): AzureNetworkVerdict {
  const outbound = parseRanges(egress);
  // Where nobody says from where, nothing is let in for certain.
  if (outbound.length === 0) return { decision: "conditional", on: ["outbound range"], refused: [] };
  const refused = refusedParts(entries, outbound).map(rangeText);
  if (refused.length === 0) return { decision: "allowed", on: [], refused };
  const on = unreadEntries(entries).map((entry) => `the entry "${entry}"`);
  return { decision: on.length === 0 ? "blocked" : "conditional", on, refused };
}

/** Neither `bypass` nor rules for networks count: Anthropic is no service of Azure's and in no network of the customer's. */
export function firewallVerdict(firewall: AzureFirewall | null, egress: readonly string[]): AzureNetworkVerdict {
  const action = firewall?.default_action?.toLowerCase() ?? "allow";
  if (firewall === null || action === "allow") return { decision: "allowed", on: [], refused: [] };
  const listed = entriesVerdict(firewall.ip_rules, egress);
  if (action === "deny" || listed.decision === "allowed") return listed;
  return { ...listed, decision: "conditional", on: [`the default action ${firewall.default_action}`, ...listed.on] };
}

export interface AzureStaleRules {
  /** Rules that hold addresses from which Anthropic does not call any more. */
  readonly retired: readonly { readonly rule: string; readonly addresses: readonly string[] }[];
  /** Whether of the outbound range nothing is listed but what lies in the range where Anthropic is reached. */
  readonly inbound_only: boolean;
  /** Rules that are neither an address nor a range. */
  readonly unread: readonly string[];
}

/** `egress`: the outbound range, in CIDR form. */
export function staleRules({ ip_rules }: AzureFirewall, egress: readonly string[]): AzureStaleRules {
  const outbound = parseRanges(egress);
  const inbound = parseRanges([anthropicInboundRange]);
  const isInbound = (range: AddressRange) => inbound.some((one) => rangeHolds(one, range));
  const retired = ip_rules.flatMap((rule) => {
    const range = parseRange(rule);
    // A rule that holds all of today's range as well is not there for those addresses.
    if (range === undefined || (outbound.length > 0 && outbound.every((one) => rangeHolds(range, one)))) return [];
    const addresses = retiredAnthropicAddresses.filter((address) =>
      parseRanges([address]).some((one) => rangeHolds(range, one)),
    );
    return addresses.length === 0 ? [] : [{ rule, addresses }];
  });
  const listed = parseRanges(ip_rules);
  const heldElsewhere = outbound
    .flatMap((range) => cutRange(range, [...listed, ...inbound]))
    .some((piece) => !isInbound(piece) && listed.some((range) => rangeHolds(range, piece)));
  const inbound_only = listed.some(isInbound) && !heldElsewhere && refusedParts(ip_rules, outbound).length > 0;
  return { retired, inbound_only, unread: unreadEntries(ip_rules) };
}

/** Those of the outbound ranges that the entries do not hold wholly. */
export function refusedRanges(entries: readonly string[], egress: readonly string[]): readonly string[] {
  return egress.filter((range) => refusedParts(entries, parseRanges([range])).length > 0);
}

function refusedParts(entries: readonly string[], outbound: readonly AddressRange[]): readonly AddressRange[] {
  const held = parseRanges(entries);
  return outbound
    .flatMap((range) => cutRange(range, held))
    .filter((piece) => !held.some((range) => rangeHolds(range, piece)));
}

function unreadEntries(entries: readonly string[]): readonly string[] {
  return entries.filter((entry) => parseRange(entry) === undefined);
}
