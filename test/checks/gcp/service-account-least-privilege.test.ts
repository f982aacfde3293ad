import { serviceAccountLeastPrivilege } from "../../../checks/gcp/service-account-least-privilege.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
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
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const custom = "projects/customer-keys/roles/cmek";
const alsoBound = (role: string) => gcpKeyPolicyWith(gcpBinding(role, anthropicGcpMember));

testCheck(serviceAccountLeastPrivilege, {
  pass: [
    { name: "the two documented roles", resource: gcpKmsKey() },
    { name: "no role at all: that is for another check", resource: gcpKmsKey({ key_policy: known(gcpPolicy([])) }) },
    {
      name: "a custom role with less",
      resource: gcpKmsKey({
        key_policy: alsoBound(custom),
        [`role:${custom}`]: known(gcpRole(["cloudkms.cryptoKeys.get", "resourcemanager.projects.get"])),
      }),
    },
    {
      name: "a custom role with what Google has added to a documented one",
      resource: gcpKmsKey({
        key_policy: alsoBound(custom),
        [`role:${custom}`]: known(gcpRole(["cloudkms.newThings.get"])),
        "role:roles/cloudkms.viewer": known(gcpRole(["cloudkms.cryptoKeys.get", "cloudkms.newThings.get"])),
      }),
    },
    {
      name: "a documented role whose definition cannot be read",
      resource: gcpKmsKey({ "role:roles/cloudkms.viewer": denied }),
    },
    {
      name: "a role that was deleted",
      resource: gcpKmsKey({
        key_policy: alsoBound(custom),
        [`role:${custom}`]: known(gcpRole(["cloudkms.cryptoKeys.update"], { deleted: true })),
      }),
    },
    { name: "as far as the project", resource: gcpKmsKey({ reads: noAncestors }), message: "as far as the project" },
    {
      name: "somebody else's role",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding("roles/cloudkms.admin", "group:admins@acme.example")),
      }),
    },
  ],
  fail: [
    {
      name: "administrator of the key",
      resource: gcpKmsKey({ key_policy: alsoBound("roles/cloudkms.admin") }),
      message: "roles/cloudkms.admin on",
    },
    {
      name: "owner of the project",
      resource: gcpKmsKey({ project_policy: known(gcpPolicy([gcpBinding("roles/owner", anthropicGcpMember)])) }),
      message: "roles/owner on projects/",
    },
    {
      name: "a custom role with one permission more",
      resource: gcpKmsKey({
        key_policy: alsoBound(custom),
        [`role:${custom}`]: known(gcpRole(["cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.setIamPolicy"])),
      }),
      message: "cloudkms.cryptoKeys.setIamPolicy",
    },
    {
      name: "a role outside Cloud KMS",
      resource: gcpKmsKey({
        key_policy: alsoBound(custom),
        [`role:${custom}`]: known(gcpRole(["storage.objects.get"])),
      }),
      message: "storage.objects.get",
    },
    {
      name: "a role on a folder",
      resource: gcpKmsKey({
        [folderPolicy]: known(gcpPolicy([gcpBinding("roles/cloudkms.admin", anthropicGcpMember)])),
      }),
      message: testGcpFolder,
    },
    {
      name: "a role under a condition, be it one that fails today",
      resource: gcpKmsKey({
        key_policy: gcpKeyPolicyWith(gcpBinding("roles/cloudkms.admin", anthropicGcpMember, "false")),
      }),
    },
    {
      name: "administrator, and the ring cannot be read",
      resource: gcpKmsKey({ key_policy: alsoBound("roles/cloudkms.admin"), [ringPolicy]: denied }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "a custom role that cannot be read",
      resource: gcpKmsKey({ key_policy: alsoBound(custom), [`role:${custom}`]: denied }),
      message: `role:${custom}`,
    },
    { name: "the ring cannot be read", resource: gcpKmsKey({ [ringPolicy]: denied }) },
    { name: "a folder cannot be read", resource: gcpKmsKey({ [folderPolicy]: denied }) },
  ],
});
