/** Everybody whom the bindings of a key and of what is above it name, each with what it comes to. */
import { type Fact, known, mapFact } from "../../model/fact.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess, GcpMember } from "../../model/gcp-access.ts";
import type { GcpHome } from "./gcp-home.ts";
import { type GcpConditionResult, judgeCondition } from "./judge-condition.ts";
import { type GcpMemberClass, gcpMemberClass } from "./member-class.ts";
import { anythingRequested, policyRequested } from "./requested-resources.ts";
import { type GcpOperationClass, isOfLevelsAbove, operationsOfRole } from "./role-operations.ts";

/** One member of one binding. */
export interface GcpBoundMember {
  readonly level: GcpLevel;
  readonly binding: GcpBinding;
  readonly member: GcpMember;
  readonly class: GcpMemberClass;
  /** Unreadable where the role could not be read. */
  readonly operations: Fact<Readonly<Record<GcpOperationClass, readonly string[]>>>;
  /**
   * Whether the condition lets in any request about the key, its versions or its ring. `unknown` counts as access; only
   * `false` is none.
   */
  readonly condition: GcpConditionResult;
  /** As `condition`, for requests that set the policy of what is above the key; `false` where the role allows none. */
  readonly condition_above: GcpConditionResult;
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
      const resources = anythingRequested(home.key, home.project, binding.condition?.expression ?? "");
      const condition = judgeCondition(binding.condition, { at, resources });
      const above = policyRequested(level, home.project);
      const condition_above =
        above.length > 0 && maySetPolicies(operations)
          ? judgeCondition(binding.condition, { at, resources: above })
          : noAccess;
      return binding.members.map((member) => ({
        level,
        binding,
        member,
        class: classOf(member.text, member),
        operations,
        condition,
        condition_above,
      }));
    }),
  );
}

const noAccess: GcpConditionResult = { result: "false", on: [] };

function maySetPolicies(operations: GcpBoundMember["operations"]): boolean {
  return operations.state === "unreadable" || operations.value.policy.some(isOfLevelsAbove);
}

/** Whether anything at all is let in. */
export function isLetIn({ condition, condition_above }: GcpBoundMember): boolean {
  return condition.result !== "false" || condition_above.result !== "false";
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
