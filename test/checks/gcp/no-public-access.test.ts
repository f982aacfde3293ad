import { noPublicAccess } from "../../../checks/gcp/no-public-access.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  gcpBinding,
  gcpKeyPolicyWith,
  gcpKmsKey,
  gcpPolicy,
  gcpRole,
  noAncestors,
  testGcpFolder,
  testGcpOrganization,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const decrypter = "roles/cloudkms.cryptoKeyDecrypter";
const bound = (role: string, member: string) => known(gcpPolicy([gcpBinding(role, member)]));
const storage = known(gcpRole(["storage.objects.get"]));

testCheck(noPublicAccess, {
  pass: [
    { name: "nobody but those who are named", resource: gcpKmsKey() },
    { name: "as far as the project", resource: gcpKmsKey({ reads: noAncestors }), message: "as far as the project" },
    {
      name: "everybody, with a role that has nothing to do with keys",
      resource: gcpKmsKey({
        project_policy: bound("roles/storage.objectViewer", "allUsers"),
        "role:roles/storage.objectViewer": storage,
      }),
    },
    {
      name: "everybody, under a condition that never holds",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "allUsers", "false")) }),
    },
    {
      name: "a group of others: that is for another check",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "group:all@other.example")) }),
    },
    {
      name: "what is left of somebody called like everybody",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "user:allUsers@acme.example")) }),
    },
  ],
  fail: [
    {
      name: "everybody on the key",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "allUsers")) }),
      message: `allUsers has ${decrypter}`,
    },
    {
      name: "everybody with an account",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "allAuthenticatedUsers")) }),
      message: "allAuthenticatedUsers",
    },
    {
      name: "everybody may look",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding("roles/cloudkms.viewer", "allUsers")) }),
    },
    { name: "on the ring", resource: gcpKmsKey({ [ringPolicy]: bound(decrypter, "allUsers") }), message: testGcpRing },
    {
      name: "on the project",
      resource: gcpKmsKey({ project_policy: bound("roles/owner", "allAuthenticatedUsers") }),
      message: "on projects/",
    },
    { name: "on a folder", resource: gcpKmsKey({ [folderPolicy]: bound(decrypter, "allUsers") }) },
    {
      name: "on the organization",
      resource: gcpKmsKey({ [`organization_policy:${testGcpOrganization}`]: bound(decrypter, "allUsers") }),
    },
    {
      name: "under a condition that nobody can judge",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "allUsers", 'resource.matchTag("1/a", "b")')),
      }),
    },
    {
      name: "by the address of deny policies",
      resource: gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "principalSet://goog/public:all")) }),
    },
    {
      name: "everybody may set the policy of the project, and nothing else",
      resource: gcpKmsKey({
        project_policy: bound("roles/security", "allAuthenticatedUsers"),
        "role:roles/security": known(gcpRole(["resourcemanager.projects.setIamPolicy"])),
      }),
      message: "allAuthenticatedUsers has roles/security",
    },
    {
      name: "with a role of Cloud KMS whose definition cannot be read: that it is one is enough",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding("roles/cloudkms.importer", "allUsers")),
        "role:roles/cloudkms.importer": denied,
      }),
    },
    {
      name: "on the key, and nothing else can be read",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "allUsers")),
        [ringPolicy]: denied,
        project_policy: denied,
        ancestors: denied,
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the key's policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    { name: "the ring's cannot be read", resource: gcpKmsKey({ [ringPolicy]: denied }) },
    { name: "a folder's cannot be read", resource: gcpKmsKey({ [folderPolicy]: denied }) },
    {
      name: "everybody, with a role that cannot be read",
      resource: gcpKmsKey({ project_policy: bound("roles/mystery", "allUsers"), "role:roles/mystery": denied }),
      message: "role:roles/mystery",
    },
  ],
});
