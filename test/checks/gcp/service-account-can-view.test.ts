import { serviceAccountCanView } from "../../../checks/gcp/service-account-can-view.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  gcpBinding,
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

const onKey = (...bindings: ReturnType<typeof gcpBinding>[]) => known(gcpPolicy(bindings));
const viewer = gcpBinding("roles/cloudkms.viewer", anthropicGcpMember);

testCheck(serviceAccountCanView, {
  pass: [
    { name: "as documented", resource: gcpKmsKey() },
    { name: "by the viewer's role alone", resource: gcpKmsKey({ key_policy: onKey(viewer) }) },
    { name: "from the ring", resource: gcpKmsKey({ key_policy: onKey(), [ringPolicy]: known(gcpPolicy([viewer])) }) },
    {
      name: "from the project, with nothing else readable",
      resource: gcpKmsKey({ key_policy: denied, [ringPolicy]: denied, project_policy: known(gcpPolicy([viewer])) }),
    },
    {
      name: "by a custom role",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding("projects/customer-keys/roles/look", anthropicGcpMember)),
        "role:projects/customer-keys/roles/look": known(gcpRole(["cloudkms.cryptoKeys.get"])),
      }),
    },
  ],
  fail: [
    {
      name: "no binding",
      resource: gcpKmsKey({ key_policy: onKey() }),
      message: "refused cloudkms.cryptoKeys.get: no binding gives it",
    },
    {
      name: "may use it, and not look at it",
      resource: gcpKmsKey({
        key_policy: onKey(gcpBinding("roles/cloudkms.cryptoKeyEncrypterDecrypter", anthropicGcpMember)),
      }),
    },
    {
      name: "a condition that does not hold any more",
      resource: gcpKmsKey({
        key_policy: onKey(
          gcpBinding("roles/cloudkms.viewer", anthropicGcpMember, 'request.time < timestamp("2026-01-01T00:00:00Z")'),
        ),
      }),
      message: "a condition that does not hold",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the key's own policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    { name: "a folder's cannot be read", resource: gcpKmsKey({ key_policy: onKey(), [folderPolicy]: denied }) },
    {
      name: "the project's cannot be read, and nobody looks above",
      resource: gcpKmsKey({ key_policy: onKey(), project_policy: denied, reads: noAncestors }),
    },
    {
      name: "the role cannot be read",
      resource: gcpKmsKey({ key_policy: onKey(viewer), "role:roles/cloudkms.viewer": denied }),
    },
  ],
});
