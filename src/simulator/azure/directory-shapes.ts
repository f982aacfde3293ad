// The types of directory-types.ts once more as data.
import type { ShapeOf } from "../shape.ts";
import type {
  SimulatedDirectoryRole,
  SimulatedGroup,
  SimulatedServicePrincipal,
  SimulatedTenant,
  SimulatedUser,
} from "./directory-types.ts";

const text = { optional: "string" } as const;

export const tenantShape = {
  fields: { id: "string", privileged_identity_management: "boolean", page_size: "number" },
} as const satisfies ShapeOf<SimulatedTenant>;

const directoryRoleShape = {
  fields: { displayName: "string", roleTemplateId: text },
} as const satisfies ShapeOf<SimulatedDirectoryRole>;

const validity = { displayName: text, startDateTime: text, endDateTime: text } as const;

export const servicePrincipalShape = {
  fields: {
    id: "string",
    appId: "string",
    displayName: "string",
    accountEnabled: "boolean",
    servicePrincipalType: text,
    appOwnerOrganizationId: text,
    passwordCredentials: { map: { fields: { ...validity, hint: text } } },
    keyCredentials: { map: { fields: { ...validity, type: "string", usage: "string" } } },
    owners: { map: { fields: { type: "string", displayName: text } } },
    appRoleAssignments: {
      map: { fields: { appRoleId: "string", resourceId: "string", resourceDisplayName: text } },
    },
    oauth2PermissionGrants: {
      map: { fields: { consentType: "string", principalId: text, resourceId: "string", scope: "string" } },
    },
    directoryRoles: { map: directoryRoleShape },
  },
} as const satisfies ShapeOf<SimulatedServicePrincipal>;

export const groupShape = {
  fields: {
    id: "string",
    displayName: "string",
    members: { list: "string" },
    directoryRoles: { map: directoryRoleShape },
  },
} as const satisfies ShapeOf<SimulatedGroup>;

export const userShape = {
  fields: { id: "string", displayName: "string", userPrincipalName: text },
} as const satisfies ShapeOf<SimulatedUser>;
