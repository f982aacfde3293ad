import { describe, expect, it } from "vitest";
import { gcpKeyAccess } from "../../../src/access/gcp/key-access.ts";
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../../src/guidance/gcp-roles.ts";
import { anthropicGcpMember, anthropicGcpProject } from "../../../src/guidance/identifiers.ts";
import { type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import type { GcpDenyRule } from "../../../src/model/gcp.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import {
  gcpBinding,
  gcpKeyPolicyWith,
  gcpKmsKey,
  gcpPolicy,
  gcpRole,
  testGcpFolder,
  testGcpKey,
  testGcpKeyName,
  testGcpOrganization,
  testGcpProject,
  testGcpRegistration,
  testGcpRing,
  testOwner,
} from "../../support/gcp-kms-key.ts";

const decrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";
const encrypt = "cloudkms.cryptoKeyVersions.useToEncrypt";
const use = gcpEncrypterDecrypterRole;
const refused = unreadable("access-denied", "refused", { call: "a:Call", permission: "a.permission" });
const justUse = { "role:roles/use": known(gcpRole([decrypt])) };

function accessOf(changes: FactsByName = {}) {
  return gcpKeyAccess(gcpKmsKey(changes).facts, testGcpKey, { at: testTime, settings: testSettings });
}

describe("gcpKeyAccess", () => {
  it("tells of a healthy key", () => {
    const { rows, unreadable: missing } = accessOf();
    expect(missing).toEqual([]);
    expect(
      rows.map(({ principal, class: kind, decision, source }) => [principal, kind, decision, source.kind, source.name]),
    ).toEqual([
      [anthropicGcpMember, "anthropic-published", "allowed", "key-binding", `${use} on ${testGcpKeyName}`],
      [anthropicGcpMember, "anthropic-published", "allowed", "key-binding", `${gcpViewerRole} on ${testGcpKeyName}`],
      [testOwner, "own-account", "allowed", "project-binding", `roles/owner on projects/${testGcpProject}`],
    ]);
    expect(rows[0]).toMatchObject({ callers: [anthropicGcpMember], encryption_contexts: null, conditions: [], on: [] });
    expect(rows[0]?.operations).toEqual(expect.arrayContaining([decrypt, encrypt]));
  });

  it("tells of every level", () => {
    const bound = known(gcpPolicy([gcpBinding("roles/use", "user:x@y.example")]));
    const { rows } = accessOf({
      ...justUse,
      [`ring_policy:${testGcpRing}`]: bound,
      project_policy: bound,
      [`folder_policy:${testGcpFolder}`]: bound,
      [`organization_policy:${testGcpOrganization}`]: bound,
    });
    expect(rows.slice(2).map(({ source }) => source.kind)).toEqual([
      "ring-binding",
      "project-binding",
      "folder-binding",
      "organization-binding",
    ]);
  });

  it.each([
    ["allUsers", "anyone"],
    [`serviceAccount:other@${anthropicGcpProject}.iam.gserviceaccount.com`, "anthropic-other"],
    ["serviceAccount:anthropic-cmek-client-us@other-project.iam.gserviceaccount.com", "lookalike"],
    ["user:x@y.example", "external"],
    ["user:expected@y.example", "external"],
    [`projectOwner:${testGcpProject}`, "own-account"],
  ])("%s is %s", (member, kind) => {
    const { rows } = accessOf({
      key_policy: gcpKeyPolicyWith(gcpBinding(use, member)),
      registration: known({ ...testGcpRegistration, expected_principals: ["user:expected@y.example"] }),
    });
    expect(rows.find(({ principal }) => principal === member)?.class).toBe(kind);
  });

  it("tells of whoever may set the policy above, under a condition on just that", () => {
    const setPolicy = "resourcemanager.projects.setIamPolicy";
    const onProjects = 'resource.type == "cloudresourcemanager.googleapis.com/Project"';
    const { rows } = accessOf({
      "role:roles/use": known(gcpRole([decrypt, setPolicy])),
      project_policy: known(gcpPolicy([gcpBinding("roles/use", "user:x@y.example", onProjects)])),
      // Of a key it is no permission.
      key_policy: gcpKeyPolicyWith(gcpBinding("roles/use", "user:z@y.example")),
    });
    expect(rows.slice(2)).toMatchObject([
      { principal: "user:z@y.example", operations: [decrypt] },
      { principal: "user:x@y.example", operations: [setPolicy], decision: "allowed" },
    ]);
  });

  it("says under which condition, and what it hangs on", () => {
    const { rows } = accessOf({
      ...justUse,
      key_policy: known(
        gcpPolicy([
          gcpBinding("roles/use", "user:a@y.example", 'resource.matchTag("1/env", "prod")'),
          { ...gcpBinding("roles/use", "user:b@y.example"), condition: { title: "always", expression: "true" } },
          gcpBinding("roles/use", "user:c@y.example", "false"),
        ]),
      ),
    });
    expect(rows.filter(({ source }) => source.kind === "key-binding")).toMatchObject([
      {
        principal: "user:a@y.example",
        decision: "conditional",
        conditions: ['resource.matchTag("1/env", "prod")'],
        on: ["resource.matchTag"],
      },
      { principal: "user:b@y.example", decision: "allowed", conditions: ["always: true"], on: [] },
    ]);
  });

  it("has no row for what is left of somebody, and for a role that is gone", () => {
    const { rows } = accessOf({
      "role:roles/gone": known(gcpRole([decrypt], { deleted: true })),
      key_policy: known(
        gcpPolicy([gcpBinding(use, "deleted:user:a@y.example?uid=1"), gcpBinding("roles/gone", "user:b@y.example")]),
      ),
    });
    expect(rows.filter(({ source }) => source.kind === "key-binding")).toEqual([]);
  });

  it("does not pass over a role that could not be read", () => {
    const { rows, unreadable: missing } = accessOf({
      "role:roles/secret": refused,
      key_policy: known(gcpPolicy([gcpBinding("roles/secret", ["user:a@y.example", "user:b@y.example"])])),
    });
    expect(rows.filter(({ source }) => source.kind === "key-binding")).toMatchObject([
      { principal: "user:a@y.example", operations: [], decision: "conditional", on: ["permissions of roles/secret"] },
      { principal: "user:b@y.example" },
    ]);
    expect(missing).toEqual([
      {
        fact: "role:roles/secret",
        reason: "access-denied",
        detail: "refused",
        call: "a:Call",
        permission: "a.permission",
      },
    ]);
  });

  it("leaves out what a deny policy takes away, and says what it hangs on", () => {
    const rule = (changes: Partial<GcpDenyRule>): GcpDenyRule => ({
      denied_principals: ["principalSet://goog/public:all"],
      exception_principals: [],
      denied_permissions: [],
      exception_permissions: [],
      condition: null,
      ...changes,
    });
    const { rows } = accessOf({
      reads: known({ gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: true }),
      ancestors: known([]),
      [`deny_policies:projects/${testGcpProject}`]: known([
        {
          name: "d",
          rules: [
            rule({ denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"] }),
            rule({
              denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToEncrypt"],
              exception_principals: ["principalSet://goog/group/g@y.example"],
            }),
          ],
        },
      ]),
      "role:roles/both": known(gcpRole([decrypt, encrypt, "cloudkms.cryptoKeys.get"])),
      key_policy: known(gcpPolicy([gcpBinding("roles/both", "user:x@y.example")])),
    });
    expect(rows.filter(({ source }) => source.kind === "key-binding")).toMatchObject([
      { operations: [encrypt], decision: "conditional", on: ["membership of principalSet://goog/group/g@y.example"] },
      { operations: ["cloudkms.cryptoKeys.get"], decision: "allowed", on: [] },
    ]);
  });

  it.each([
    ["key_policy", "key_access"],
    [`ring_policy:${testGcpRing}`, "ring_access"],
    ["project_policy", "project_access"],
    ["ancestors", "ancestor_access"],
    [`folder_policy:${testGcpFolder}`, `ancestor_access:${testGcpFolder}`],
    ["registration", "registration"],
    ["project", "project"],
  ])("names %s where it cannot be read, as %s", (raw, name) => {
    expect(accessOf({ [raw]: refused }).unreadable.map(({ fact }) => fact)).toEqual([name]);
  });

  it("names deny policies that cannot be read", () => {
    const { unreadable: missing } = accessOf({
      reads: known({ gcp_ancestors: true, gcp_perimeters: false, gcp_deny_policies: true }),
      [`deny_policies:projects/${testGcpProject}`]: refused,
      [`deny_policies:${testGcpFolder}`]: known([]),
      [`deny_policies:${testGcpOrganization}`]: known([]),
    });
    expect(missing.map(({ fact }) => fact)).toEqual([`deny_rules:projects/${testGcpProject}`]);
  });
});
