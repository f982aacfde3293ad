/** Commands of `gcloud` that take bindings away, in an order that never leaves the published account without its access. */
import { gcpUsePermissions, gcpViewPermission } from "../../guidance/gcp-roles.ts";
import type { GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess } from "../../model/gcp-access.ts";
import { holdingOfPublishedAccount } from "./account-membership.ts";
import type { GcpBoundMember } from "./bound-members.ts";
import { conditionEnd } from "./condition-end.ts";
import { bindAccount, removeBinding } from "./gcloud-bindings.ts";
import type { GcpRequest } from "./judge-condition.ts";
import { publishedAccess } from "./published-access.ts";

/** A role that a member is to have no more at a level. */
export interface GcpRemoval {
  readonly level: GcpLevel;
  readonly role: string;
  /** As the policy writes it. */
  readonly member: string;
}

export interface GcpRemovalContext {
  /** Every level that could be read. */
  readonly levels: readonly GcpLevelAccess[];
  readonly key: GcpRegisteredKey;
  /** The account's own request about the key. */
  readonly request: GcpRequest;
}

/** Taking a member out of its binding. */
export function removalOf({ level, binding: { role }, member }: GcpBoundMember): GcpRemoval {
  return { level, role, member: member.text };
}

/** Taking the published account out of bindings that name it, in whatever form they do. */
export function removalsOfAccount(
  bindings: readonly { readonly level: GcpLevel; readonly binding: GcpBinding }[],
): readonly GcpRemoval[] {
  return bindings.flatMap(({ level, binding: { role, members } }) =>
    members
      .filter((member) => holdingOfPublishedAccount(member) === "by-name")
      .map(({ text }) => ({ level, role, member: text })),
  );
}

/** First binds the account on the key to whatever it would lose, then takes each binding away, once. */
export function removeBindings(
  removals: readonly GcpRemoval[],
  { levels, key, request }: GcpRemovalContext,
): readonly string[] {
  const isTaken = (level: GcpLevel, role: string, member: string) =>
    removals.some((one) => one.level.name === level.name && one.role === role && one.member === member);
  const taken = withMembers(levels, isTaken);
  const rest = withMembers(levels, (...binding) => !isTaken(...binding));
  const lost = [...gcpUsePermissions, gcpViewPermission].filter((permission) => {
    const left = firmness(rest, permission, request);
    if (left < firmness(levels, permission, request)) return true;
    return left < firm && mayComeByName(taken, permission, request);
  });
  const commands = removals.map(({ level, member, role }) => removeBinding(level, member, role, key));
  // gcloud fails where there is nothing to remove: bindings of one role that differ by condition go together.
  return [...bindAccount(lost, key), ...new Set(commands)];
}

function withMembers(
  levels: readonly GcpLevelAccess[],
  belongs: (level: GcpLevel, role: string, member: string) => boolean,
): readonly GcpLevelAccess[] {
  return levels.map(({ level, bindings }) => ({
    level,
    bindings: bindings.map((binding) => ({
      ...binding,
      members: binding.members.filter(({ text }) => belongs(level, binding.role, text)),
    })),
  }));
}

/** The account has the permission by its own name and without an end. */
const firm = 3;

/** How surely the account has a permission: the higher, the better. */
function firmness(levels: readonly GcpLevelAccess[], permission: string, request: GcpRequest): number {
  const { decision, grants } = publishedAccess(levels, permission, request);
  if (decision === "denied") return 0;
  if (decision !== "allowed") return 1;
  // What everybody has lasts only until that is noticed.
  const lasts = grants.some(
    ({ holding, binding }) => holding === "by-name" && conditionEnd(binding.condition, request).kind === "none",
  );
  return lasts ? firm : 2;
}

/** Of two bindings that give the same it may be this one that lasts, or that holds. */
function mayComeByName(levels: readonly GcpLevelAccess[], permission: string, request: GcpRequest): boolean {
  const { grants, unread } = publishedAccess(levels, permission, request);
  return [...grants, ...unread].some(({ holding }) => holding === "by-name");
}
