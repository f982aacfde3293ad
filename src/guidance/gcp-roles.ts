/**
 * The Cloud KMS roles that the documentation has people grant, and some that they grant instead, with what Google
 * documents that each permits, as of 2026-11. What a role permits today is a fact of its own: this is for what has no
 * cloud to ask. https://cloud.google.com/iam/docs/roles-permissions/cloudkms
 */

export const gcpEncrypterDecrypterRole = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
export const gcpViewerRole = "roles/cloudkms.viewer";
/** The roles that the published account is to have on the key. */
export const documentedGcpRoles: readonly string[] = [gcpEncrypterDecrypterRole, gcpViewerRole];

/** By which the account encrypts and decrypts. */
export const gcpUsePermissions = [
  "cloudkms.cryptoKeyVersions.useToEncrypt",
  "cloudkms.cryptoKeyVersions.useToDecrypt",
] as const;
/** By which the account looks whether the key is there. */
export const gcpViewPermission = "cloudkms.cryptoKeys.get";

const everywhere = ["cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get"];
const useToEncrypt = "cloudkms.cryptoKeyVersions.useToEncrypt";
const useToDecrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";

export const documentedGcpPermissions: Readonly<Record<string, readonly string[]>> = {
  [gcpEncrypterDecrypterRole]: [useToDecrypt, useToEncrypt, ...everywhere],
  "roles/cloudkms.cryptoKeyDecrypter": [useToDecrypt, ...everywhere],
  "roles/cloudkms.cryptoKeyEncrypter": [useToEncrypt, ...everywhere],
  [gcpViewerRole]: [
    "cloudkms.autokeyConfigs.get",
    "cloudkms.cryptoKeyVersions.get",
    "cloudkms.cryptoKeyVersions.list",
    "cloudkms.cryptoKeys.get",
    "cloudkms.cryptoKeys.list",
    "cloudkms.ekmConfigs.get",
    "cloudkms.ekmConnections.get",
    "cloudkms.ekmConnections.list",
    "cloudkms.importJobs.get",
    "cloudkms.importJobs.list",
    "cloudkms.kajPolicyConfigs.get",
    "cloudkms.keyHandles.get",
    "cloudkms.keyHandles.list",
    "cloudkms.keyRings.get",
    "cloudkms.keyRings.list",
    "cloudkms.operations.get",
    ...everywhere,
  ],
  "roles/cloudkms.admin": [
    "cloudkms.autokeyConfigs.get",
    "cloudkms.autokeyConfigs.update",
    "cloudkms.cryptoKeyVersions.create",
    "cloudkms.cryptoKeyVersions.destroy",
    "cloudkms.cryptoKeyVersions.get",
    "cloudkms.cryptoKeyVersions.list",
    "cloudkms.cryptoKeyVersions.restore",
    "cloudkms.cryptoKeyVersions.update",
    "cloudkms.cryptoKeyVersions.useToDecryptViaDelegation",
    "cloudkms.cryptoKeyVersions.useToEncryptViaDelegation",
    "cloudkms.cryptoKeys.create",
    "cloudkms.cryptoKeys.get",
    "cloudkms.cryptoKeys.getIamPolicy",
    "cloudkms.cryptoKeys.list",
    "cloudkms.cryptoKeys.setIamPolicy",
    "cloudkms.cryptoKeys.update",
    "cloudkms.keyRings.create",
    "cloudkms.keyRings.get",
    "cloudkms.keyRings.getIamPolicy",
    "cloudkms.keyRings.list",
    "cloudkms.keyRings.setIamPolicy",
    ...everywhere,
  ],
};
