/**
 * What lists of actions permit, and what deny assignments take away: `*` stands for anything anywhere, letters' case for
 * nothing, and a `not…` list takes away from the list beside it only.
 * https://learn.microsoft.com/en-us/azure/role-based-access-control/role-definitions
 */
import type { AzurePermissions } from "../../model/azure.ts";

interface WithPermissions {
  readonly permissions: readonly AzurePermissions[];
}

/** Whether it has an action of ARM's, as `Microsoft.KeyVault/vaults/write`. */
export function permitsAction({ permissions }: WithPermissions, action: string): boolean {
  return permissions.some(({ actions, not_actions }) => isListed(actions, action) && !isListed(not_actions, action));
}

/** Whether it has an action on data, as `Microsoft.KeyVault/vaults/keys/wrap/action`. */
export function permitsDataAction({ permissions }: WithPermissions, action: string): boolean {
  return permissions.some(
    ({ data_actions, not_data_actions }) => isListed(data_actions, action) && !isListed(not_data_actions, action),
  );
}

/** Whether one of the patterns matches the action. */
export function isListed(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matchesAction(pattern, action));
}

/**
 * Whether a pattern matches an action. Of another pattern it tells whether all that this one matches is matched: `*` in
 * it is matched by `*` only.
 */
export function matchesAction(pattern: string, action: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const text = action.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (!text.startsWith(first) || end < first.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
