/** What the official clients make of Google's wire: that a field which was not sent is told as such, and nothing is lost on the way. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Collector } from "../../../src/collect/collector.ts";
import type { KeyResource } from "../../../src/model/key.ts";
import { bindingOf, testGcpKey, testProject, testRing } from "../../support/gcp-answers.ts";
import { localGcpCollector, readsAll } from "../../support/gcp-collector.ts";
import { type GcpAnswer, type GcpServer, GcpServerError, startGcpServer } from "../../support/gcp-server.ts";
import { told } from "../../support/told.ts";

let server: GcpServer;
let collector: Collector<KeyResource>;
beforeAll(async () => {
  server = await startGcpServer();
  collector = localGcpCollector(server.local, { reads: readsAll });
});
afterAll(() => server.close());

const condition = { title: "until", expression: "true", description: "not kept" };
const answers: Record<string, GcpAnswer> = {};
beforeEach(() => {
  for (const name of Object.keys(answers)) Reflect.deleteProperty(answers, name);
  Object.assign(answers, {
    ListCryptoKeys: { cryptoKeys: [{ name: testGcpKey.resource }] },
    ListCryptoKeyVersions: {},
    GetIamPolicy: {},
  });
  server.answer(({ name }) => answers[name] ?? new GcpServerError(name.includes(" ") ? 404 : 5, "not here"));
});

const soon = () => Date.now() + 20_000;
const readKey = async () => told(await collector.readKey(testGcpKey, "full", soon()));
const readProject = async () => told(await collector.readScope(testProject, "full", soon()));

it("a key of which Google sent the name alone", async () => {
  expect(await readKey()).toEqual({
    existence: "present",
    read_name: testGcpKey.resource,
    purpose: "(not-reported)",
    primary: null,
    template: null,
    rotation: { period: null, next: null },
    destroy_delay: "(not-reported)",
    import_only: false,
    labels: {},
    justifications: null,
    key_policy: { version: 0, bindings: [], audit_configs: [] },
    versions: [],
    [`ring_policy:${testRing}`]: { version: 0, bindings: [], audit_configs: [] },
  });
});

it("an answer that leads elsewhere is none", async () => {
  answers["GetIamPolicy"] = { version: 3, bindings: [bindingOf("roles/x", "user:a")] };
  answers["GET /v1/roles/x"] = new GcpServerError(302, "/v1/roles/another");
  answers["GET /v1/roles/another"] = { name: "roles/x", includedPermissions: [] };

  expect(await readKey()).toMatchObject({ "iam:GetRole:roles/x": "(unavailable)" });
  expect(server.requests.map(({ name }) => name)).not.toContain("GET /v1/roles/another");
});

it("a key of which Google sent everything", async () => {
  const version = {
    name: `${testGcpKey.resource}/cryptoKeyVersions/12`,
    state: "DESTROY_SCHEDULED",
    protectionLevel: "HSM",
    algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
    createTime: { seconds: 1_700_000_000, nanos: 999_999_999 },
    destroyTime: { seconds: 1_800_000_000 },
    importJob: "projects/p/importJobs/i",
  };
  const key = {
    name: testGcpKey.resource,
    primary: { ...version, state: 77 },
    purpose: "ENCRYPT_DECRYPT",
    nextRotationTime: { seconds: 1_750_000_000 },
    rotationPeriod: { seconds: 7_776_000 },
    versionTemplate: { protectionLevel: "SOFTWARE", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" },
    labels: { "anthropic-org-x": "true" },
    importOnly: true,
    destroyScheduledDuration: { seconds: 86_400 },
    keyAccessJustificationsPolicy: { allowedAccessReasons: ["CUSTOMER_INITIATED_ACCESS"] },
  };
  answers["ListCryptoKeys"] = { cryptoKeys: [key] };
  answers["ListCryptoKeyVersions"] = { cryptoKeyVersions: [version] };
  answers["GetIamPolicy"] = { version: 3, bindings: [{ ...bindingOf("roles/x", "user:b", "user:a"), condition }] };
  answers["GET /v1/roles/x"] = { name: "roles/x", includedPermissions: ["cloudkms.cryptoKeys.get"] };

  const policy = {
    version: 3,
    bindings: [{ role: "roles/x", members: ["user:a", "user:b"], condition: { title: "until", expression: "true" } }],
    audit_configs: [],
  };
  const common = {
    number: 12,
    protection_level: "HSM",
    algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
    created: 1_700_000_000_999,
    destroyed: 1_800_000_000_000,
    imported: true,
  };
  expect(await readKey()).toEqual({
    existence: "present",
    read_name: testGcpKey.resource,
    purpose: "ENCRYPT_DECRYPT",
    primary: { ...common, state: "77" },
    template: { protection_level: "SOFTWARE", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" },
    rotation: { period: 7_776_000_000, next: 1_750_000_000_000 },
    destroy_delay: 86_400_000,
    import_only: true,
    labels: { "anthropic-org-x": "true" },
    justifications: { allowed_reasons: ["CUSTOMER_INITIATED_ACCESS"] },
    key_policy: policy,
    versions: [{ ...common, state: "DESTROY_SCHEDULED" }],
    [`ring_policy:${testRing}`]: policy,
    "role:roles/x": {
      kms_permissions: ["cloudkms.cryptoKeys.get"],
      other_permissions: 0,
      some_others: [],
      deleted: false,
    },
  });
});

it("a project: its policy with the audit configuration, and its log sinks", async () => {
  answers["GetProject"] = { name: "projects/123", projectId: "acme-keys", state: "DELETE_REQUESTED" };
  answers["GetIamPolicy"] = {
    auditConfigs: [
      {
        service: "cloudkms.googleapis.com",
        auditLogConfigs: [{ logType: "DATA_WRITE" }, { logType: "DATA_READ", exemptedMembers: ["user:b", "user:a"] }],
      },
    ],
  };
  answers["ListSinks"] = { sinks: [{ name: "a", destination: "b", exclusions: [{ name: "c", filter: "d" }] }] };
  answers["ListExclusions"] = {};

  expect(await readProject()).toMatchObject({
    project: { id: "acme-keys", number: "123", state: "DELETE_REQUESTED", parent: null },
    project_policy: {
      audit_configs: [
        {
          service: "cloudkms.googleapis.com",
          logs: [
            { type: "DATA_READ", exempted: ["user:a", "user:b"] },
            { type: "DATA_WRITE", exempted: [] },
          ],
        },
      ],
    },
    log_sinks: [
      {
        name: "a",
        destination: "b",
        filter: "",
        disabled: false,
        exclusions: [{ name: "c", filter: "d", disabled: false }],
      },
    ],
    log_exclusions: [],
  });
});

it("a page where JSON should be is malformed, and is not an empty list", async () => {
  const page = new GcpServerError(200, "<html>sign in to the network</html>");
  answers[`POST /v1/${testProject}:getAncestry`] = {
    ancestor: [{ resourceId: { type: "project", id: "p" } }, { resourceId: { type: "organization", id: "9" } }],
  };
  answers["GET /v2/policies/cloudresourcemanager.googleapis.com%2Forganizations%2F9/denypolicies?pageSize=100"] = page;
  answers["GET /v1/accessPolicies?pageSize=100&parent=organizations%2F9"] = page;
  answers[`GET /v1/${testProject}/billingInfo`] = page;

  expect(await readProject()).toMatchObject({
    ancestors: ["organizations/9"],
    "iam:GetDenyPolicy:organizations/9": "(malformed)",
    "accesscontextmanager:ListServicePerimeters": "(malformed)",
    "cloudbilling:GetProjectBillingInfo": "(malformed)",
  });
});
