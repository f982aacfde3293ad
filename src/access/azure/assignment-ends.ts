/**
 * When what the service principal needs ends: assignments made through Privileged Identity Management may.
 * https://learn.microsoft.com/en-us/azure/role-based-access-control/pim-integration
 */
import type { AzureAssignmentSchedule } from "../../model/azure.ts";
import type { AzureAssignment } from "../../model/azure-access.ts";
import { letsThrough } from "./judge-condition.ts";
import { permitsDataAction } from "./role-permits.ts";
import { isSameId } from "./same-id.ts";
import { isAtOrAbove } from "./scope.ts";

export type AzureEnd =
  | { readonly kind: "none" }
  /** In epoch milliseconds; null where it ends and nobody says when. */
  | { readonly kind: "ends"; readonly at: number | null }
  /** It has no end, and a condition that may not let the service principal through. */
  | { readonly kind: "conditional" };

export interface AzureEnding {
  readonly assignment: AzureAssignment;
  readonly end: AzureEnd;
}

export interface AzureEndings {
  /** A data action. */
  readonly action: string;
  /** Of each assignment that is known to give it, on the key itself or above. */
  readonly ends: readonly AzureEnding[];
}

/** For each action, what gives it. `schedules`: null where the directory has no such thing, and nothing ends. */
export function assignmentEndings(
  actions: readonly string[],
  assignments: readonly AzureAssignment[],
  schedules: readonly AzureAssignmentSchedule[] | null,
): readonly AzureEndings[] {
  return actions.map((action) => ({
    action,
    ends: assignments
      .filter(
        ({ permits, level }) =>
          isAtOrAbove(level) && permits.state === "known" && permitsDataAction(permits.value, action),
      )
      .map((assignment) => ({ assignment, end: endFor(action, assignment, schedules) })),
  }));
}

/** What nothing gives, other checks miss; what one assignment gives for good, another cannot end. */
export function hasEnd({ ends }: AzureEndings): boolean {
  return ends.length > 0 && ends.every(({ end }) => end.kind === "ends");
}

/** Whether something gives it for good. */
export function isLasting({ ends }: AzureEndings): boolean {
  return ends.some(({ end }) => end.kind === "none");
}

function endFor(action: string, assignment: AzureAssignment, schedules: readonly AzureAssignmentSchedule[] | null) {
  const end = endOf(assignment, schedules);
  const isConditional = end.kind === "none" && letsThrough(assignment.condition, action) === "conditional";
  return isConditional ? ({ kind: "conditional" } as const) : end;
}

/** An assignment that no schedule is about was made without one, and stays. */
export function endOf(
  assignment: AzureAssignment,
  schedules: readonly AzureAssignmentSchedule[] | null,
): Exclude<AzureEnd, { kind: "conditional" }> {
  const own = (schedules ?? []).filter((schedule) => isAbout(schedule, assignment));
  if (own.length === 0 || own.some((schedule) => schedule.ends === null && !isActivation(schedule))) {
    return { kind: "none" };
  }
  const moments = own.flatMap(({ ends }) => (ends === null ? [] : [ends]));
  return { kind: "ends", at: moments.length === 0 ? null : Math.max(...moments) };
}

/** Somebody who is eligible made it for a while: https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/pim-resource-roles-activate-your-roles */
function isActivation({ type }: AzureAssignmentSchedule): boolean {
  return type.toLowerCase() === "activated";
}

function isAbout(schedule: AzureAssignmentSchedule, assignment: AzureAssignment): boolean {
  if (schedule.assignment_id !== null) return isSameId(schedule.assignment_id, assignment.id);
  return (
    isSameId(schedule.principal_id, assignment.principal_id) &&
    isSameId(schedule.scope, assignment.level.scope) &&
    isSameId(schedule.role_definition_id, assignment.role_definition_id)
  );
}
