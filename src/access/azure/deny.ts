/** What deny assignments take away: one that hits beats every assignment of roles. Access policies know none. */
import type { AzureDenial } from "../../model/azure-access.ts";
import { letsThrough } from "./judge-condition.ts";
import { permitsDataAction } from "./role-permits.ts";

export interface AzureDenialAnswer {
  readonly decision: "denied" | "conditional" | "spared";
  /** Where `conditional`: what it hangs on, sorted. */
  readonly on: readonly string[];
  /** Those that take it away, where `denied`; those that may, where `conditional`. */
  readonly denials: readonly AzureDenial[];
}

/** Whether deny assignments take a data action on the key away from the service principal. */
export function principalDenial(denials: readonly AzureDenial[], action: string): AzureDenialAnswer {
  return denialOf(denials, action, ({ names_principal }) => names_principal);
}

/** Whether they take it away from somebody who is assigned a role; groups are not looked into. */
export function holderDenial(
  denials: readonly AzureDenial[],
  action: string,
  holder: { readonly principal_id: string; readonly principal_type: string | null },
): AzureDenialAnswer {
  return denialOf(denials, action, (denial) => namesHolder(denial, holder));
}

type Names = AzureDenial["names_principal"];

function denialOf(
  denials: readonly AzureDenial[],
  action: string,
  names: (denial: AzureDenial) => Names,
): AzureDenialAnswer {
  const taking = denials
    .map((denial) => ({ denial, named: names(denial), holds: takes(denial, action) }))
    .filter(({ named, holds }) => named !== "no" && holds !== "no");
  const surely = taking.filter(({ named, holds }) => named === "yes" && holds === "yes");
  if (surely.length > 0) return { decision: "denied", on: [], denials: surely.map(({ denial }) => denial) };
  if (taking.length === 0) return { decision: "spared", on: [], denials: [] };
  const on = taking.flatMap(({ denial: { name }, named, holds }) => [
    ...(named === "undecided" ? [`whom the deny assignment ${name} is about`] : []),
    ...(holds === "conditional" ? [`the condition of the deny assignment ${name}`] : []),
  ]);
  return { decision: "conditional", on: [...new Set(on)].toSorted(), denials: taking.map(({ denial }) => denial) };
}

/** Each set of what is denied may have a condition of its own, beside that of the whole. */
function takes({ permissions, condition }: AzureDenial, action: string): "yes" | "conditional" | "no" {
  const sets = permissions.filter((set) => permitsDataAction({ permissions: [set] }, action));
  if (sets.length === 0) return "no";
  const surely = sets.some((set) => letsThrough(set.condition ?? null, action) === "yes");
  return surely ? letsThrough(condition, action) : "conditional";
}

/** Of a deny assignment: https://learn.microsoft.com/en-us/azure/role-based-access-control/deny-assignments#deny-assignment-properties */
export const everybody = "00000000-0000-0000-0000-000000000000";

function namesHolder(
  { principals, excluded }: AzureDenial,
  { principal_id, principal_type }: { readonly principal_id: string; readonly principal_type: string | null },
): Names {
  const id = principal_id.toLowerCase();
  const isHolder = (one: { readonly id: string }) => one.id.toLowerCase() === id;
  if (excluded.some(isHolder)) return "no";
  const isNamed = principals.some((one) => one.id === everybody || isHolder(one));
  if (!isNamed) return principals.some(mayHoldOthers) ? "undecided" : "no";
  // Of a group somebody may be spared; and somebody may be in a group that is.
  const isSpared = isMany(principal_type) ? excluded.length > 0 : excluded.some(mayHoldOthers);
  return isSpared ? "undecided" : "yes";
}

function mayHoldOthers({ type }: { readonly type: string | null }): boolean {
  return isMany(type);
}

/** A type that is not known may be many. */
function isMany(type: string | null): boolean {
  const kind = type?.toLowerCase();
  return kind !== "user" && kind !== "serviceprincipal" && kind !== "device";
}
