/** Google Cloud's keys of the golden report: documented ones, and one for each way in which a key is seen to go wrong. */
import type { SnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { type GcpCall, gcpCalls } from "../../src/collect/gcp/calls.ts";
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccountName, anthropicGcpMember } from "../../src/guidance/identifiers.ts";
import { type Fact, type FactsByName, known, type UnreadableReason, unreadable } from "../../src/model/fact.ts";
import type { GcpPolicyBinding } from "../../src/model/gcp.ts";
import { type GuidanceRevision, guidanceRevisions, newestGuidance } from "../../src/model/guidance-revision.ts";
import type { KeyResource } from "../../src/model/key.ts";
import { testTime } from "../../test/support/check-tester.ts";
import {
  documentedAuditConfigs,
  gcpBinding,
  gcpEffectivePolicy,
  gcpKeyPolicyWith,
  gcpKmsKey,
  gcpPolicy,
  gcpRole,
  gcpVersion,
  testDefaultSink,
  testGcpFolder,
  testGcpKey,
  testGcpLocation,
  testGcpOrganization,
  testGcpProject,
  testGcpProjectNumber,
  testGcpRegistration,
  testGcpRing,
  testOwner,
} from "../../test/support/gcp-kms-key.ts";

type Facts = FactsByName;

interface Change {
  readonly facts?: Facts;
  readonly key?: Partial<KeyResource>;
  readonly reads?: Readonly<Record<string, boolean>>;
  readonly guidance?: GuidanceRevision;
}

const standardReads = { gcp_ancestors: true, gcp_perimeters: false, gcp_deny_policies: false };

/** All else is derived from these. */
const told = new Set<string>(["registration", ...Object.values(gcpCalls).flatMap(({ facts }) => facts)]);

function snapshot(name: string, { facts = {}, key = {}, reads, guidance = newestGuidance }: Change) {
  const all = gcpKmsKey(facts).facts;
  const raw = Object.fromEntries(Object.entries(all).filter(([fact]) => told.has(fact.split(":")[0] ?? "")));
  const place = { ...testGcpKey, ...key, name: `gcp-${name}` };
  const read = { ...standardReads, ...reads };
  return { key: place, registration: testGcpRegistration, at: testTime, guidance, reads: read, facts: raw };
}

const day = 86_400_000;
const stranger = "serviceAccount:analytics@partner-data.iam.gserviceaccount.com";
const decrypterRole = "roles/cloudkms.cryptoKeyDecrypter";
const decrypter = { [`role:${decrypterRole}`]: known(gcpRole(["cloudkms.cryptoKeyVersions.useToDecrypt"])) };
const using = gcpBinding(gcpEncrypterDecrypterRole, anthropicGcpMember);
const viewing = gcpBinding(gcpViewerRole, anthropicGcpMember);

function refused(call: GcpCall, reason: UnreadableReason, ...only: readonly string[]): Facts {
  const { permission, facts } = gcpCalls[call];
  const why = unreadable(reason, reason, { call, ...(reason === "access-denied" ? { permission } : {}) });
  return Object.fromEntries((only.length > 0 ? only : facts).map((fact) => [fact, why]));
}

/** The project's policy: what is documented, and these bindings beside it. */
function ownedWith(...bindings: readonly GcpPolicyBinding[]): Fact<unknown> {
  const owned = [gcpBinding("roles/owner", testOwner), ...bindings];
  return known(gcpPolicy(owned, { audit_configs: documentedAuditConfigs }));
}

/** A key of another location. */
function inLocation(location: string): Change {
  const moved = (name: string) => name.replace(`/locations/${testGcpLocation}/`, `/locations/${location}/`);
  return {
    key: { resource: moved(testGcpKey.resource), location },
    facts: {
      read_name: known(moved(testGcpKey.resource)),
      [`ring_policy:${moved(testGcpRing)}`]: known(gcpPolicy([])),
    },
  };
}

const decryption = "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt";
const denying = {
  name: "policies/x/denypolicies/nobody",
  rules: [
    {
      denied_principals: ["principalSet://goog/public:all"],
      exception_principals: [],
      denied_permissions: [decryption],
      exception_permissions: [],
      condition: null,
    },
  ],
};
const perimeter = {
  name: "accessPolicies/5/servicePerimeters/keys",
  title: "keys",
  resources: [`projects/${testGcpProjectNumber}`],
  restricted_services: ["cloudkms.googleapis.com"],
  access_levels: [],
  ingress: [],
};

const listed = refused("cloudkms:ListCryptoKeys", "not-found");
const disabled = gcpVersion({ state: "DISABLED" });

const changes: Readonly<Record<string, Change>> = {
  "primary-disabled": { facts: { primary: known(disabled), versions: known([disabled]) } },
  "primary-destroy-scheduled": {
    facts: {
      primary: known(gcpVersion({ state: "DESTROY_SCHEDULED", destroyed: testTime + 7 * day })),
      versions: known([gcpVersion({ state: "DESTROY_SCHEDULED", destroyed: testTime + 7 * day })]),
    },
  },
  "earlier-version-destroyed": {
    facts: {
      primary: known(gcpVersion({ number: 2 })),
      versions: known([gcpVersion({ state: "DESTROYED", destroyed: testTime - day }), gcpVersion({ number: 2 })]),
    },
  },
  deleted: {
    facts: {
      ...listed,
      existence: known("absent"),
      ...refused("cloudkms:GetCryptoKeyIamPolicy", "not-found"),
      ...refused("cloudkms:ListCryptoKeyVersions", "not-found"),
    },
  },
  "project-being-deleted": {
    facts: {
      project: known({
        id: testGcpProject,
        number: testGcpProjectNumber,
        state: "DELETE_REQUESTED",
        parent: testGcpFolder,
      }),
    },
  },
  public: { facts: { key_policy: gcpKeyPolicyWith(gcpBinding(decrypterRole, "allUsers")), ...decrypter } },
  "stranger-on-the-key": { facts: { key_policy: gcpKeyPolicyWith(gcpBinding(decrypterRole, stranger)), ...decrypter } },
  "stranger-on-the-ring": {
    facts: { [`ring_policy:${testGcpRing}`]: known(gcpPolicy([gcpBinding(decrypterRole, stranger)])), ...decrypter },
  },
  "member-of-no-known-form": {
    facts: { key_policy: gcpKeyPolicyWith(gcpBinding(decrypterRole, "planet:mars")), ...decrypter },
  },
  lookalike: {
    facts: {
      key_policy: gcpKeyPolicyWith(
        gcpBinding(
          gcpEncrypterDecrypterRole,
          `serviceAccount:${anthropicGcpAccountName}@gcp-anthropic-cmek-client.iam.gserviceaccount.com`,
        ),
      ),
    },
  },
  "account-cannot-use-it": { facts: { key_policy: known(gcpPolicy([viewing])) } },
  "account-cannot-view": { facts: { key_policy: known(gcpPolicy([using])) } },
  "account-may-do-everything": {
    facts: { key_policy: gcpKeyPolicyWith(gcpBinding("roles/owner", anthropicGcpMember)) },
  },
  "bound-on-the-project": {
    facts: { project_policy: ownedWith(using, viewing) },
  },
  "grant-ends": {
    facts: {
      key_policy: known(
        gcpPolicy([
          gcpBinding(gcpEncrypterDecrypterRole, anthropicGcpMember, 'request.time < timestamp("2027-01-01T00:00:00Z")'),
          viewing,
        ]),
      ),
    },
  },
  "domains-restricted": {
    facts: {
      "effective_policy:iam.allowedPolicyMemberDomains": gcpEffectivePolicy({ allowed_values: ["C01234abc"] }),
    },
  },
  "multi-region": inLocation("us"),
  denied: {
    reads: { gcp_deny_policies: true },
    facts: {
      [`deny_policies:${testGcpKey.scope}`]: known([]),
      [`deny_policies:${testGcpFolder}`]: known([denying]),
      [`deny_policies:${testGcpOrganization}`]: known([]),
    },
  },
  "perimeter-closed": {
    reads: { gcp_perimeters: true },
    facts: { perimeters: known({ perimeters: [perimeter], access_levels: [] }) },
  },
  "not-labelled": { facts: { labels: known({}) } },
  "not-rotated": { facts: { rotation: known({ period: null, next: null }) } },
  "destroyed-within-a-day": { facts: { destroy_delay: known(day) } },
  "software-key": {
    facts: {
      primary: known(gcpVersion({ protection_level: "SOFTWARE" })),
      versions: known([gcpVersion({ protection_level: "SOFTWARE" })]),
      template: known({ protection_level: "SOFTWARE", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" }),
    },
  },
  "signing-key": { facts: { purpose: known("ASYMMETRIC_SIGN"), primary: known(null) } },
  "imported-material": {
    facts: { primary: known(gcpVersion({ imported: true })), versions: known([gcpVersion({ imported: true })]) },
  },
  "justifications-asked-for": { facts: { justifications: known({ allowed_reasons: [] }) } },
  "use-not-logged": { facts: { project_policy: known(gcpPolicy([gcpBinding("roles/owner", testOwner)])) } },
  "logs-not-kept": { facts: { log_sinks: known([{ ...testDefaultSink, disabled: true }]) } },
  "not-billed": { facts: { billing: known({ enabled: false, account: null }) } },
  "api-disabled": { facts: { kms_service: known({ service: "cloudkms.googleapis.com", state: "DISABLED" }) } },
  "policy-refused": { facts: refused("cloudkms:GetCryptoKeyIamPolicy", "access-denied") },
  "role-refused": {
    facts: refused("iam:GetRole", "access-denied", `role:${gcpEncrypterDecrypterRole}`, `role:${gcpViewerRole}`),
  },
  "levels-above-refused": {
    facts: {
      ...refused("cloudresourcemanager:GetFolderIamPolicy", "access-denied", `folder_policy:${testGcpFolder}`),
      ...refused(
        "cloudresourcemanager:GetOrganizationIamPolicy",
        "access-denied",
        `organization_policy:${testGcpOrganization}`,
      ),
    },
  },
  "levels-above-not-looked-at": { reads: { gcp_ancestors: false } },
  "nothing-may-be-read": {
    facts: {
      ...refused("cloudkms:ListCryptoKeys", "access-denied"),
      ...refused("cloudkms:GetCryptoKeyIamPolicy", "access-denied"),
      ...refused("cloudkms:ListCryptoKeyVersions", "access-denied"),
      ...refused("cloudkms:GetKeyRingIamPolicy", "access-denied", `ring_policy:${testGcpRing}`),
      ...refused("cloudresourcemanager:GetProject", "access-denied"),
      ...refused("cloudresourcemanager:GetProjectIamPolicy", "access-denied"),
      ...refused("cloudresourcemanager:GetAncestry", "access-denied"),
      ...refused("serviceusage:GetService", "access-denied"),
      ...refused("cloudbilling:GetProjectBillingInfo", "access-denied"),
      ...refused("logging:ListSinks", "access-denied"),
      ...refused("logging:ListExclusions", "access-denied"),
    },
  },
};

/** Each with a name that says what is the matter with it. */
export const gcpGoldenSnapshots: readonly SnapshotDocument[] = [
  ...guidanceRevisions.map((guidance) => snapshot(`documented-${guidance}`, { guidance })),
  ...Object.entries(changes).map(([name, change]) => snapshot(name, change)),
];
