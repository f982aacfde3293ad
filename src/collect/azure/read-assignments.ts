import type { AzureAccessPolicy } from "../../model/azure.ts";
import { type Fact, known } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages, type Page } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { AzureReading } from "./azure-reading.ts";
import type { AzureCall } from "./calls.ts";
import type { AzureTarget } from "./reader.ts";
import { refusalOf } from "./refusal-of.ts";
import {
  assignmentsPage,
  denyAssignmentIdsPage,
  denyAssignmentsPage,
  type ReadAssignment,
  schedulesPage,
} from "./schema/assignment.ts";
import { applicationsPage } from "./schema/directory.ts";
import { canonical } from "./schema/parts.ts";
import { roleFact } from "./schema/role.ts";

/** The ARM id of a key, or why nobody knows it. */
export type KeyScope = string | Refused;
/** The object id of a service principal: null where there is none, else why nobody knows it. */
export type Principal = string | null | Refused;

/** What a list of assignments says, beside the reading that is made of it. */
export interface AssignmentList {
  readonly reading: Reading;
  /** Undefined where it could not be read. */
  readonly assignments: readonly ReadAssignment[] | undefined;
}

/** Who is assigned what at and above a key. */
export function readAssignments(reading: AzureReading, target: AzureTarget, scope: KeyScope): Promise<AssignmentList> {
  return listAssignments(reading, "authorization:ListRoleAssignments", "assignments", async (next) =>
    assignmentsPage(await reading.reader.listRoleAssignments(target, certain(scope), next)),
  );
}

/** What reaches the service principal at, above and below a key, itself or through groups. */
export function readPrincipalAssignments(
  reading: AzureReading,
  target: AzureTarget,
  scope: KeyScope,
  principal: Principal,
): Promise<AssignmentList> {
  return listAssignments(reading, "authorization:ListPrincipalAssignments", "principal_assignments", async (next) => {
    const id = certain(principal);
    if (id === null) return { items: [], next: undefined };
    return assignmentsPage(await reading.reader.listPrincipalAssignments(target, certain(scope), id, next));
  });
}

async function listAssignments(
  { ask }: AzureReading,
  call: AzureCall,
  fact: string,
  read: (next: string | undefined) => Promise<Page<ReadAssignment>>,
): Promise<AssignmentList> {
  let assignments: readonly ReadAssignment[] | undefined;
  const reading = await ask(call, async () => {
    assignments = canonical(await allPages(read));
    return { facts: { [fact]: known(assignments) } };
  });
  return { reading, assignments };
}

/** What is denied at and above a key, what of it is about the service principal, and which assignments end. */
export function readLimits(
  { reader, ask }: AzureReading,
  target: AzureTarget,
  scope: KeyScope,
  principal: Principal,
): readonly Promise<Reading>[] {
  return [
    ask("authorization:ListDenyAssignments", async () => {
      const denials = await allPages(async (next) =>
        denyAssignmentsPage(await reader.listDenyAssignments(target, certain(scope), next)),
      );
      return { facts: { deny_assignments: known(canonical(denials)) } };
    }),
    ask("authorization:ListPrincipalDenyAssignments", async () => {
      const id = certain(principal);
      if (id === null) return { facts: { principal_deny_assignments: known([]) } };
      const ids = await allPages(async (next) =>
        denyAssignmentIdsPage(await reader.listPrincipalDenyAssignments(target, certain(scope), id, next)),
      );
      return { facts: { principal_deny_assignments: known(ids.toSorted()) } };
    }),
    ask("authorization:ListAssignmentSchedules", async () => ({
      facts: {
        assignment_schedules: await readSchedules((next) =>
          reader.listAssignmentSchedules(target, certain(scope), next),
        ),
      },
    })),
  ];
}

async function readSchedules(read: (next: string | undefined) => Promise<unknown>): Promise<Fact<Json>> {
  let none = false;
  const schedules = await allPages(async (next) => {
    const page = schedulesPage(await read(next), next);
    none ||= page === null;
    return page ?? { items: [], next: undefined };
  });
  return known(none ? null : canonical(schedules));
}

/** An id of a definition, in a subscription, a management group, or of a built-in role. */
const definitionId = /^(\/[\w.-]+)*\/providers\/Microsoft\.Authorization\/roleDefinitions\/[\w-]+$/i;

/** What the assigned roles permit: each is read once for all who read the vault at the same time. */
export function readRoles(
  { reader, askOnce }: AzureReading,
  target: AzureTarget,
  assignments: readonly ReadAssignment[],
): Promise<readonly Reading[]> {
  const read = async (id: string) => {
    // It becomes part of an address: what is no id of a role is not asked for.
    if (!definitionId.test(id)) {
      const detail = `${id} is no form of a role definition's id that is known`;
      throw new Refused({ reason: "unsupported", detail, again: "no", permission: null });
    }
    return { facts: { role_definition: roleFact(await reader.getRoleDefinition(target, id)) } };
  };
  const ids = new Map(assignments.map(({ role_definition_id: id }) => [id.toLowerCase(), id]));
  return Promise.all([...ids].map(([part, id]) => askOnce("authorization:GetRoleDefinition", () => read(id), part)));
}

/** The most that one request may ask for: https://learn.microsoft.com/en-us/graph/api/directoryobject-getbyids */
const objectsOfARequest = 1000;
/** Of these Azure says for certain that they are no applications. */
const noApplications = new Set(["user", "group", "foreigngroup", "device"]);

/**
 * What the directory calls the applications that are assigned something, or that an access policy of the vault names; one
 * that is deleted is in no answer. `vault` is the reading with its access policies; null where it has none, as a managed HSM.
 */
export function readAssignedApplications(
  { reader, ask }: AzureReading,
  target: AzureTarget,
  { reading, assignments }: AssignmentList,
  vault: Reading | null,
): Promise<Reading> {
  return ask("graph:GetAssignedApplications", async () => {
    if (assignments === undefined) throw refusalOf(reading);
    const asked = assignments.filter(({ principal_type: type }) => !noApplications.has(type?.toLowerCase() ?? ""));
    const assigned = asked.map(({ principal_id }) => principal_id);
    const ids = [...new Set([...assigned, ...holdersOfPolicies(vault)].map((id) => id.toLowerCase()))].toSorted();
    const requests = Array.from({ length: Math.ceil(ids.length / objectsOfARequest) }, (_, index) =>
      reader.getAssignedApplications(target, ids.slice(index * objectsOfARequest, (index + 1) * objectsOfARequest)),
    );
    const pages = (await Promise.all(requests)).map(applicationsPage);
    if (pages.some(({ next }) => next !== undefined)) {
      throw new Refused({ reason: "malformed", detail: "the objects that were asked for come in pages", again: "no" });
    }
    return { facts: { assigned_applications: known(canonical(pages.flatMap(({ items }) => items))) } };
  });
}

/** A policy does not say what its object is: it may be an application. */
function holdersOfPolicies(vault: Reading | null): readonly string[] {
  if (vault === null) return [];
  if (vault.answer.state === "unreadable") throw refusalOf(vault);
  const fact = vault.answer.facts["vault_access_policies"];
  if (fact === undefined) throw new TypeError("a vault was seen and tells nothing of its access policies");
  if (fact.state === "unreadable") throw new Refused({ ...fact, again: "no", call: fact.call ?? vault.call });
  return (fact.value as unknown as readonly AzureAccessPolicy[]).map(({ object_id }) => object_id);
}

function certain<T>(value: T | Refused): T {
  if (value instanceof Refused) throw value;
  return value;
}
