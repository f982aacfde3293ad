/** The permissions of the call tables, sorted and apart as they are granted: each list where it belongs. */
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Call, CallTable } from "../../src/model/call.ts";

type Wanted = (name: string, call: Call) => boolean;

/** Data actions are spelled as actions are, so the table says of which kind one is. */
const dataAction = " (data action)";
const isDataAction = (permission: string) => permission.endsWith(dataAction);

const ofAzureRole = permissionsOf(azureCalls, (name) => !name.startsWith("graph:"));

export const awsPermissions = {
  keys: permissionsOf(awsCalls, (name, { switch: on }) => on === undefined && name.startsWith("kms:")),
  trails: permissionsOf(awsCalls, (name) => name.startsWith("cloudtrail:")),
  organization: permissionsOf(awsCalls, (_, { switch: on }) => on === "aws_organization"),
  /** On the roles of other accounts, and nowhere else. */
  roles: permissionsOf(awsCalls, (name) => name.startsWith("sts:")),
} as const;

export const gcpPermissions = {
  project: permissionsOf(gcpCalls, (name, { switch: on }) => on === undefined && !name.startsWith("iamcredentials:")),
  ancestors: permissionsOf(gcpCalls, (_, { switch: on }) => on === "gcp_ancestors"),
  denyPolicies: permissionsOf(gcpCalls, (_, { switch: on }) => on === "gcp_deny_policies"),
  perimeters: permissionsOf(gcpCalls, (_, { switch: on }) => on === "gcp_perimeters"),
} as const;

export const azurePermissions = {
  actions: ofAzureRole.filter((one) => !isDataAction(one)),
  dataActions: ofAzureRole.filter(isDataAction).map((one) => one.slice(0, -dataAction.length)),
  /** Of Microsoft Graph: granted by an administrator's consent, and by no role. */
  directory: permissionsOf(azureCalls, (name) => name.startsWith("graph:")),
} as const;

/** Each once. */
function permissionsOf(calls: CallTable, wanted: Wanted): readonly string[] {
  const all = Object.entries(calls).filter(([name, call]) => wanted(name, call));
  return [...new Set(all.flatMap(([, call]) => neededFor(call)))].toSorted();
}

/** What a call needs, whichever kind of thing it is made of. */
export function neededFor({ permission, other_permissions = [] }: Call): readonly string[] {
  return [permission, ...other_permissions];
}
