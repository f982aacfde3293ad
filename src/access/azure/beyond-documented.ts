/** What a grant lets the service principal do beyond the two roles that are documented for it. */
import {
  azureNeedlessActions,
  documentedAzureRolePermissions,
  documentedAzureRoles,
} from "../../guidance/azure-roles.ts";
import type { AzureGrant } from "./grants-in-force.ts";
import { isListed, permitsDataAction } from "./role-permits.ts";

const documented = documentedAzureRoles.flatMap((id) => documentedAzureRolePermissions[id]?.permissions ?? []);
const documentedActions = lowered(documented.flatMap(({ actions }) => actions));
const documentedDataActions = lowered([
  ...documented.flatMap(({ data_actions }) => data_actions),
  // Of access policies alone: whoever reads a key by a role lists them too.
  "list",
]);

export interface AzureBeyond {
  /** Of ARM's, sorted. */
  readonly actions: readonly string[];
  /** On data, sorted. */
  readonly data_actions: readonly string[];
}

/**
 * The patterns of actions that are not documented. One with a wildcard never is, unless it is taken away as a whole: it
 * permits what is not invented yet. Nothing where the role could not be read.
 */
export function beyondDocumented({ permits, assignment }: AzureGrant): AzureBeyond {
  // What Azure adds to a documented role is documented with it.
  if (permits.state === "unreadable" || isDocumented(assignment)) return { actions: [], data_actions: [] };
  const { permissions } = permits.value;
  return {
    actions: distinct(
      permissions.flatMap(({ actions, not_actions }) =>
        actions.filter((one) => !documentedActions.has(one.toLowerCase()) && !isListed(not_actions, one)),
      ),
    ),
    data_actions: distinct(
      permissions.flatMap(({ data_actions, not_data_actions }) =>
        data_actions.filter((one) => !documentedDataActions.has(one.toLowerCase()) && !isListed(not_data_actions, one)),
      ),
    ),
  };
}

/** Whether it gives anything that is not documented. */
export function isBeyond(grant: AzureGrant): boolean {
  const { actions, data_actions } = beyondDocumented(grant);
  return actions.length + data_actions.length > 0;
}

/** The role is one of the documented, whatever could be read of it. */
export function isDocumented(assignment: AzureGrant["assignment"]): boolean {
  const role = assignment?.role_definition_id.split("/").at(-1)?.toLowerCase();
  return role !== undefined && documentedAzureRoles.includes(role);
}

/** What is documented with the wider role, and not needed. */
export function needlessOf({ permits }: AzureGrant): readonly string[] {
  return permits.state === "known"
    ? azureNeedlessActions.filter((action) => permitsDataAction(permits.value, action))
    : [];
}

function lowered(actions: readonly string[]): ReadonlySet<string> {
  return new Set(actions.map((action) => action.toLowerCase()));
}

function distinct(actions: readonly string[]): readonly string[] {
  return [...new Set(actions)].toSorted();
}
