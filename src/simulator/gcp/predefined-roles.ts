// Roles that Google defines, as far as a key can meet them.
// https://cloud.google.com/iam/docs/roles-permissions/cloudkms (Cloud KMS),
// https://cloud.google.com/iam/docs/roles-overview#basic (the basic roles),
// https://cloud.google.com/iam/docs/roles-permissions/iam and …/resourcemanager (the others).
// Roles that reach beyond Cloud KMS have thousands of permissions: here they have all that concern keys, and of the
// rest a few, so that they are seen to reach further.
import type { SimulatedIamRole } from "./resource-types.ts";

const use = ["useToDecrypt", "useToEncrypt"].map((verb) => `cloudkms.cryptoKeyVersions.${verb}`);
const delegated = use.map((permission) => `${permission}ViaDelegation`);
const otherUse = [
  "cloudkms.cryptoKeyVersions.manageRawAesCbcKeys",
  "cloudkms.cryptoKeyVersions.manageRawAesCtrKeys",
  "cloudkms.cryptoKeyVersions.manageRawPKCS1Keys",
  "cloudkms.cryptoKeyVersions.useToDecapsulate",
  "cloudkms.cryptoKeyVersions.useToSign",
  "cloudkms.cryptoKeyVersions.useToVerify",
  "cloudkms.cryptoKeyVersions.viewPublicKey",
  "cloudkms.locations.generateRandomBytes",
];
const locations = ["cloudkms.locations.get", "cloudkms.locations.list"];
const project = "resourcemanager.projects.get";
const view = [
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
  ...locations,
  "cloudkms.operations.get",
];
const policied = ["cryptoKeys", "ekmConfigs", "ekmConnections", "importJobs", "keyRings"];
const readPolicies = policied.map((kind) => `cloudkms.${kind}.getIamPolicy`);
const setPolicies = policied.map((kind) => `cloudkms.${kind}.setIamPolicy`);
const change = [
  "cloudkms.autokeyConfigs.update",
  "cloudkms.cryptoKeyVersions.create",
  "cloudkms.cryptoKeyVersions.destroy",
  "cloudkms.cryptoKeyVersions.restore",
  "cloudkms.cryptoKeyVersions.update",
  "cloudkms.cryptoKeys.create",
  "cloudkms.cryptoKeys.update",
  "cloudkms.ekmConfigs.update",
  "cloudkms.ekmConnections.create",
  "cloudkms.ekmConnections.update",
  "cloudkms.ekmConnections.use",
  "cloudkms.importJobs.create",
  "cloudkms.importJobs.useToImport",
  "cloudkms.kajPolicyConfigs.update",
  "cloudkms.keyHandles.create",
  "cloudkms.keyRings.create",
];

const elsewhere = {
  read: ["compute.instances.get", "compute.instances.list", project, "storage.buckets.list"],
  write: ["compute.instances.create", "compute.instances.delete", "storage.buckets.create", "storage.buckets.delete"],
  policies: ["resourcemanager.projects.getIamPolicy", "iam.roles.get", "iam.roles.list"],
  setPolicies: ["resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.setIamPolicy"],
  owner: ["resourcemanager.projects.delete", "iam.roles.create", "iam.roles.update"],
};

/** Title and permissions by role. */
const roles: Readonly<Record<string, readonly [title: string, ...permissions: readonly string[][]]>> = {
  "cloudkms.admin": ["Cloud KMS Admin", view, readPolicies, setPolicies, change, delegated, [project]],
  "cloudkms.viewer": ["Cloud KMS Viewer", view, [project]],
  "cloudkms.cryptoKeyEncrypterDecrypter": ["Cloud KMS CryptoKey Encrypter/Decrypter", use, locations, [project]],
  "cloudkms.cryptoKeyEncrypter": [
    "Cloud KMS CryptoKey Encrypter",
    ["cloudkms.cryptoKeyVersions.useToEncrypt"],
    locations,
    [project],
  ],
  "cloudkms.cryptoKeyDecrypter": [
    "Cloud KMS CryptoKey Decrypter",
    ["cloudkms.cryptoKeyVersions.useToDecrypt"],
    locations,
    [project],
  ],
  "cloudkms.cryptoKeyEncrypterDecrypterViaDelegation": [
    "Cloud KMS CryptoKey Encrypter/Decrypter Via Delegation",
    delegated,
    locations,
    [project],
  ],
  "cloudkms.cryptoOperator": ["Cloud KMS Crypto Operator", use, otherUse, locations, [project]],
  "cloudkms.importer": [
    "Cloud KMS Importer",
    ["create", "get", "list", "useToImport"].map((verb) => `cloudkms.importJobs.${verb}`),
    locations,
    [project],
  ],
  "cloudkms.publicKeyViewer": [
    "Cloud KMS CryptoKey Public Key Viewer",
    ["cloudkms.cryptoKeyVersions.viewPublicKey"],
    locations,
    [project],
  ],
  "cloudkms.signer": ["Cloud KMS CryptoKey Signer", ["cloudkms.cryptoKeyVersions.useToSign"], locations, [project]],
  owner: ["Owner", view, readPolicies, setPolicies, change, use, otherUse, ...Object.values(elsewhere)],
  editor: ["Editor", view, readPolicies, change, elsewhere.read, elsewhere.write, elsewhere.policies],
  viewer: ["Viewer", view, readPolicies, elsewhere.read, elsewhere.policies],
  "iam.securityAdmin": [
    "Security Admin",
    policied.filter((kind) => kind !== "ekmConfigs").map((kind) => `cloudkms.${kind}.list`),
    readPolicies,
    setPolicies,
    elsewhere.policies,
    elsewhere.setPolicies,
    [project],
  ],
  "iam.securityReviewer": [
    "Security Reviewer",
    policied.filter((kind) => kind !== "ekmConfigs").map((kind) => `cloudkms.${kind}.list`),
    readPolicies,
    elsewhere.policies,
    [project],
  ],
  "resourcemanager.projectIamAdmin": [
    "Project IAM Admin",
    [project, "resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
  ],
  "resourcemanager.organizationAdmin": [
    "Organization Administrator",
    ["organizations", "folders", "projects"].flatMap((kind) =>
      ["get", "getIamPolicy", "setIamPolicy"].map((verb) => `resourcemanager.${kind}.${verb}`),
    ),
  ],
};

/** Predefined roles with their permissions in order, as Google answers them. */
export const predefinedRoles: readonly SimulatedIamRole[] = Object.entries(roles).map(([name, [title, ...parts]]) => ({
  name: `roles/${name}`,
  title,
  includedPermissions: [...new Set(parts.flat())].toSorted(),
  stage: "GA",
}));
