import { afterAll, beforeAll, expect, it } from "vitest";
import { memberDomainsRestriction } from "../../src/access/gcp/member-restrictions.ts";
import { parseGcpMember } from "../../src/access/gcp/parse-member.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { GcpEffectivePolicy, GcpIamPolicy } from "../../src/model/gcp.ts";
import type { KeyResource } from "../../src/model/key.ts";
import type { ScanLane } from "../../src/model/lane.ts";
import type { Reading } from "../../src/model/reading.ts";
import { localGcpCollector, readsAll } from "../support/gcp-collector.ts";
import { type GcpAnswer, type GcpServer, GcpServerError, startGcpServer } from "../support/gcp-server.ts";
import { told } from "../support/told.ts";
import { externalSuite } from "./external-suite.ts";
import { bodyOf, type GcpRecording, gcpRecordings, messageOf } from "./recorded-gcp-answers.ts";

/** How many answers there are of each call of ours. */
const recorded = {
  "cloudkms:GetCryptoKeyIamPolicy": 3,
  "cloudkms:ListCryptoKeyVersions": 1,
  "cloudkms:ListCryptoKeys": 11,
  "cloudresourcemanager:GetFolderIamPolicy": 3,
  "cloudresourcemanager:GetOrganizationIamPolicy": 1,
  "cloudresourcemanager:GetProjectIamPolicy": 6,
};

/** Recorded calls that are none of ours, and why. */
const notAsked: Readonly<Record<string, readonly string[]>> = {
  "it changes something, and nothing is ever changed": [
    "cloudkms:UpdateCryptoKey",
    "cloudresourcemanager:SetProjectIamPolicy",
  ],
  "a key and its versions are read from their lists": ["cloudkms:GetCryptoKey", "cloudkms:GetCryptoKeyVersion"],
  "keys and projects are registered, and not looked for": [
    "cloudkms:ListKeyRings",
    "cloudkms:ListLocations",
    "cloudresourcemanager:ListFolders",
    "cloudresourcemanager:ListProjects",
    "cloudresourcemanager:SearchOrganizations",
  ],
  "no check asks for it": ["cloudkms:GetKeyRing", "cloudkms:GetLocation"],
  "what is set at one level is not what comes of it at the project": ["cloudresourcemanager:ListOrgPolicies"],
};

/** Calls of ours that nobody recorded: the simulator alone answers them. */
const notRecorded = [
  "accesscontextmanager:ListAccessLevels",
  "accesscontextmanager:ListAccessPolicies",
  "accesscontextmanager:ListServicePerimeters",
  "cloudbilling:GetProjectBillingInfo",
  "cloudkms:GetKeyRingIamPolicy",
  "cloudresourcemanager:GetAncestry",
  "cloudresourcemanager:GetProject",
  "iam:GetDenyPolicy",
  "iam:GetRole",
  "iam:ListDenyPolicies",
  "iamcredentials:GenerateAccessToken",
  "logging:ListExclusions",
  "logging:ListSinks",
  "orgpolicy:GetEffectivePolicy",
  "serviceusage:GetService",
];

const project = "projects/recorded";

interface RecordedVersion {
  readonly name: string;
  readonly state: string;
  readonly protectionLevel: string;
  readonly algorithm: string;
  readonly createTime: string;
  readonly destroyTime?: string;
}

interface RecordedKey {
  readonly name: string;
  readonly purpose: string;
  readonly primary: RecordedVersion;
  readonly versionTemplate: { readonly protectionLevel: string; readonly algorithm: string };
  readonly rotationPeriod?: string;
  readonly nextRotationTime?: string;
  readonly destroyScheduledDuration?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

interface RecordedPolicy {
  readonly version: number;
  readonly bindings: readonly { readonly role: string; readonly members: readonly string[] }[];
  readonly auditConfigs?: readonly {
    readonly service: string;
    readonly auditLogConfigs: readonly { readonly logType: string }[];
  }[];
}

externalSuite("recorded-gcp", { needs: ["KEYPOSTURE_RECORDED"] }, () => {
  let server: GcpServer;
  beforeAll(async () => {
    server = await startGcpServer();
  });
  afterAll(() => server.close());

  const within = () => Date.now() + 20_000;
  const readKey = (resource: string, lane: ScanLane) =>
    localGcpCollector(server.local).readKey(keyOf(resource), lane, within());
  const readProject = (scope: string) =>
    localGcpCollector(server.local, { reads: readsAll }).readScope(scope, "full", within());

  const recordingsOf = (call: string) => gcpRecordings().filter((one) => one.call === call);

  /** What a call tells where this recording answers it, and `others` what else is asked; the rest is refused. */
  async function replay(
    recording: GcpRecording,
    read: () => Promise<readonly Reading[]>,
    others: Readonly<Record<string, GcpAnswer>> = {},
  ): Promise<Record<string, unknown>> {
    const { call, resource } = recording;
    const method = call.endsWith("IamPolicy") ? "GetIamPolicy" : call.slice("cloudkms:".length);
    server.answer(({ name, message }) => {
      if (name === method && (message["parent"] ?? message["resource"]) === resource) return messageOf(recording);
      return others[name] ?? new GcpServerError(name.includes(" ") ? 404 : 5, "not recorded");
    });
    return told((await read()).filter((reading) => reading.call === call));
  }

  it("leaves out no recorded call without a reason", () => {
    const asked = Object.keys(gcpCalls).filter((call) => !notRecorded.includes(call));
    expect(asked.toSorted()).toEqual(Object.keys(recorded));
    const calls = new Set(gcpRecordings().map(({ call }) => call));
    expect([...calls].toSorted()).toEqual([...asked, ...Object.values(notAsked).flat()].toSorted());
  });

  it.each(Object.entries(recorded))("holds everything that was recorded of %s", (call, count) => {
    const all = recordingsOf(call);
    expect(all).toHaveLength(count);
    for (const recording of all) expect(bodyOf(messageOf(recording))).toMatchObject(recording.body as object);
  });

  it("tells of every listed key what was recorded", async () => {
    const states: Record<string, number> = {};
    for (const recording of recordingsOf("cloudkms:ListCryptoKeys")) {
      const { cryptoKeys } = recording.body as { readonly cryptoKeys: readonly RecordedKey[] };
      for (const key of cryptoKeys) {
        const resource = `${recording.resource}/cryptoKeys/${lastOf(key.name)}`;
        expect(await replay(recording, () => readKey(resource, "fast"))).toEqual(factsOf(key));
        states[key.primary.state] = (states[key.primary.state] ?? 0) + 1;
      }
      const gone = await replay(recording, () => readKey(`${recording.resource}/cryptoKeys/never-there`, "fast"));
      expect(gone).toMatchObject({ existence: "absent", purpose: "(not-found)" });
    }
    expect(states).toEqual({ ENABLED: 12, DESTROY_SCHEDULED: 5 });
  });

  it("tells of every listed version what was recorded", async () => {
    for (const recording of recordingsOf("cloudkms:ListCryptoKeyVersions")) {
      const { cryptoKeyVersions } = recording.body as {
        readonly cryptoKeyVersions: readonly RecordedVersion[];
      };
      const facts = await replay(recording, () => readKey(recording.resource, "full"));
      expect(facts).toEqual({ versions: cryptoKeyVersions.map(versionOf) });
    }
  });

  it.each<[call: string, fact: (level: string) => string, read: (level: string) => Promise<readonly Reading[]>]>([
    ["cloudkms:GetCryptoKeyIamPolicy", () => "key_policy", (key) => readKey(key, "fast")],
    ["cloudresourcemanager:GetProjectIamPolicy", () => "project_policy", readProject],
    ["cloudresourcemanager:GetFolderIamPolicy", (name) => `folder_policy:${name}`, () => readProject(project)],
    [
      "cloudresourcemanager:GetOrganizationIamPolicy",
      (name) => `organization_policy:${name}`,
      () => readProject(project),
    ],
  ])("tells every binding and every audited log that was recorded of %s", async (call, factOf, read) => {
    for (const recording of recordingsOf(call)) {
      const { resource, body } = recording;
      const above = { [`POST /v1/${project}:getAncestry`]: ancestryOf(resource) };
      const { [factOf(resource)]: policy, ...others } = await replay(recording, () => read(resource), above);
      expect(others).toEqual({});
      expect(linesOfFact(policy as GcpIamPolicy)).toEqual(linesOfRecording(body as RecordedPolicy));
    }
  });

  it("knows the form of every member but of one that has none", () => {
    const policies = gcpRecordings().filter(({ call }) => call in recorded && call.endsWith("IamPolicy"));
    const bindings = policies.flatMap(({ body }) => (body as RecordedPolicy).bindings);
    const members = bindings.flatMap((binding) => binding.members).map(parseGcpMember);
    const kinds = new Set(members.map(({ kind, text }) => (kind === "unknown" ? `unknown: ${text}` : kind)));
    expect([...kinds].toSorted()).toEqual([
      "all-authenticated-users",
      "all-users",
      "group",
      "service-account",
      "unknown: abcdefg",
      "user",
    ]);
  });

  it("understands the customer that an organization really allowed", async () => {
    const [{ body } = {}] = recordingsOf("cloudresourcemanager:ListOrgPolicies");
    const { policies } = body as {
      readonly policies: readonly { readonly listPolicy: { readonly allowedValues: readonly string[] } }[];
    };
    const rules = policies.map(({ listPolicy }) => ({ values: { allowedValues: listPolicy.allowedValues } }));
    const constraint = "iam.allowedPolicyMemberDomains";
    const asked = `GET /v2/${project}/policies/${constraint}:getEffectivePolicy`;
    server.answer(({ name }) => (name === asked ? { spec: { rules } } : new GcpServerError(404, "not recorded")));
    const facts = told(await readProject(project));
    const policy = facts[`effective_policy:${constraint}`] as GcpEffectivePolicy;
    expect(policy.rules.map((rule) => rule.allowed_values)).toEqual([["is:C03xgje4y"]]);
    expect(memberDomainsRestriction(policy, "C03xgje4y", [])).toMatchObject({ decision: "allowed", why: "listed" });
    expect(memberDomainsRestriction(policy, "C0other", [])).toMatchObject({ decision: "refused", why: "not-listed" });
  });
});

function keyOf(resource: string): KeyResource {
  const [, account = "", , location = ""] = resource.split("/");
  return { provider: "gcp", kind: "gcp.kms-key", resource, scope: `projects/${account}`, account, location };
}

/** A project in a recorded folder or organization; folders are always in an organization. */
function ancestryOf(level: string) {
  const [kind = "", id = ""] = level.split("/");
  const own = [
    { type: "project", id: "recorded" },
    { type: kind.replace(/s$/, ""), id },
  ];
  const all = kind === "folders" ? [...own, { type: "organization", id: "1" }] : own;
  return { ancestor: all.map((resourceId) => ({ resourceId })) };
}

function factsOf(key: RecordedKey) {
  const { protectionLevel: protection_level, algorithm } = key.versionTemplate;
  return {
    existence: "present",
    read_name: key.name,
    purpose: key.purpose,
    primary: versionOf(key.primary),
    template: { protection_level, algorithm },
    rotation: { period: durationOf(key.rotationPeriod), next: momentOf(key.nextRotationTime) },
    // The older recordings do not have it.
    destroy_delay: durationOf(key.destroyScheduledDuration) ?? "(not-reported)",
    import_only: false,
    labels: key.labels ?? {},
    justifications: null,
  };
}

function versionOf(version: RecordedVersion) {
  return {
    number: Number(lastOf(version.name)),
    state: version.state,
    protection_level: version.protectionLevel,
    algorithm: version.algorithm,
    created: momentOf(version.createTime),
    destroyed: momentOf(version.destroyTime),
    imported: false,
  };
}

/** Each binding and each audited service, in an order of its own. */
function linesOfRecording({ version, bindings, auditConfigs = [] }: RecordedPolicy): readonly string[] {
  return [
    `version ${version}`,
    ...bindings.map(({ role, members }) => `${role}: ${members.toSorted().join(", ")}`),
    ...auditConfigs.map(({ service, auditLogConfigs }) => {
      const logs = auditLogConfigs.map(({ logType }) => logType);
      return `audited ${service}: ${logs.toSorted().join(", ")}`;
    }),
  ].toSorted();
}

function linesOfFact({ version, bindings, audit_configs }: GcpIamPolicy): readonly string[] {
  return [
    `version ${version}`,
    ...bindings.map(({ role, members, condition }) => {
      const on = condition === null ? "" : ` if ${condition.expression}`;
      return `${role}: ${members.join(", ")}${on}`;
    }),
    ...audit_configs.map(({ service, logs }) => {
      const types = logs.map(({ type, exempted }) => [type, ...exempted].join(" without "));
      return `audited ${service}: ${types.join(", ")}`;
    }),
  ].toSorted();
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function momentOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

function durationOf(text: string | undefined): number | null {
  return text === undefined ? null : Number.parseFloat(text) * 1000;
}
