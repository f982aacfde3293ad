/** What is used of Microsoft Graph's answers, and nothing else: https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal */
import { z } from "zod";
import type {
  AzureAssignedApplication,
  AzureCredential,
  AzureDirectoryRight,
  AzureOwner,
  AzureServicePrincipal,
} from "../../../model/azure.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, moment, page, perhapsText, text } from "./parts.ts";

const credential = z.object({ keyId: text, displayName: perhapsText, endDateTime: moment.nullish() });

function credentialsOf(kind: AzureCredential["kind"]) {
  const one = credential.transform(
    ({ keyId, displayName, endDateTime }) =>
      ({ kind, id: keyId, name: displayName, ends: endDateTime ?? null }) satisfies AzureCredential,
  );
  return z.array(one);
}

const servicePrincipal = z
  .object({
    id: text,
    appId: text,
    displayName: z.string(),
    accountEnabled: z.boolean(),
    passwordCredentials: credentialsOf("password"),
    keyCredentials: credentialsOf("certificate"),
  })
  .transform(
    (one) =>
      ({
        object_id: one.id,
        application_id: one.appId,
        display_name: one.displayName,
        enabled: one.accountEnabled,
        credentials: canonical([...one.passwordCredentials, ...one.keyCredentials]),
      }) satisfies AzureServicePrincipal,
  );

/** One page of service principals. */
export function servicePrincipalsPage(answer: unknown) {
  return page(answer, servicePrincipal) satisfies Page<AzureServicePrincipal>;
}

const owner = z
  .object({ id: text, displayName: perhapsText })
  .transform((one) => ({ object_id: one.id, display_name: one.displayName }) satisfies AzureOwner);

/** One page of the owners of a service principal. */
export function ownersPage(answer: unknown) {
  return page(answer, owner) satisfies Page<AzureOwner>;
}

const appRole = z.object({ appRoleId: text, resourceDisplayName: perhapsText, resourceId: perhapsText }).transform(
  (one) =>
    ({
      kind: "application-role",
      name: one.appRoleId,
      on: one.resourceDisplayName ?? one.resourceId,
    }) as const satisfies AzureDirectoryRight,
);

/** One page of the application roles that a service principal was given. */
export function appRolesPage(answer: unknown) {
  return page(answer, appRole) satisfies Page<AzureDirectoryRight>;
}

const grant = z.object({ scope: z.string().nullish(), resourceId: text }).transform(
  (one) =>
    ({
      kind: "delegated-grant",
      // Names with spaces between them, and often before the first.
      name: canonical((one.scope ?? "").split(" ").filter((name) => name !== "")).join(" "),
      on: one.resourceId,
    }) as const satisfies AzureDirectoryRight,
);

/** One page of what a service principal may do on somebody's behalf. */
export function grantsPage(answer: unknown) {
  return page(answer, grant) satisfies Page<AzureDirectoryRight>;
}

/** They give no right in the directory by themselves, and a role that a group has is told as a membership of its own. */
const withoutRights = new Set(["#microsoft.graph.group", "#microsoft.graph.administrativeunit"]);

const membership = z.object({ "@odata.type": text, id: text, displayName: perhapsText }).transform((one) => ({
  type: one["@odata.type"].toLowerCase(),
  right: {
    kind: "directory-role",
    name: one.displayName ?? one.id,
    on: null,
  } as const satisfies AzureDirectoryRight,
}));

/** One page of the directory roles that a service principal is a member of, and of what else nobody knows the meaning. */
export function directoryRolesPage(answer: unknown) {
  const { items, next } = page(answer, membership);
  const rights = items.filter(({ type }) => !withoutRights.has(type)).map(({ right }) => right);
  return { items: rights, next } satisfies Page<AzureDirectoryRight>;
}

const application = z.object({ id: text, appId: text, displayName: z.string() }).transform(
  (one) =>
    ({
      object_id: one.id,
      application_id: one.appId,
      display_name: one.displayName,
    }) satisfies AzureAssignedApplication,
);

/** The service principals among the objects that were asked for; one that is deleted is not among them. */
export function applicationsPage(answer: unknown) {
  return page(answer, application) satisfies Page<AzureAssignedApplication>;
}
