import { noLookalikePrincipal } from "../../../checks/gcp/no-lookalike-principal.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  gcpBinding,
  gcpKeyPolicyWith,
  gcpKmsKey,
  gcpPolicy,
  noAncestors,
  testGcpFolder,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const ringPolicy = `ring_policy:${testGcpRing}`;
const folderPolicy = `folder_policy:${testGcpFolder}`;

const use = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
const also = (member: string) => gcpKmsKey({ key_policy: gcpKeyPolicyWith(gcpBinding(use, member)) });

testCheck(noLookalikePrincipal, {
  pass: [
    { name: "the published account", resource: gcpKmsKey() },
    {
      name: "the published account in capitals",
      resource: also("serviceAccount:Anthropic-CMEK-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"),
    },
    {
      name: "an account of another name in another project",
      resource: also("serviceAccount:backup@acme-data.iam.gserviceaccount.com"),
    },
    {
      name: "another account of Anthropic's project",
      resource: also("serviceAccount:other@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"),
    },
    { name: "as far as the project", resource: gcpKmsKey({ reads: noAncestors }), message: "as far as the project" },
  ],
  fail: [
    {
      name: "the name in another project",
      resource: also("serviceAccount:anthropic-cmek-client-us@evil-project.iam.gserviceaccount.com"),
      message: "evil-project",
    },
    {
      name: "a project that is one letter off",
      resource: also("serviceAccount:cmek@gcp-anthropic-cmek-client.iam.gserviceaccount.com"),
      message: "resembles",
    },
    {
      name: "a project that is two letters off",
      resource: also("serviceAccount:cmek@gcp-anthrop1c-cmek-cl1ents.iam.gserviceaccount.com"),
      message: "resembles",
    },
    { name: "a person of that name", resource: also("user:anthropic-cmek-client-us@gmail.com"), message: "gmail.com" },
    {
      name: "another domain",
      resource: also("serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.co"),
    },
    {
      name: "what is left of the account",
      resource: also(`deleted:${anthropicGcpMember}?uid=123`),
      message: "deleted",
    },
    {
      name: "on the ring",
      resource: gcpKmsKey({
        [ringPolicy]: known(gcpPolicy([gcpBinding("roles/viewer", "user:anthropic-cmek-client-us@gmail.com")])),
      }),
      message: testGcpRing,
    },
    {
      name: "on a folder, and the ring cannot be read",
      resource: gcpKmsKey({
        [ringPolicy]: denied,
        [folderPolicy]: known(gcpPolicy([gcpBinding(use, "user:anthropic-cmek-client-us@gmail.com")])),
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the key's policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    { name: "the project's cannot be read", resource: gcpKmsKey({ project_policy: denied }) },
  ],
});
