/** Everybody whom the bindings of a key and of what is above it name, each with what it comes to. */
import { type Fact, known, mapFact } from "../../model/fact.ts";
import type { GcpBinding, GcpLevel, GcpLevelAccess, GcpMember } from "../../model/gcp-access.ts";
import type { GcpHome } from "./gcp-home.ts";
import { type GcpConditionResult, judgeCondition } from "./judge-condition.ts";
import { type GcpMemberClass, gcpMemberClass } from "./member-class.ts";
import { anythingRequested } from "./requested-resources.ts";
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
   * Whether the condition lets in any request about the key, its versions or its ring. `unknown` counts as access; only
   * `false` is none.
   */
  readonly condition: GcpConditionResult;
}

/** `at` in epoch milliseconds; `expected` is `expected_principals` of the registration. */
export function boundMembers(
  levels: readonly GcpLevelAccess[],
  home: GcpHome,
  { at, expected }: { readonly at: number; readonly expected: readonly string[] },
): readonly GcpBoundMember[] {
  return levels.flatMap(({ level, bindings }) =>
    bindings.flatMap((binding) => {
      const resources = anythingRequested(home.key, home.project, binding.condition?.expression ?? "");
      const condition = judgeCondition(binding.condition, { at, resources });
      const operations = mapFact(binding.permits, (role) => known(operationsOfRole(role)));
      return binding.members.map((member) => ({
        level,
        binding,
        member,
        class: gcpMemberClass(member, home, expected),
        operations,
        condition,
      }));
    }),
  );
}
