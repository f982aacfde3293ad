/** Answers of Google Cloud as the official clients give them, for one key in one project, and a reader that gives them. */
import type { GcpReader, GcpTarget } from "../../src/collect/gcp/reader.ts";
import type { KeyResource } from "../../src/model/key.ts";

export const testProject = "projects/acme-keys";
export const testRing = `${testProject}/locations/us-central1/keyRings/anthropic`;
export const testGcpKey: KeyResource = {
  provider: "gcp",
  kind: "gcp.kms-key",
  resource: `${testRing}/cryptoKeys/prod`,
  scope: testProject,
  account: "acme-keys",
  location: "us-central1",
};

export const viewerRole = "roles/cloudkms.viewer";
export const denyPolicyName = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F123/denypolicies/no-destroy";

/** Over gRPC each field is there, and times have seconds as text. */
const at = (seconds: number) => ({ seconds: String(seconds), nanos: 500_000_000 });

export function keyVersion(number: number, key = testGcpKey.resource) {
  return {
    name: `${key}/cryptoKeyVersions/${number}`,
    state: "ENABLED",
    protectionLevel: "HSM",
    algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
    createTime: at(1_780_000_000),
    destroyTime: null,
    destroyEventTime: null,
    importJob: "",
    importTime: null,
  };
}

export function cryptoKey(name = testGcpKey.resource) {
  return {
    name,
    primary: keyVersion(2, name),
    purpose: "ENCRYPT_DECRYPT",
    nextRotationTime: at(1_800_000_000),
    rotationPeriod: { seconds: "7776000", nanos: 0 },
    versionTemplate: { protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" },
    labels: { team: "payments" },
    importOnly: false,
    destroyScheduledDuration: { seconds: "2592000", nanos: 0 },
    keyAccessJustificationsPolicy: null,
  };
}

export function iamPolicy(...bindings: readonly object[]) {
  return { version: 3, bindings, auditConfigs: [], etag: Buffer.from("etag") };
}

export function bindingOf(role: string, ...members: readonly string[]) {
  return { role, members, condition: null };
}

export const answers = {
  listCryptoKeys: { cryptoKeys: [cryptoKey()], nextPageToken: "", totalSize: 1 },
  getCryptoKeyIamPolicy: iamPolicy(bindingOf(viewerRole, "serviceAccount:a@b.iam.gserviceaccount.com")),
  listCryptoKeyVersions: { cryptoKeyVersions: [keyVersion(1), keyVersion(2)], nextPageToken: "" },
  getKeyRingIamPolicy: iamPolicy(),
  getProject: { name: "projects/123", projectId: "acme-keys", state: "ACTIVE", parent: "folders/77" },
  getProjectIamPolicy: iamPolicy(bindingOf("roles/owner", "user:owner@acme.example")),
  getFolderIamPolicy: iamPolicy(bindingOf("organizations/9/roles/keeper", "group:keepers@acme.example")),
  getOrganizationIamPolicy: iamPolicy(),
  listSinks: {
    sinks: [
      {
        name: "_Default",
        destination: "logging.googleapis.com/projects/acme-keys/locations/global/buckets/_Default",
        filter: "",
        disabled: false,
        exclusions: [{ name: "noise", filter: "severity<INFO", disabled: true }],
      },
    ],
    nextPageToken: "",
  },
  listExclusions: { exclusions: [{ name: "old", filter: "x", disabled: false }], nextPageToken: "" },
  getAncestry: {
    ancestor: [
      { resourceId: { type: "project", id: "acme-keys" } },
      { resourceId: { type: "folder", id: "77" } },
      { resourceId: { type: "organization", id: "9" } },
    ],
  },
  getRole: { name: viewerRole, includedPermissions: ["cloudkms.keyRings.get", "resourcemanager.projects.get"] },
  getEffectivePolicy: { name: "x", spec: { rules: [{ values: { allowedValues: ["C02", "C01"] } }] } },
  getService: { name: "projects/123/services/cloudkms.googleapis.com", state: "ENABLED", parent: "projects/123" },
  getProjectBillingInfo: { billingAccountName: "billingAccounts/0-1-2", billingEnabled: true },
  listDenyPolicies: { policies: [{ name: denyPolicyName }] },
  getDenyPolicy: {
    name: denyPolicyName,
    rules: [
      {
        denyRule: {
          deniedPrincipals: ["principalSet://goog/public:all"],
          deniedPermissions: ["cloudkms.googleapis.com/cryptoKeyVersions.destroy"],
        },
      },
    ],
  },
  listAccessPolicies: { accessPolicies: [{ name: "accessPolicies/5" }] },
  listAccessLevels: {
    accessLevels: [
      { name: "accessPolicies/5/accessLevels/office", basic: { conditions: [{ ipSubnetworks: ["10.0.0.0/8"] }] } },
    ],
  },
  listServicePerimeters: {
    servicePerimeters: [
      {
        name: "accessPolicies/5/servicePerimeters/keys",
        title: "keys",
        status: { resources: ["projects/123"], restrictedServices: ["cloudkms.googleapis.com"] },
      },
    ],
  },
} satisfies Record<keyof GcpReader, object>;

/** What a call answers: always the same, or what it makes of the arguments after the target; a promise may be refused. */
export type Answer = Readonly<Record<string, unknown>> | null | AnswerOf;
type AnswerOf = (...asked: readonly (string | undefined)[]) => unknown;

export interface AnsweringReader extends GcpReader {
  /** Calls in the order in which they were made, with what was asked. */
  readonly asked: {
    readonly call: keyof GcpReader;
    readonly of: readonly (string | undefined)[];
    readonly target: GcpTarget;
  }[];
  count(call: keyof GcpReader): number;
}

/** A reader that gives these answers, and the ones above for every other call. */
export function answeringReader(own: Partial<Record<keyof GcpReader, Answer>> = {}): AnsweringReader {
  const asked: AnsweringReader["asked"] = [];
  const method =
    (call: keyof GcpReader) =>
    async (target: GcpTarget, ...of: readonly (string | undefined)[]): Promise<unknown> => {
      asked.push({ call, of, target });
      const answer: Answer | undefined = call in own ? own[call] : answers[call];
      return typeof answer === "function" ? answer(...of) : answer;
    };
  const methods = Object.fromEntries(Object.keys(answers).map((call) => [call, method(call as keyof GcpReader)]));
  return {
    ...(methods as unknown as GcpReader),
    asked,
    count: (call) => asked.filter((one) => one.call === call).length,
  };
}
