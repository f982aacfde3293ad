// Scopes of role assignments, from the root to a key's version. https://learn.microsoft.com/en-us/azure/role-based-access-control/scope-overview

/** What of the state decides. */
interface Subscriptions {
  readonly subscriptions: {
    find(id: string): { readonly management_groups?: readonly string[] } | undefined;
  };
}

/** The scope in the id of an assignment, a schedule or the like; "/" for the root. */
export function scopeOfExtension(id: string): string {
  const at = id.toLowerCase().lastIndexOf("/providers/microsoft.");
  return at <= 0 ? "/" : id.slice(0, at);
}

/** `/subscriptions/<id>` of an ARM id; undefined where it is in none. */
export function subscriptionIn(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+/i.exec(id)?.[0];
}

/** Where one scope is, seen from another. */
export type Position = "at" | "above" | "below" | "elsewhere";

/** Where the scope of an extension is, seen from `here`. */
export function positionFrom(state: Subscriptions, here: string): (extension: { readonly id: string }) => Position {
  const own = comparable(here);
  const groups = groupsAbove(state, own);
  return (extension) => {
    const other = comparableScopeOf(extension);
    if (other === own) {
      return "at";
    }
    if (isAbove(other, own, groups)) {
      return "above";
    }
    return isAbove(own, other, groupsAbove(state, other)) ? "below" : "elsewhere";
  };
}

function isAbove(upper: string, lower: string, groups: GroupsAbove): boolean {
  return upper === "" || lower.startsWith(`${upper}/`) || (upper.startsWith(groupPrefix) && groups(upper));
}

const groupPrefix = "/providers/microsoft.management/managementgroups/";
/** Whether a management group is above a scope. */
type GroupsAbove = (group: string) => boolean;

/** The tree of management groups is not simulated: a subscription says which are above it, or all are. */
function groupsAbove({ subscriptions }: Subscriptions, scope: string): GroupsAbove {
  const subscription = subscriptionIn(scope);
  if (subscription === undefined) {
    return () => false;
  }
  return (group) => {
    const groups = subscriptions.find(subscription)?.management_groups;
    return groups === undefined || groups.some((name) => groupPrefix + name.toLowerCase() === group);
  };
}

const scopesOf = new WeakMap<object, string>();

/** Remembered: a list looks at the scope of everything that is assigned anywhere. */
function comparableScopeOf(extension: { readonly id: string }): string {
  const scope = scopesOf.get(extension) ?? comparable(scopeOfExtension(extension.id));
  scopesOf.set(extension, scope);
  return scope;
}

/** In lower case, without a slash at the end; the root is "". */
function comparable(scope: string): string {
  return scope.toLowerCase().replace(/\/+$/, "");
}
