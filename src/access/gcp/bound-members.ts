/** Everybody whom the bindings of a key and of what is above it name, each with what it comes to. */
import { type Fact, known, mapFact } from "../../model/fact.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess, GcpMember } from "../../model/gcp-access.ts";
import type { GcpHome } from "./gcp-home.ts";
import { type GcpConditionResult, judgeCondition } from "./judge-condition.ts";
import { type GcpMemberClass, gcpMemberClass } from "./member-class.ts";
import { anythingRequested, policyRequested } from "./requested-resources.ts";
import { type GcpOperationClass, operationsOfRole } from "./role-operations.ts";

/** One member of one binding. */
export interface GcpBoundMember {
  readonly level: GcpLevel;
  readonly binding: GcpBinding;
  readonly member: GcpMember;
  readonly class: GcpMemberClass;
  /** Unreadable where the role could not be read. */
  readonly operations: Fact<Readonly<Record<GcpOperationClass, readonly string[]>>>;
  /**
   * Whether the condition lets in any request about the key, its versions or its ring, or about the policy of what is
   * above. `unknown` counts as access; only `false` is none.
   */
  readonly condition: GcpConditionResult;
}

/** `at` in epoch milliseconds; `expected` is `expected_principals` of the registration. */
export function boundMembers(
  levels: readonly GcpLevelAccess[],
  home: GcpHome,
  { at, expected }: { readonly at: number; readonly expected: readonly string[] },
): readonly GcpBoundMember[] {
  const classOf = remembering((member: GcpMember) => gcpMemberClass(member, home, expected));
  const operationsOf = remembering((permits: GcpBinding["permits"]) =>
    mapFact(permits, (value) => known(operationsOfRole(value))),
  );
  return levels.flatMap(({ level, bindings }) =>
    bindings.flatMap((binding) => {
      const operations = operationsOf(binding.role, binding.permits);
      const setsPolicy = operations.state === "unreadable" || operations.value.policy.length > 0;
      const resources = [
        ...anythingRequested(home.key, home.project, binding.condition?.expression ?? ""),
        ...(setsPolicy ? policyRequested(level, home.project) : []),
      ];
      const condition = judgeCondition(binding.condition, { at, resources });
      return binding.members.map((member) => ({
        level,
        binding,
        member,
        class: classOf(member.text, member),
        operations,
        condition,
      }));
    }),
  );
}

/** The same people and roles stand in many bindings. */
function remembering<T, R>(compute: (of: T) => R): (name: string, of: T) => R {
  const remembered = new Map<string, R>();
  return (name, of) => {
    const before = remembered.get(name);
    if (before !== undefined) return before;
    const result = compute(of);
    remembered.set(name, result);
    return result;
  };
}
