import { serviceAccountCanEncryptAndDecrypt } from "../../../checks/gcp/service-account-can-encrypt-and-decrypt.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  documentedGcpBindings,
  gcpBinding,
  gcpKmsKey,
  gcpPolicy,
  gcpRole,
  noAncestors,
  testGcpFolder,
  testGcpOrganization,
  testGcpProject,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const encrypterDecrypter = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
const nothing = known(gcpPolicy([]));
const documented = known(gcpPolicy(documentedGcpBindings));
const onKey = (...bindings: ReturnType<typeof gcpBinding>[]) => known(gcpPolicy(bindings));
const denyReads = known({ gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: true });
const denies = (condition: string | null = null) =>
  known([
    {
      name: "policies/x/denypolicies/no-kms",
      rules: [
        {
          denied_principals: ["principalSet://goog/public:all"],
          exception_principals: [],
          denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
          exception_permissions: [],
          condition: condition === null ? null : { title: null, expression: condition },
        },
      ],
    },
  ]);
const noDenials = {
  [`deny_policies:${testGcpFolder}`]: known([]),
  [`deny_policies:${testGcpOrganization}`]: known([]),
};

testCheck(serviceAccountCanEncryptAndDecrypt, {
  pass: [
    { name: "as documented", resource: gcpKmsKey() },
    { name: "from the ring", resource: gcpKmsKey({ key_policy: nothing, [ringPolicy]: documented }) },
    { name: "from the project", resource: gcpKmsKey({ key_policy: nothing, project_policy: documented }) },
    { name: "from a folder", resource: gcpKmsKey({ key_policy: nothing, [folderPolicy]: documented }) },
    {
      name: "by two roles, one for each",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding("roles/cloudkms.cryptoKeyEncrypter", anthropicGcpMember),
          gcpBinding("roles/cloudkms.cryptoKeyDecrypter", anthropicGcpMember),
        ),
      }),
    },
    {
      name: "by a custom role",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding("projects/customer-keys/roles/cmek", anthropicGcpMember)),
        "role:projects/customer-keys/roles/cmek": known(
          gcpRole(["cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"]),
        ),
      }),
    },
    {
      name: "on the key, and nothing above can be read",
      resource: gcpKmsKey({ [ringPolicy]: denied, project_policy: denied, ancestors: denied }),
    },
    {
      name: "under a condition that holds",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding(encrypterDecrypter, anthropicGcpMember, 'request.time < timestamp("2099-01-01T00:00:00Z")'),
        ),
      }),
    },
    {
      name: "as anybody: that is for another check",
      resource: gcpKmsKey({ key_policy: onKey(gcpBinding(encrypterDecrypter, "allUsers")) }),
    },
  ],
  fail: [
    { name: "no binding", resource: gcpKmsKey({ key_policy: nothing }), message: "useToEncrypt: no binding gives it" },
    {
      name: "only encrypts",
      resource: gcpKmsKey({ key_policy: onKey(gcpBinding("roles/cloudkms.cryptoKeyEncrypter", anthropicGcpMember)) }),
      message: "refused cloudkms.cryptoKeyVersions.useToDecrypt",
    },
    {
      name: "only looks",
      resource: gcpKmsKey({ key_policy: onKey(gcpBinding("roles/cloudkms.viewer", anthropicGcpMember)) }),
    },
    {
      name: "an account that resembles it",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding(
            encrypterDecrypter,
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-client.iam.gserviceaccount.com",
          ),
        ),
      }),
    },
    {
      name: "what is left of the account",
      resource: gcpKmsKey({ key_policy: onKey(gcpBinding(encrypterDecrypter, `deleted:${anthropicGcpMember}?uid=1`)) }),
    },
    {
      name: "a condition that does not hold any more",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding(encrypterDecrypter, anthropicGcpMember, 'request.time < timestamp("2026-01-01T00:00:00Z")'),
        ),
      }),
      message: "a condition that does not hold",
    },
    {
      name: "a role that was deleted",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding("projects/customer-keys/roles/old", anthropicGcpMember)),
        "role:projects/customer-keys/roles/old": known(
          gcpRole(["cloudkms.cryptoKeyVersions.useToEncrypt"], { deleted: true }),
        ),
      }),
    },
    {
      name: "a deny policy takes it away",
      resource: gcpKmsKey({ reads: denyReads, [`deny_policies:projects/${testGcpProject}`]: denies() }),
      message: "denied by policies/x/denypolicies/no-kms",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "nothing readable gives it, and the ring cannot be read",
      resource: gcpKmsKey({ key_policy: nothing, [ringPolicy]: denied }),
    },
    {
      name: "nothing readable gives it, and a folder cannot be read",
      resource: gcpKmsKey({ key_policy: nothing, [folderPolicy]: denied }),
    },
    { name: "the key's own policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    {
      name: "a role that cannot be read",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding("organizations/9/roles/cmek", anthropicGcpMember)),
        "role:organizations/9/roles/cmek": denied,
      }),
    },
    {
      name: "a group that may hold the account",
      resource: gcpKmsKey({ key_policy: onKey(gcpBinding(encrypterDecrypter, "group:cmek@acme.example")) }),
    },
    {
      name: "a condition that cannot be judged",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding(encrypterDecrypter, anthropicGcpMember, 'resource.matchTag("1/env", "prod")')),
      }),
    },
    {
      name: "a condition that the saved policy does not show",
      resource: gcpKmsKey({
        key_policy: known(
          gcpPolicy([gcpBinding(`${encrypterDecrypter}_withcond_abc`, anthropicGcpMember)], { version: 1 }),
        ),
      }),
    },
    {
      name: "deny policies that cannot be read",
      resource: gcpKmsKey({ reads: denyReads, [`deny_policies:projects/${testGcpProject}`]: denied }),
    },
    {
      name: "a deny policy on a tag",
      resource: gcpKmsKey({
        reads: denyReads,
        ...noDenials,
        [`deny_policies:projects/${testGcpProject}`]: denies('resource.matchTag("1/env", "prod")'),
      }),
    },
    {
      name: "encrypts, and decrypts under a condition that cannot be judged",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding("roles/cloudkms.cryptoKeyEncrypter", anthropicGcpMember),
          gcpBinding("roles/cloudkms.cryptoKeyDecrypter", anthropicGcpMember, 'resource.matchTag("1/env", "prod")'),
        ),
      }),
    },
    {
      name: "no binding as far as the project, and nothing of the project is known",
      resource: gcpKmsKey({ key_policy: nothing, reads: noAncestors, project_policy: denied }),
    },
    { name: "existence unknown", resource: gcpKmsKey({ existence: denied }) },
  ],
});
