import { noUnexpectedExternalPrincipal } from "../../../checks/gcp/no-unexpected-external-principal.ts";
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
  testGcpProjectNumber,
  testGcpRegistration,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const decrypter = "roles/cloudkms.cryptoKeyDecrypter";
const also = (member: string, role = decrypter, condition?: string) =>
  gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(role, member, condition)) });
const own = { gcp: { own_domains: ["acme.example"], own_projects: ["acme-data"], anthropic_customer_id: null } };
const accountsOf = (level: string) => `principalSet://cloudresourcemanager.googleapis.com/${level}/type/ServiceAccount`;
const expecting = (...expected_principals: string[]) => known({ ...testGcpRegistration, expected_principals });

testCheck(noUnexpectedExternalPrincipal, {
  pass: [
    { name: "nobody else", resource: gcpKmsKey() },
    { name: "nobody else, and the project cannot be read", resource: gcpKmsKey({ project: denied }) },
    { name: "a person of an own domain", resource: also("user:ann@acme.example"), settings: own },
    { name: "a group of an own domain", resource: also("group:admins@acme.example"), settings: own },
    { name: "an own domain", resource: also("domain:acme.example"), settings: own },
    {
      name: "an account of an own project",
      resource: also("serviceAccount:backup@acme-data.iam.gserviceaccount.com"),
      settings: own,
    },
    {
      name: "an account of the key's project",
      resource: also("serviceAccount:backup@customer-keys.iam.gserviceaccount.com"),
    },
    {
      name: "a service agent of the key's project",
      resource: also(`serviceAccount:service-${testGcpProjectNumber}@gs-project-accounts.iam.gserviceaccount.com`),
    },
    { name: "the owners of the key's project", resource: also("projectOwner:customer-keys") },
    {
      name: "somebody who is expected",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, "user:bob@partner.example")),
        registration: expecting("user:bob@partner.example"),
      }),
    },
    {
      name: "an expected set",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(
          gcpBinding(decrypter, "principalSet://iam.googleapis.com/locations/global/workforcePools/p/*"),
        ),
        registration: expecting("principalSet://iam.googleapis.com/locations/global/workforcePools/p/*"),
      }),
    },
    {
      name: "the accounts of the whole own organization, where they are expected",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, accountsOf(testGcpOrganization))),
        registration: expecting(accountsOf(testGcpOrganization)),
      }),
    },
    { name: "a stranger who may only look", resource: also("user:bob@partner.example", "roles/cloudkms.viewer") },
    { name: "a stranger who was deleted", resource: also("deleted:user:bob@partner.example?uid=1") },
    {
      name: "a stranger under a condition that never holds",
      resource: also("user:bob@partner.example", decrypter, "false"),
    },
    {
      name: "a stranger under a condition on another key, with a role that sets no policy above",
      resource: gcpKmsKey({
        project_policy: known(
          gcpPolicy([
            gcpBinding(
              decrypter,
              "user:bob@partner.example",
              `resource.name.startsWith("projects/customer-keys/locations/us-central1/keyRings/other/")`,
            ),
          ]),
        ),
      }),
    },
    { name: "as far as the project", resource: gcpKmsKey({ reads: noAncestors }), message: "as far as the project" },
  ],
  fail: [
    {
      name: "a person of another domain",
      resource: also("user:bob@partner.example"),
      message: `user:bob@partner.example (${decrypter} on`,
    },
    { name: "a person, and no domain is the own one", resource: also("user:ann@acme.example") },
    { name: "a group of another domain", resource: also("group:all@partner.example"), settings: own },
    { name: "another domain", resource: also("domain:partner.example"), settings: own },
    { name: "an account of another project", resource: also("serviceAccount:x@other-project.iam.gserviceaccount.com") },
    {
      name: "a service agent of another project",
      resource: also("serviceAccount:service-999@gs-project-accounts.iam.gserviceaccount.com"),
    },
    { name: "the owners of another project", resource: also("projectOwner:other-project") },
    {
      name: "an identity of a pool",
      resource: also("principal://iam.googleapis.com/projects/999/locations/global/workloadIdentityPools/p/subject/s"),
    },
    { name: "the accounts of the whole own organization", resource: also(accountsOf(testGcpOrganization)) },
    { name: "the accounts of a folder above the key", resource: also(accountsOf(testGcpFolder)) },
    { name: "the accounts of another organization", resource: also(accountsOf("organizations/888888888888")) },
    {
      name: "the accounts of the own organization, where another one is expected whose number goes on",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding(decrypter, accountsOf(testGcpOrganization))),
        registration: expecting(accountsOf(`${testGcpOrganization}0`)),
      }),
    },
    { name: "a form that nobody knows", resource: also("robot:r2@d2"), message: "robot:r2@d2" },
    { name: "who may set the policy", resource: also("user:bob@partner.example", "roles/cloudkms.admin") },
    {
      name: "owner of the project",
      resource: gcpKmsKey({
        project_policy: known(gcpPolicy([gcpBinding("roles/owner", "user:bob@partner.example")])),
      }),
    },
    {
      name: "who may set the policy of the project and nothing else",
      resource: gcpKmsKey({
        project_policy: known(gcpPolicy([gcpBinding("roles/security", "user:bob@partner.example")])),
        "role:roles/security": known(gcpRole(["resourcemanager.projects.setIamPolicy"])),
      }),
    },
    {
      name: "who may set the policy of the project, under a condition on just that",
      resource: gcpKmsKey({
        project_policy: known(
          gcpPolicy([
            gcpBinding(
              "roles/security",
              "user:bob@partner.example",
              'resource.type == "cloudresourcemanager.googleapis.com/Project"',
            ),
          ]),
        ),
        "role:roles/security": known(gcpRole(["resourcemanager.projects.setIamPolicy"])),
      }),
    },
    {
      name: "who may delete versions, and nothing else",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding("roles/cleaner", "user:bob@partner.example")),
        "role:roles/cleaner": known(gcpRole(["cloudkms.cryptoKeyVersions.delete"])),
      }),
    },
    {
      name: "on a folder, and the ring cannot be read",
      resource: gcpKmsKey({
        [ringPolicy]: denied,
        [folderPolicy]: known(gcpPolicy([gcpBinding(decrypter, "user:bob@partner.example")])),
      }),
    },
    {
      name: "under a condition that nobody can judge",
      resource: also("user:bob@partner.example", decrypter, 'resource.matchTag("1/a", "b")'),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the key's policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    { name: "a folder's cannot be read", resource: gcpKmsKey({ [folderPolicy]: denied }) },
    {
      name: "a stranger with a role that cannot be read",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding("roles/mystery", "user:bob@partner.example")),
        "role:roles/mystery": denied,
      }),
      message: "role:roles/mystery",
    },
    {
      name: "an account of a project by number, which may be the key's",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(
          gcpBinding(decrypter, "serviceAccount:service-999@gs-project-accounts.iam.gserviceaccount.com"),
        ),
        project: denied,
      }),
      message: "project",
    },
  ],
});
