/**
 * Whether a network security perimeter lets in all of the range that Anthropic calls from. In enforced mode its rules
 * alone count; in the others a vault's own settings count beside them.
 * https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-transition
 */
import type { AzurePerimeter } from "../../model/azure.ts";
import { type AzureNetworkVerdict, entriesVerdict } from "./firewall.ts";

export interface AzureJudgedPerimeter extends AzureNetworkVerdict {
  readonly name: string;
  readonly access_mode: string;
  /** Whether its rules let the whole range in, whatever mode it is in. */
  readonly lets_in: boolean;
}

/** Today's name of learning is transition. */
const modesThatAddOnly: readonly string[] = ["learning", "transition", "audit"];

/** Only then do its rules count in place of what the vault itself says of its network. */
export function isEnforced({ access_mode }: Pick<AzurePerimeter, "access_mode">): boolean {
  return access_mode.toLowerCase() === "enforced";
}

/** `blocked`: it keeps some of `egress` (in CIDR form) out, whatever the vault's own settings say. */
export function judgePerimeter(perimeter: AzurePerimeter, egress: readonly string[]): AzureJudgedPerimeter {
  const { name, access_mode, rules } = perimeter;
  const inbound = rules.filter(({ direction }) => direction.toLowerCase() === "inbound");
  const listed = entriesVerdict(
    inbound.flatMap(({ address_prefixes }) => address_prefixes),
    egress,
  );
  const lets_in = listed.decision === "allowed";
  const judged = { name, access_mode, lets_in };
  if (isEnforced(perimeter) || lets_in) return { ...judged, ...listed };
  if (modesThatAddOnly.includes(access_mode.toLowerCase())) {
    return { ...judged, decision: "allowed", on: [], refused: [] };
  }
  return { ...judged, decision: "conditional", on: [`the access mode ${access_mode} of ${name}`], refused: [] };
}
