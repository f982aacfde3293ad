import type { AzureServicePrincipal } from "../../model/azure.ts";
import { known } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { allPages, type Page } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { AzureReading } from "./azure-reading.ts";
import type { AzureCall } from "./calls.ts";
import type { AzureKeyPlace } from "./key-place.ts";
import type { Principal } from "./read-assignments.ts";
import type { AzureTarget } from "./reader.ts";
import { refusalOf } from "./refusal-of.ts";
import { appRolesPage, directoryRolesPage, grantsPage, ownersPage, servicePrincipalsPage } from "./schema/directory.ts";
import { canonical } from "./schema/parts.ts";

/** Anthropic's, for which a key is unless the registration names another one. */
export const publishedApplication = "8635ae1a-3e5d-44e8-a4ed-e0f614466f87";

/** Which application a key is for. */
export function applicationOf({ registration }: AzureKeyPlace): string {
  return registration.client_id ?? publishedApplication;
}

/** What the directory tells of the application that a key is for, once for all who read at the same time. */
export async function readDirectory(
  reading: AzureReading,
  target: AzureTarget,
  application: string,
): Promise<readonly Reading[]> {
  const { reader, askOnce } = reading;
  const found = await readServicePrincipal(reading, target, application);
  const about = <T extends Json>(
    call: AzureCall,
    fact: string,
    read: (objectId: string, next: string | undefined) => Promise<Page<T>>,
  ) =>
    askOnce(
      call,
      async () => {
        const id = servicePrincipalOf(found);
        const items = id === null ? [] : await allPages((next) => read(id, next));
        return { facts: { [fact]: known(canonical(items)) } };
      },
      application,
    );
  const others = await Promise.all([
    about("graph:ListServicePrincipalOwners", "application_owners", async (id, next) =>
      ownersPage(await reader.listServicePrincipalOwners(target, id, next)),
    ),
    about("graph:ListAppRoleAssignments", "application_roles", async (id, next) =>
      appRolesPage(await reader.listAppRoleAssignments(target, id, next)),
    ),
    about("graph:ListPermissionGrants", "application_grants", async (id, next) =>
      grantsPage(await reader.listPermissionGrants(target, id, next)),
    ),
    about("graph:ListDirectoryRoles", "application_directory_roles", async (id, next) =>
      directoryRolesPage(await reader.listDirectoryRoles(target, id, next)),
    ),
  ]);
  return [found, ...others];
}

/**
 * The service principal of the application that a key is for: as registered, else as the directory says. Between two full
 * runs the directory is not asked again.
 */
export async function findPrincipal(
  reading: AzureReading,
  target: AzureTarget,
  place: AzureKeyPlace,
): Promise<Principal> {
  const { service_principal_object_id: registered } = place.registration;
  if (registered !== null) return registered;
  const application = applicationOf(place);
  if (!reading.reads.azure_directory) return unknownPrincipal(application);
  const remembered = reading.memory.principals.get(application);
  if (remembered !== undefined && target.lane === "fast") return remembered;
  try {
    return servicePrincipalOf(await readServicePrincipal(reading, target, application));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // An object's id never changes.
    return remembered ?? error;
  }
}

function unknownPrincipal(application: string): Refused {
  const detail = `nobody knows the service principal of application ${application}: reads.azure_directory is off, and no azure.service_principal_object_id is registered; do either`;
  return new Refused({ reason: "not-read-yet", detail, again: "no", permission: null });
}

function readServicePrincipal(reading: AzureReading, target: AzureTarget, application: string): Promise<Reading> {
  const { reader, askOnce, memory } = reading;
  return askOnce(
    "graph:ListServicePrincipals",
    async () => {
      const all = await allPages(async (next) =>
        servicePrincipalsPage(await reader.listServicePrincipals(target, application, next)),
      );
      const own = all.filter(({ application_id }) => application_id.toLowerCase() === application.toLowerCase());
      if (own.length < all.length || own.length > 1) {
        const detail = `${all.length} service principals are told of application ${application}`;
        throw new Refused({ reason: "malformed", detail, again: "no" });
      }
      const [one = null] = own satisfies readonly AzureServicePrincipal[];
      memory.principals.set(application, one?.object_id ?? null);
      return { facts: { application: known(one) } };
    },
    application,
  );
}

/** Throws `Refused` where the directory did not tell. */
function servicePrincipalOf(reading: Reading): string | null {
  if (reading.answer.state === "unreadable") throw refusalOf(reading);
  const fact = reading.answer.facts["application"];
  if (fact?.state !== "known") throw new TypeError("a service principal was seen and is not known");
  const one = fact.value as AzureServicePrincipal | null;
  return one?.object_id ?? null;
}
