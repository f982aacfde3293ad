/** What the published account gets from the bindings of a key and of what is above it. */
import type { Unreadable } from "../../model/fact.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess, GcpMember } from "../../model/gcp-access.ts";
import { type GcpHolding, holdingOfPublishedAccount } from "./account-membership.ts";
import { type GcpConditionResult, type GcpRequest, judgeCondition } from "./judge-condition.ts";

/** One member of one binding. */
export interface GcpGrant {
  readonly level: GcpLevel;
  readonly role: string;
  readonly member: GcpMember;
  readonly binding: GcpBinding;
  readonly holding: Exclude<GcpHolding, "not">;
  readonly condition: GcpConditionResult;
}

export interface GcpAccountAccess {
  /** `unknown`: nothing readable gives the permission, and a role that could not be read may. */
  readonly decision: "allowed" | "conditional" | "unknown" | "denied";
  /** Where `conditional`: what it hangs on, sorted. */
  readonly on: readonly string[];
  /** The grants that give it, where `allowed`; those that stay open, where `conditional`. */
  readonly grants: readonly GcpGrant[];
  /** Grants of the permission whose condition does not hold. */
  readonly failing: readonly GcpGrant[];
  /** Grants of roles that could not be read: they may give it, whatever is decided. */
  readonly unread: readonly (GcpGrant & { readonly role_fact: Unreadable })[];
}

/**
 * Whether the published account has a permission on the key from these levels. A set that may hold the account gives
 * nothing for certain, and nothing at all by a basic role: such a set is the people who run the project.
 */
export function publishedAccess(
  levels: readonly GcpLevelAccess[],
  permission: string,
  request: GcpRequest,
): GcpAccountAccess {
  const grants = levels
    .flatMap((access) => grantsToAccount(access, request))
    .filter(({ holding, role }) => holding !== "perhaps" || !basicRoles.has(role));
  const giving = grants.filter(({ binding }) => givesPermission(binding, permission));
  const allowed = giving.filter(({ holding, condition }) => holding !== "perhaps" && condition.result === "true");
  const open = giving.filter((grant) => !allowed.includes(grant) && grant.condition.result !== "false");
  const failing = giving.filter(({ condition }) => condition.result === "false");
  const unread = grants.flatMap((grant) => {
    const { permits } = grant.binding;
    return permits.state === "known" || grant.condition.result === "false" ? [] : [{ ...grant, role_fact: permits }];
  });
  if (allowed.length > 0) return { decision: "allowed", on: [], grants: allowed, failing, unread };
  if (open.length > 0) return { decision: "conditional", on: openNames(open), grants: open, failing, unread };
  return { decision: unread.length > 0 ? "unknown" : "denied", on: [], grants: [], failing, unread };
}

/** https://cloud.google.com/iam/docs/roles-overview#basic */
const basicRoles: ReadonlySet<string> = new Set(["roles/owner", "roles/editor", "roles/viewer"]);

/** Every grant of a level that takes the account in, whatever its role permits. */
export function grantsToAccount({ level, bindings }: GcpLevelAccess, request: GcpRequest): readonly GcpGrant[] {
  return bindings.flatMap((binding) => {
    const condition = judgeCondition(binding.condition, request);
    return binding.members.flatMap((member) => {
      const holding = holdingOfPublishedAccount(member);
      return holding === "not" ? [] : [{ level, role: binding.role, member, binding, holding, condition }];
    });
  });
}

/** The bindings of these levels that name the account, whatever their condition. */
export function bindingsNamingAccount(
  levels: readonly GcpLevelAccess[],
): readonly { readonly level: GcpLevel; readonly binding: GcpBinding }[] {
  return levels.flatMap(({ level, bindings }) =>
    bindings
      .filter(({ members }) => members.some((member) => holdingOfPublishedAccount(member) === "by-name"))
      .map((binding) => ({ level, binding })),
  );
}

/** Whether the role is known to hold the permission. */
function givesPermission({ permits }: GcpBinding, permission: string): boolean {
  return permits.state === "known" && !permits.value.deleted && permits.value.kms_permissions.includes(permission);
}

function openNames(grants: readonly GcpGrant[]): readonly string[] {
  const names = grants.flatMap(({ holding, member, condition }) => [
    ...(holding === "perhaps" ? [`membership of ${member.text}`] : []),
    ...condition.on,
  ]);
  return [...new Set(names)].toSorted();
}
