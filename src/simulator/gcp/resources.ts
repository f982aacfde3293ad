// Resources with safe defaults, for tests and the demo.
import { type Change, mergePatch } from "../merge-patch.ts";
import { assertShape } from "../shape.ts";
import {
  cryptoKeyShape,
  folderShape,
  iamRoleShape,
  keyRingShape,
  organizationShape,
  projectShape,
} from "./resource-shapes.ts";
import type {
  SimulatedCryptoKey,
  SimulatedFolder,
  SimulatedGcpOrganization,
  SimulatedIamRole,
  SimulatedKeyRing,
  SimulatedProject,
} from "./resource-types.ts";

const sampleProjectId = "example-project";
const sampleRingName = `projects/${sampleProjectId}/locations/us-east5/keyRings/cmek`;
const sampleTime = "2026-07-01T00:00:00Z";

/** An enabled symmetric key in an HSM that rotates and that nobody is given, with the changes merged in. */
export function sampleCryptoKey(change: Change<SimulatedCryptoKey> = {}): SimulatedCryptoKey {
  const made = { protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" };
  const base: SimulatedCryptoKey = {
    name: `${sampleRingName}/cryptoKeys/anthropic`,
    purpose: "ENCRYPT_DECRYPT",
    createTime: sampleTime,
    nextRotationTime: "2026-09-29T00:00:00Z",
    rotationPeriod: "7776000s",
    versionTemplate: made,
    labels: {},
    destroyScheduledDuration: "2592000s",
    primary: "1",
    versions: { "1": { state: "ENABLED", ...made, createTime: sampleTime, generateTime: sampleTime } },
    policy: { bindings: [] },
  };
  const key = mergePatch(base, change);
  assertShape<SimulatedCryptoKey>(key, cryptoKeyShape, "key");
  return key;
}

/** The ring of the sample key, with no bindings, and the changes merged in. */
export function sampleKeyRing(change: Change<SimulatedKeyRing> = {}): SimulatedKeyRing {
  const ring = mergePatch({ name: sampleRingName, createTime: sampleTime, policy: { bindings: [] } }, change);
  assertShape<SimulatedKeyRing>(ring, keyRingShape, "ring");
  return ring;
}

/**
 * An active project with billing, Cloud KMS enabled and its data access logged and kept, whose only binding is its
 * owner, with the changes merged in. It is in no organization unless `parent` says so.
 */
export function sampleProject(change: Change<SimulatedProject> = {}): SimulatedProject {
  const name = change.name ?? `projects/${sampleProjectId}`;
  const enabled = ["cloudkms", "cloudresourcemanager", "iam", "logging", "orgpolicy", "serviceusage"];
  const base: SimulatedProject = {
    name,
    number: "123456789012",
    displayName: name.slice("projects/".length),
    state: "ACTIVE",
    createTime: sampleTime,
    labels: {},
    policy: {
      bindings: [{ role: "roles/owner", members: ["user:owner@example.com"] }],
      auditConfigs: [
        {
          service: "cloudkms.googleapis.com",
          auditLogConfigs: [{ logType: "DATA_READ" }, { logType: "DATA_WRITE" }],
        },
      ],
    },
    services: Object.fromEntries(enabled.map((service) => [`${service}.googleapis.com`, "ENABLED"])),
    billing: { enabled: true, account: "billingAccounts/000000-111111-222222" },
    sinks: sinksOf(name),
    exclusions: {},
    effective_policies: {
      "iam.allowedPolicyMemberDomains": { rules: [{ allowAll: true }] },
      "iam.managed.allowedPolicyMembers": { rules: [{ enforce: false }] },
    },
    deny_policies: {},
  };
  const project = mergePatch(base, change);
  assertShape<SimulatedProject>(project, projectShape, "project");
  return project;
}

/** The two sinks that every project is made with. https://cloud.google.com/logging/docs/routing/overview#default-sinks */
function sinksOf(project: string): SimulatedProject["sinks"] {
  const logs = ["activity", "system_event", "access_transparency"].flatMap((log) => [
    `LOG_ID("cloudaudit.googleapis.com/${log}")`,
    `LOG_ID("externalaudit.googleapis.com/${log}")`,
  ]);
  const bucket = `logging.googleapis.com/${project}/locations/global/buckets`;
  return {
    _Required: { destination: `${bucket}/_Required`, filter: logs.join(" OR ") },
    _Default: { destination: `${bucket}/_Default`, filter: logs.map((log) => `NOT ${log}`).join(" AND ") },
  };
}

/** A folder of the sample organization, with no bindings, and the changes merged in. */
export function sampleFolder(change: Change<SimulatedFolder> = {}): SimulatedFolder {
  const base: SimulatedFolder = {
    name: "folders/444444444444",
    displayName: "production",
    parent: "organizations/555555555555",
    policy: { bindings: [] },
    deny_policies: {},
  };
  const folder = mergePatch(base, change);
  assertShape<SimulatedFolder>(folder, folderShape, "folder");
  return folder;
}

/** An organization whose only binding is its administrator, with the changes merged in. */
export function sampleGcpOrganization(change: Change<SimulatedGcpOrganization> = {}): SimulatedGcpOrganization {
  const base: SimulatedGcpOrganization = {
    name: "organizations/555555555555",
    displayName: "example.com",
    directoryCustomerId: "C0example",
    policy: {
      bindings: [{ role: "roles/resourcemanager.organizationAdmin", members: ["user:admin@example.com"] }],
    },
    deny_policies: {},
  };
  const organization = mergePatch(base, change);
  assertShape<SimulatedGcpOrganization>(organization, organizationShape, "organization");
  return organization;
}

/** A custom role of the sample project that may look at keys, with the changes merged in. */
export function sampleIamRole(change: Change<SimulatedIamRole> = {}): SimulatedIamRole {
  const base: SimulatedIamRole = {
    name: `projects/${sampleProjectId}/roles/keyWatcher`,
    title: "Key watcher",
    includedPermissions: ["cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.list"],
    stage: "GA",
  };
  const role = mergePatch(base, change);
  assertShape<SimulatedIamRole>(role, iamRoleShape, "role");
  return role;
}
