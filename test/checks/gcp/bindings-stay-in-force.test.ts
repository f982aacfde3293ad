import { bindingsStayInForce } from "../../../checks/gcp/bindings-stay-in-force.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  documentedGcpBindings,
  gcpBinding,
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
const view = "roles/cloudkms.viewer";
const under = (condition?: string) =>
  known(gcpPolicy([gcpBinding(use, anthropicGcpMember, condition), gcpBinding(view, anthropicGcpMember)]));

testCheck(bindingsStayInForce, {
  pass: [
    { name: "no condition", resource: gcpKmsKey() },
    {
      name: "a condition on the key's name",
      resource: gcpKmsKey({ key_policy: under('resource.name.endsWith("/cryptoKeys/cmek")') }),
    },
    {
      name: "a condition that began long ago and has no end",
      resource: gcpKmsKey({ key_policy: under('request.time > timestamp("2020-01-01T00:00:00Z")') }),
    },
    {
      name: "an end, beside a binding without one",
      resource: gcpKmsKey({
        key_policy: known(
          gcpPolicy([
            ...documentedGcpBindings,
            gcpBinding(use, anthropicGcpMember, 'request.time < timestamp("2026-12-31T00:00:00Z")'),
          ]),
        ),
      }),
    },
    { name: "no binding at all: that is for another check", resource: gcpKmsKey({ key_policy: known(gcpPolicy([])) }) },
    { name: "on the key for good, and the ring cannot be read", resource: gcpKmsKey({ [ringPolicy]: denied }) },
  ],
  fail: [
    {
      name: "an end to come",
      resource: gcpKmsKey({ key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z")') }),
      message: "ends at 2026-12-31T00:00:00Z",
    },
    {
      name: "an end that has come",
      resource: gcpKmsKey({ key_policy: under('request.time < timestamp("2026-01-31T00:00:00Z")') }),
      message: "has a condition that does not hold",
    },
    {
      name: "office hours",
      resource: gcpKmsKey({
        key_policy: under('request.time.getHours("UTC") >= 8 && request.time.getHours("UTC") <= 17'),
      }),
      message: "only at some times",
    },
    {
      name: "one role ends, whatever becomes of the other under a tag",
      resource: gcpKmsKey({
        key_policy: known(
          gcpPolicy([
            gcpBinding(use, anthropicGcpMember, 'request.time < timestamp("2026-12-31T00:00:00Z")'),
            gcpBinding(view, anthropicGcpMember, 'resource.matchTag("1/env", "prod")'),
          ]),
        ),
      }),
      message: /^roles\/cloudkms\.cryptoKeyEncrypterDecrypter on [^;]* ends at 2026-12-31T00:00:00Z$/,
    },
    {
      name: "an end, beside a role that nobody can read and that has ended",
      resource: gcpKmsKey({
        key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z")'),
        [ringPolicy]: known(
          gcpPolicy([
            gcpBinding("roles/not.readable", anthropicGcpMember, 'request.time < timestamp("2026-01-31T00:00:00Z")'),
          ]),
        ),
      }),
      message: "ends at 2026-12-31T00:00:00Z",
    },
    {
      name: "an end, whatever the tag is that it hangs on as well",
      resource: gcpKmsKey({
        key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z") && resource.matchTag("1/env", "prod")'),
      }),
      message: "ends at 2026-12-31T00:00:00Z",
    },
    {
      name: "another key's name",
      resource: gcpKmsKey({ key_policy: under('resource.name.endsWith("/cryptoKeys/other")') }),
      message: "does not hold",
    },
    {
      name: "the viewer's role ends",
      resource: gcpKmsKey({
        key_policy: known(
          gcpPolicy([
            gcpBinding(use, anthropicGcpMember),
            gcpBinding(view, anthropicGcpMember, 'request.time < timestamp("2027-01-01T00:00:00Z")'),
          ]),
        ),
      }),
      message: `${view} on`,
    },
    {
      name: "on the ring",
      resource: gcpKmsKey({
        key_policy: known(gcpPolicy([])),
        [ringPolicy]: under('request.time < timestamp("2027-01-01T00:00:00Z")'),
      }),
      message: testGcpRing,
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "an end, beside a role that nobody can read and that has none",
      resource: gcpKmsKey({
        key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z")'),
        [ringPolicy]: known(gcpPolicy([gcpBinding("roles/not.readable", anthropicGcpMember)])),
      }),
    },
    {
      name: "an end, beside a condition on the same that nobody can judge",
      resource: gcpKmsKey({
        key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z")'),
        [ringPolicy]: under('resource.matchTag("1/env", "prod")'),
      }),
    },
    { name: "the key's policy cannot be read", resource: gcpKmsKey({ key_policy: denied }) },
    {
      name: "an end, and a folder cannot be read",
      resource: gcpKmsKey({
        key_policy: under('request.time < timestamp("2026-12-31T00:00:00Z")'),
        [folderPolicy]: denied,
      }),
    },
    {
      name: "a condition that nobody can judge",
      resource: gcpKmsKey({ key_policy: under('resource.matchTag("1/a", "b")') }),
    },
    { name: "a role that cannot be read", resource: gcpKmsKey({ [`role:${use}`]: denied }) },
    {
      name: "nothing of the project, and nobody looks above",
      resource: gcpKmsKey({ key_policy: known(gcpPolicy([])), project_policy: denied, reads: noAncestors }),
    },
  ],
});
