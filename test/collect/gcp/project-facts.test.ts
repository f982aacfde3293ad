import { describe, expect, it } from "vitest";
import type { GcpReader } from "../../../src/collect/gcp/reader.ts";
import { type Answer, answeringReader, answers, bindingOf, iamPolicy, testProject } from "../../support/gcp-answers.ts";
import { gcpCollectorOf, readsAll } from "../../support/gcp-collector.ts";
import { told } from "../../support/told.ts";

type Answers = Partial<Record<keyof GcpReader, Answer>>;

const read = (own: Answers = {}) =>
  gcpCollectorOf(answeringReader(own), { reads: readsAll }).readScope(testProject, "full", Date.now() + 10_000);

async function unreadableWith(own: Answers): Promise<Record<string, unknown>> {
  const facts = Object.entries(told(await read(own)));
  return Object.fromEntries(facts.filter(([, value]) => typeof value === "string" && value.startsWith("(")));
}

it("everything is told of a project and of what is above it", async () => {
  const owner = { kms_permissions: ["cloudkms.keyRings.get"], other_permissions: 1, deleted: false };

  expect(told(await read())).toMatchObject({
    project: { id: "acme-keys", number: "123", state: "ACTIVE", parent: "folders/77" },
    project_policy: { version: 3, bindings: [{ role: "roles/owner", members: ["user:owner@acme.example"] }] },
    ancestors: ["folders/77", "organizations/9"],
    kms_service: { service: "cloudkms.googleapis.com", state: "ENABLED" },
    billing: { enabled: true, account: "billingAccounts/0-1-2" },
    log_sinks: [{ name: "_Default", filter: "", disabled: false, exclusions: [{ name: "noise", disabled: true }] }],
    log_exclusions: [{ name: "old", filter: "x", disabled: false }],
    "effective_policy:iam.allowedPolicyMemberDomains": { rules: [{ allowed_values: ["C01", "C02"], enforced: null }] },
    "effective_policy:iam.managed.allowedPolicyMembers": { rules: [{ allow_all: false }] },
    "folder_policy:folders/77": { bindings: [{ role: "organizations/9/roles/keeper" }] },
    "organization_policy:organizations/9": { bindings: [] },
    "role:roles/owner": owner,
    "role:organizations/9/roles/keeper": owner,
    [`deny_policies:${testProject}`]: [{ rules: [{ exception_principals: [], condition: null }] }],
    "deny_policies:folders/77": [{}],
    "deny_policies:organizations/9": [{}],
    perimeters: { perimeters: [{ resources: ["projects/123"] }], access_levels: [{ combining: "AND", custom: null }] },
  });
});

const named = "effective_policy:iam.allowedPolicyMemberDomains";
const managed = "effective_policy:iam.managed.allowedPolicyMembers";
const both = (reason: string) => ({ [named]: reason, [managed]: reason });

it.each<readonly [keyof GcpReader, Answer, object]>([
  ["getProject", { ...answers.getProject, name: "projects/acme-keys" }, { project: "(malformed)" }],
  ["getProject", { ...answers.getProject, projectId: "" }, { project: "(malformed)" }],
  ["getProject", { ...answers.getProject, state: "STATE_UNSPECIFIED" }, { project: "(malformed)" }],
  ["getProjectIamPolicy", { version: 1, bindings: [] }, { project_policy: "(malformed)" }],
  [
    "getProjectIamPolicy",
    {
      ...iamPolicy(),
      auditConfigs: [{ service: "allServices", auditLogConfigs: [{ logType: 7, exemptedMembers: null }] }],
    },
    { project_policy: "(malformed)" },
  ],
  ["getService", { state: "ENABLED" }, { kms_service: "(malformed)" }],
  ["getService", { ...answers.getService, state: "STATE_UNSPECIFIED" }, { kms_service: "(malformed)" }],
  ["getProjectBillingInfo", { billingAccountName: "" }, { billing: "(malformed)" }],
  ["getProjectBillingInfo", { billingEnabled: "yes" }, { billing: "(malformed)" }],
  ["listSinks", {}, { "logging:ListSinks": "(not-reported)" }],
  ["listSinks", { sinks: [{ name: "a", destination: "b", filter: "" }] }, { "logging:ListSinks": "(malformed)" }],
  ["listExclusions", { exclusions: [{ name: "a", disabled: false }] }, { "logging:ListExclusions": "(malformed)" }],
  ["getEffectivePolicy", { name: "x" }, both("(malformed)")],
  ["getEffectivePolicy", { spec: { rules: [{ values: { allowedValues: "all" } }] } }, both("(malformed)")],
  ["getEffectivePolicy", { spec: { rules: [{ parameters: { members: [{}] } }] } }, both("(malformed)")],
  ["getEffectivePolicy", { spec: { rules: null } }, both("(malformed)")],
  // A rule of a kind that is not known yet, which may refuse.
  ["getEffectivePolicy", { spec: { rules: [{}] } }, both("(malformed)")],
  [
    "getEffectivePolicy",
    { spec: { rules: [{ allowAll: true }, { condition: { expression: "x" } }] } },
    both("(malformed)"),
  ],
  ["getFolderIamPolicy", {}, { "folder_policy:folders/77": "(malformed)" }],
  ["getOrganizationIamPolicy", {}, { "organization_policy:organizations/9": "(malformed)" }],
  [
    "listAccessPolicies",
    { accessPolicies: [{ name: "x" }] },
    { "accesscontextmanager:ListServicePerimeters": "(malformed)" },
  ],
  [
    "listAccessLevels",
    { accessLevels: [{ name: "x" }] },
    { "accesscontextmanager:ListServicePerimeters": "(malformed)" },
  ],
  ["listServicePerimeters", () => "<html>", { "accesscontextmanager:ListServicePerimeters": "(malformed)" }],
  [
    "listServicePerimeters",
    { servicePerimeters: [{ name: "x", status: { ingressPolicies: [{ ingressTo: { roles: ["roles/viewer"] } }] } }] },
    { "accesscontextmanager:ListServicePerimeters": "(malformed)" },
  ],
])("%s with %j leaves its own fact unknown, and no other", async (call, answer, expected) => {
  expect(await unreadableWith({ [call]: answer })).toEqual(expected);
});

it("what is not there over REST because it is empty is empty", async () => {
  const facts = told(
    await read({
      getEffectivePolicy: { spec: {} },
      listDenyPolicies: {},
      listAccessPolicies: {},
      getProjectBillingInfo: { billingEnabled: false },
      getProject: { ...answers.getProject, parent: "" },
    }),
  );

  expect(facts).toMatchObject({
    [named]: { rules: [] },
    [`deny_policies:${testProject}`]: [],
    perimeters: { perimeters: [], access_levels: [] },
    billing: { enabled: false, account: null },
    project: { parent: null },
  });
});

describe("a role", () => {
  const roleWith = async (role: Readonly<Record<string, unknown>>) =>
    told(await read({ getRole: role, getFolderIamPolicy: iamPolicy() }))["role:roles/owner"];
  const many = Array.from({ length: 8 }, (_, index) => `compute.things.do${8 - index}`);

  it.each<readonly [object, unknown]>([
    [
      { includedPermissions: ["cloudkms.b", "cloudkms.a", "cloudkms.a", ...many] },
      {
        kms_permissions: ["cloudkms.a", "cloudkms.b"],
        other_permissions: 8,
        some_others: many.toReversed().slice(0, 5),
        deleted: false,
      },
    ],
    [
      { includedPermissions: [...many, "resourcemanager.projects.setIamPolicy", "storage.buckets.setIamPolicy"] },
      {
        kms_permissions: [],
        other_permissions: 10,
        some_others: ["resourcemanager.projects.setIamPolicy", ...many.toReversed().slice(0, 4)],
        deleted: false,
      },
    ],
    [
      { includedPermissions: ["a.b"], deleted: true },
      { kms_permissions: [], other_permissions: 1, some_others: ["a.b"], deleted: true },
    ],
    [
      { includedPermissions: ["cloudkms.a"], stage: "DISABLED" },
      { kms_permissions: ["cloudkms.a"], other_permissions: 0, some_others: [], deleted: true },
    ],
    [{ deleted: true }, { kms_permissions: [], other_permissions: 0, some_others: [], deleted: true }],
    [{}, "(malformed)"],
    [{ includedPermissions: "all" }, "(malformed)"],
    [{ includedPermissions: [7] }, "(malformed)"],
  ])("with %j", async (answer, expected) => {
    expect(await roleWith({ name: "roles/owner", ...answer })).toEqual(expected);
  });

  it.each(["roles/../../v1/projects", "owner", "roles/a?alt=media", "projects/p/roles/a/b"])(
    "that is called %s is not asked for, and said to be unknown",
    async (role) => {
      const reader = answeringReader({
        getProjectIamPolicy: iamPolicy(bindingOf(role)),
        getFolderIamPolicy: iamPolicy(),
      });

      const facts = told(await gcpCollectorOf(reader).readScope(testProject, "full", Date.now() + 10_000));

      expect(facts[`iam:GetRole:${role}`]).toBe("(unsupported)");
      expect(reader.count("getRole")).toBe(0);
    },
  );
});

describe("an effective organization policy", () => {
  it.each([
    [{ allowAll: true }, { allow_all: true }],
    [{ denyAll: true }, { deny_all: true }],
    [{ enforce: false }, { enforced: false }],
    [{ values: { deniedValues: ["b", "a"] } }, { denied_values: ["a", "b"], allowed_values: [] }],
    [
      { enforce: true, parameters: { allowedMemberSubjects: ["user:b", "user:a"], allowAll: true } },
      { enforced: true, parameters: { allowedMemberSubjects: ["user:a", "user:b"], allowAll: ["true"] } },
    ],
    [{ condition: { expression: "x" }, enforce: true }, { condition: { title: null, expression: "x" } }],
  ])("with the rule %j", async (rule, expected) => {
    expect(told(await read({ getEffectivePolicy: { spec: { rules: [rule] } } }))[named]).toMatchObject({
      rules: [expected],
    });
  });
});

describe("a service perimeter", () => {
  it("is told with whom it lets in", async () => {
    const status = {
      resources: ["projects/2", "projects/1"],
      restrictedServices: ["storage.googleapis.com", "cloudkms.googleapis.com"],
      accessLevels: ["accessPolicies/5/accessLevels/b"],
      ingressPolicies: [
        {
          title: "a title",
          ingressFrom: { sources: [{ accessLevel: "*" }, { resource: "projects/7" }], identityType: "ANY_IDENTITY" },
          ingressTo: {
            operations: [
              { serviceName: "cloudkms.googleapis.com", methodSelectors: [{ permission: "b" }, { method: "*" }] },
            ],
            resources: ["*"],
          },
        },
        { ingressFrom: { identities: ["serviceAccount:a@b.iam.gserviceaccount.com"] } },
      ],
    };

    const facts = told(
      await read({
        listServicePerimeters: { servicePerimeters: [{ name: "n", title: "t", status }, { name: "dry" }] },
      }),
    );

    expect(facts["perimeters"]).toMatchObject({
      perimeters: [
        { name: "dry", title: "", resources: [], restricted_services: [] },
        {
          name: "n",
          resources: ["projects/1", "projects/2"],
          restricted_services: ["cloudkms.googleapis.com", "storage.googleapis.com"],
          access_levels: ["accessPolicies/5/accessLevels/b"],
          ingress: [
            {
              identity_type: "ANY_IDENTITY",
              source_access_levels: ["*"],
              source_resources: ["projects/7"],
              target_resources: ["*"],
              operations: [{ service: "cloudkms.googleapis.com", selectors: ["*", "b"] }],
            },
            { identity_type: null, identities: ["serviceAccount:a@b.iam.gserviceaccount.com"], operations: [] },
          ],
        },
      ],
    });
  });

  it.each([
    [
      { basic: { conditions: [{ negate: true }], combiningFunction: "OR" } },
      { combining: "OR", custom: null, conditions: [{ negate: true, asks_more: false }] },
    ],
    [
      { basic: { conditions: [{ members: ["user:a"], regions: ["US"] }] } },
      { conditions: [{ members: ["user:a"], asks_more: true }] },
    ],
    [{ basic: { conditions: [{ askedByNobodyYet: {} }] } }, { conditions: [{ asks_more: true }] }],
    [{ custom: { expr: { expression: "origin.ip == x" } } }, { custom: "origin.ip == x", conditions: [] }],
  ])("names access levels such as %j", async (level, expected) => {
    const facts = told(await read({ listAccessLevels: { accessLevels: [{ name: "n", ...level }] } }));

    expect(facts["perimeters"]).toMatchObject({ access_levels: [{ name: "n", ...expected }] });
  });
});
