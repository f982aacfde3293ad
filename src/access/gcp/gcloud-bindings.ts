/** Commands of `gcloud` that give and take bindings: https://cloud.google.com/iam/docs/granting-changing-revoking-access */
import {
  gcpEncrypterDecrypterRole,
  gcpUsePermissions,
  gcpViewerRole,
  gcpViewPermission,
} from "../../guidance/gcp-roles.ts";
import { anthropicGcpMember } from "../../guidance/identifiers.ts";
import type { GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpLevel } from "../../model/gcp-access.ts";
import { shellWord } from "../shell-word.ts";
import { flag, gcloudKey, gcloudKeyRing } from "./gcloud.ts";

/** The documented role for each permission that the published account needs. */
const roleOf: ReadonlyMap<string, string> = new Map([
  ...gcpUsePermissions.map((permission) => [permission, gcpEncrypterDecrypterRole] as const),
  [gcpViewPermission, gcpViewerRole],
]);

/** Binds the published account on the key, without a condition, to the documented roles that hold these permissions. */
export function bindAccount(permissions: readonly string[], key: GcpRegisteredKey): readonly string[] {
  const roles = [...new Set(permissions.flatMap((permission) => roleOf.get(permission) ?? []))];
  // `None` says that no condition is meant: else gcloud asks, where others have one.
  return roles.map(
    (role) => `${gcloudKey("add-iam-policy-binding", key)} ${boundTo(anthropicGcpMember, role)} --condition None`,
  );
}

/** Takes a role from a member at a level, whatever conditions its bindings have. */
export function removeBinding({ kind, name }: GcpLevel, member: string, role: string, key: GcpRegisteredKey): string {
  const what = `${boundTo(member, role)} --all`;
  switch (kind) {
    case "key":
      return `${gcloudKey("remove-iam-policy-binding", key)} ${what}`;
    case "key-ring":
      return `${gcloudKeyRing("remove-iam-policy-binding", key)} ${what}`;
    case "project":
      return `gcloud projects remove-iam-policy-binding ${idIn(name)} ${what}`;
    case "folder":
      return `gcloud resource-manager folders remove-iam-policy-binding ${idIn(name)} ${what}`;
    case "organization":
      return `gcloud organizations remove-iam-policy-binding ${idIn(name)} ${what}`;
  }
}

function boundTo(member: string, role: string): string {
  return `${flag("member", member)} ${flag("role", role)}`;
}

/** `folders/123` is named by its number alone. */
function idIn(name: string): string {
  return shellWord(name.split("/").at(-1) ?? name);
}
