/** What is used of who is assigned what: https://learn.microsoft.com/en-us/rest/api/authorization/ */
import { z } from "zod";
import type {
  AzureAssignmentSchedule,
  AzureDeniedPrincipal,
  AzureDenyAssignment,
  AzureRoleAssignment,
} from "../../../model/azure.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, moment, page, perhapsText, permissions, text } from "./parts.ts";

const assignment = z
  .object({
    id: text,
    properties: z.object({
      scope: text,
      roleDefinitionId: text,
      principalId: text,
      principalType: perhapsText,
      condition: perhapsText,
    }),
  })
  .transform(
    ({ id, properties }) =>
      ({
        id,
        scope: properties.scope,
        role_definition_id: properties.roleDefinitionId,
        principal_id: properties.principalId,
        principal_type: properties.principalType,
        condition: properties.condition,
      }) satisfies AzureRoleAssignment,
  );

/** As it is kept: what a page of them holds. */
export type ReadAssignment = z.infer<typeof assignment>;

/** One page of role assignments. */
export function assignmentsPage(answer: unknown) {
  return page(answer, assignment) satisfies Page<AzureRoleAssignment>;
}

const principal = z
  .object({ id: text, type: perhapsText })
  .transform((one) => ({ id: one.id, type: one.type }) satisfies AzureDeniedPrincipal);
/** One that names nobody says so: without the list, it may be about anybody. */
const denied = z.array(principal).transform((list) => canonical(list));
const spared = z
  .array(principal)
  .nullish()
  .transform((list) => canonical(list ?? []));

/** What is denied may have a condition of its own. */
const deniedPermissions = z
  .intersection(permissions, z.object({ condition: perhapsText }))
  .transform(({ condition, ...lists }) => (condition === null ? lists : { ...lists, condition }));

const denyAssignment = z
  .object({
    id: text,
    properties: z.object({
      denyAssignmentName: text,
      scope: text,
      doNotApplyToChildScopes: z.boolean().nullish(),
      permissions: z.array(deniedPermissions),
      principals: denied,
      excludePrincipals: spared,
      condition: perhapsText,
    }),
  })
  .transform(
    ({ id, properties: one }) =>
      ({
        id,
        name: one.denyAssignmentName,
        scope: one.scope,
        applies_to_child_scopes: one.doNotApplyToChildScopes !== true,
        permissions: canonical(one.permissions),
        principals: one.principals,
        excluded: one.excludePrincipals,
        condition: one.condition,
      }) satisfies AzureDenyAssignment,
  );

/** One page of deny assignments. */
export function denyAssignmentsPage(answer: unknown) {
  return page(answer, denyAssignment) satisfies Page<AzureDenyAssignment>;
}

/** One page of deny assignments, their ids alone. */
export function denyAssignmentIdsPage(answer: unknown): Page<string> {
  return page(
    answer,
    z.object({ id: text }).transform(({ id }) => id),
  );
}

const schedule = z
  .object({
    properties: z.object({
      originRoleAssignmentId: perhapsText,
      scope: text,
      principalId: text,
      roleDefinitionId: text,
      endDateTime: moment.nullish(),
      assignmentType: text,
    }),
  })
  .transform(
    ({ properties }) =>
      ({
        assignment_id: properties.originRoleAssignmentId,
        scope: properties.scope,
        principal_id: properties.principalId,
        role_definition_id: properties.roleDefinitionId,
        ends: properties.endDateTime ?? null,
        type: properties.assignmentType,
      }) satisfies AzureAssignmentSchedule,
  );

const nothing = z.object({ value: z.null(), nextLink: z.literal("").nullish() });

/** One page of instances of assignment schedules; null where it is the only one, and the directory has none at all. */
export function schedulesPage(answer: unknown, before: string | undefined) {
  if (before === undefined && nothing.safeParse(answer).success) return null;
  return page(answer, schedule) satisfies Page<AzureAssignmentSchedule>;
}
