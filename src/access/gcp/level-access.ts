import type { Fact } from "../../model/fact.ts";
import type { GcpIamPolicy, GcpPolicyBinding, GcpRole } from "../../model/gcp.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess } from "../../model/gcp-access.ts";
import { parseGcpMember } from "./parse-member.ts";

/** `roleOf` tells what a role permits. */
export function levelAccess(
  level: GcpLevel,
  policy: GcpIamPolicy,
  roleOf: (role: string) => Fact<GcpRole>,
): GcpLevelAccess {
  return { level, bindings: policy.bindings.map((binding) => bindingOf(binding, policy.version, roleOf)) };
}

/**
 * What a policy of a version below 3 has in place of a condition.
 * https://cloud.google.com/iam/docs/troubleshoot-withcond
 */
const conditionalRole = /^(.*)_withcond_[0-9a-f]+$/;

function bindingOf(
  { role, members, condition }: GcpPolicyBinding,
  version: number,
  roleOf: (role: string) => Fact<GcpRole>,
): GcpBinding {
  const bare = version < 3 ? conditionalRole.exec(role)?.[1] : undefined;
  const hidden = bare !== undefined && condition === null;
  const name = bare ?? role;
  return {
    role: name,
    permits: roleOf(name),
    members: members.map(parseGcpMember),
    condition: hidden
      ? { title: null, expression: "", hidden }
      : condition === null
        ? null
        : { ...condition, hidden: false },
  };
}
