// The filters that lists of assignments know, and whom a group brings in.
// https://learn.microsoft.com/en-us/azure/role-based-access-control/role-assignments-list-rest
import { AzureError } from "./azure-error.ts";
import type { AzureRequest } from "./azure-operation.ts";
import type { AzureState } from "./azure-state.ts";

export interface AssignmentFilter {
  /** Nothing below the scope. */
  readonly atScope: boolean;
  /** Assigned to this object, itself or through groups. */
  readonly assignedTo?: string | undefined;
  /** Assigned to this object itself. */
  readonly principalId?: string | undefined;
}

/** @throws AzureError where the filter is none of those that are known. */
export function requestedFilter({ query }: Pick<AzureRequest, "query">): AssignmentFilter {
  const text = query.get("$filter") ?? "";
  const parts = text === "" ? [] : text.split(/\s+and\s+/i).map((part) => parsedPart(part.trim(), text));
  return {
    atScope: parts.some(({ atScope }) => atScope === true),
    assignedTo: parts.find(({ assignedTo }) => assignedTo !== undefined)?.assignedTo,
    principalId: parts.find(({ principalId }) => principalId !== undefined)?.principalId,
  };
}

function parsedPart(part: string, whole: string): Partial<AssignmentFilter> {
  if (/^atScope\(\)$/i.test(part)) {
    return { atScope: true };
  }
  const assignedTo = /^assignedTo\('([0-9a-f-]{36})'\)$/i.exec(part)?.[1];
  if (assignedTo !== undefined) {
    return { assignedTo: assignedTo.toLowerCase() };
  }
  const principalId = /^principalId eq '?([0-9a-f-]{36})'?$/i.exec(part)?.[1];
  if (principalId !== undefined) {
    return { principalId: principalId.toLowerCase() };
  }
  const message =
    `The filter '${whole}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or ` +
    "assignedTo('{value}')'.";
  throw new AzureError(400, "UnsupportedQuery", message);
}

/** Whether an assignment to `principal` is one that a filter asks for. */
export function concerns({ groups }: AzureState, filter: AssignmentFilter): (principal: string) => boolean {
  const { assignedTo, principalId } = filter;
  const reached = assignedTo === undefined ? undefined : withGroups(groups.all(), assignedTo);
  return (principal) => {
    const id = principal.toLowerCase();
    return (reached?.has(id) ?? true) && (principalId === undefined || principalId === id);
  };
}

interface Membership {
  readonly id: string;
  readonly members: readonly string[];
}

/** An object and the groups that it is in, directly or through groups. */
export function withGroups(groups: readonly Membership[], object: string): ReadonlySet<string> {
  const reached = new Set([object.toLowerCase()]);
  // A set takes in what is added while it is walked through.
  for (const member of reached) {
    for (const { id, members } of groups) {
      if (members.some((name) => name.toLowerCase() === member)) {
        reached.add(id.toLowerCase());
      }
    }
  }
  return reached;
}
