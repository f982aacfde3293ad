/** What the permissions of Cloud KMS let somebody do, in the classes that the checks tell apart. */
import type { GcpRole } from "../../model/gcp.ts";

export type GcpOperationClass =
  /** Encrypt, decrypt, sign and whatever else takes the key material. */
  | "use"
  /** Decide who may do what. */
  | "policy"
  /** Take the key, or a version, away or change what it does. */
  | "destroy"
  /** Look at the key, or whatever else touches no data. */
  | "view";

const policiesAbove = /^resourcemanager\.(?:projects|folders|organizations)\.setIamPolicy$/;

/** Whoever sets the policy of what is above the key gives himself the rest. */
export function isOfLevelsAbove(permission: string): boolean {
  return policiesAbove.test(permission);
}

/**
 * Undefined for permissions that have nothing to do with the key.
 * https://cloud.google.com/kms/docs/reference/permissions-and-roles
 */
export function operationClassOf(permission: string): GcpOperationClass | undefined {
  if (isOfLevelsAbove(permission)) return "policy";
  const [service, resource = "", verb = ""] = permission.split(".");
  if (service !== "cloudkms") return undefined;
  // Import jobs and connections to external key managers have policies of their own.
  if (verb === "setIamPolicy") return resource === "cryptoKeys" || resource === "keyRings" ? "policy" : "view";
  if (resource === "cryptoKeyVersions") {
    if (verb.startsWith("use") || verb.startsWith("manageRaw")) return "use";
    return ["destroy", "delete", "update", "restore", "create"].includes(verb) ? "destroy" : "view";
  }
  return resource === "cryptoKeys" && (verb === "update" || verb === "delete") ? "destroy" : "view";
}

/** The permissions of a role by what they let somebody do; a deleted role has none. */
export function operationsOfRole(role: GcpRole): Readonly<Record<GcpOperationClass, readonly string[]>> {
  const permissions = role.deleted ? [] : [...role.kms_permissions, ...role.some_others];
  const of = (wanted: GcpOperationClass) => permissions.filter((one) => operationClassOf(one) === wanted);
  return { use: of("use"), policy: of("policy"), destroy: of("destroy"), view: of("view") };
}
