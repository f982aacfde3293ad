/** When what the published account is given ends. */
import { gcpUsePermissions, gcpViewPermission } from "../../guidance/gcp-roles.ts";
import type { GcpLevelAccess } from "../../model/gcp-access.ts";
import { conditionEnd, type GcpConditionEnd } from "./condition-end.ts";
import type { GcpRequest } from "./judge-condition.ts";
import { bindingsNamingAccount } from "./published-access.ts";
import { tellLevel } from "./tell-level.ts";

const needed = [...gcpUsePermissions, gcpViewPermission];

/** One binding that gives the published account a permission. */
export interface GcpAccountEnding {
  readonly role: string;
  readonly level: string;
  readonly end: GcpConditionEnd;
}

export interface GcpAccountEndings {
  readonly permission: string;
  /** Of each binding that gives it. */
  readonly ends: readonly GcpAccountEnding[];
}

/** For each permission that the account needs, what is known to give it. */
export function accountEndings(levels: readonly GcpLevelAccess[], request: GcpRequest): readonly GcpAccountEndings[] {
  return needed.map((permission) => ({ permission, ends: endsOf(levels, permission, request) }));
}

/** What nothing gives, other checks miss; what one binding gives for good, another cannot end. */
export function hasEnd({ ends }: GcpAccountEndings): boolean {
  return ends.length > 0 && ends.every(({ end }) => end.kind !== "none");
}

function endsOf(
  levels: readonly GcpLevelAccess[],
  permission: string,
  request: GcpRequest,
): readonly GcpAccountEnding[] {
  return bindingsNamingAccount(levels).flatMap(({ level, binding: { role, permits, condition } }) =>
    permits.state === "known" && !permits.value.deleted && permits.value.kms_permissions.includes(permission)
      ? [{ role, level: tellLevel(level), end: conditionEnd(condition, request) }]
      : [],
  );
}
