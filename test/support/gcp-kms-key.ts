import { deriveGcpKmsKeyFacts } from "../../src/access/gcp/derive.ts";
import { documentedGcpPermissions, gcpEncrypterDecrypterRole, gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpMember } from "../../src/guidance/identifiers.ts";
import { type Fact, type FactsByName, type Known, known } from "../../src/model/fact.ts";
import type {
  GcpEffectivePolicy,
  GcpIamPolicy,
  GcpKeyVersion,
  GcpPolicyBinding,
  GcpPolicyRule,
  GcpRole,
} from "../../src/model/gcp.ts";
import type { KeyResource, Registration } from "../../src/model/key.ts";
import type { Facts } from "../../src/model/resource.ts";
import type { TestResource } from "./check-tester.ts";

export const testGcpProject = "customer-keys";
export const testGcpProjectNumber = "123456789012";
export const testGcpLocation = "us-central1";
export const testGcpRing = `projects/${testGcpProject}/locations/${testGcpLocation}/keyRings/anthropic`;
export const testGcpKeyName = `${testGcpRing}/cryptoKeys/cmek`;
export const testGcpFolder = "folders/111111111111";
export const testGcpOrganization = "organizations/999999999999";
/** The customer's organization with Anthropic. */
export const testAnthropicOrganization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";

export const testGcpKey: KeyResource = {
  provider: "gcp",
  kind: "gcp.kms-key",
  resource: testGcpKeyName,
  scope: `projects/${testGcpProject}`,
  account: testGcpProject,
  location: testGcpLocation,
};

export const testGcpRegistration: Registration = {
  compartments: [],
  organizations: [testAnthropicOrganization],
  expected_principals: [],
  in_use_since: null,
  role_arn: null,
  azure: null,
  guidance: null,
  labels: {},
};

export function gcpVersion(changes: Partial<GcpKeyVersion> = {}): GcpKeyVersion {
  return {
    number: 1,
    state: "ENABLED",
    protection_level: "HSM",
    algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
    created: Date.UTC(2026, 5, 1),
    destroyed: null,
    imported: false,
    ...changes,
  };
}

/** A policy as of version 3. */
export function gcpPolicy(bindings: readonly GcpPolicyBinding[], changes: Partial<GcpIamPolicy> = {}): GcpIamPolicy {
  return { version: 3, bindings, audit_configs: [], ...changes };
}

/** `condition` is its expression. */
export function gcpBinding(role: string, members: string | readonly string[], condition?: string): GcpPolicyBinding {
  return {
    role,
    members: typeof members === "string" ? [members] : members,
    condition: condition === undefined ? null : { title: null, expression: condition },
  };
}

/** What a role permits; those outside Cloud KMS count as others. */
export function gcpRole(permissions: readonly string[], changes: Partial<GcpRole> = {}): GcpRole {
  const others = permissions.filter((one) => !one.startsWith("cloudkms."));
  return {
    kms_permissions: permissions.filter((one) => one.startsWith("cloudkms.")),
    other_permissions: others.length,
    some_others: others.slice(0, 5),
    deleted: false,
    ...changes,
  };
}

/** What `reads` says where nobody is to look beyond the project. */
export const noAncestors = known({ gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: false });

/** The two bindings that are documented. */
export const documentedGcpBindings: readonly GcpPolicyBinding[] = [
  gcpBinding(gcpEncrypterDecrypterRole, anthropicGcpMember),
  gcpBinding(gcpViewerRole, anthropicGcpMember),
];

/** The key's policy: what is documented, and these bindings beside it. */
export function gcpKeyPolicyWith(...bindings: readonly GcpPolicyBinding[]): Known<GcpIamPolicy> {
  return known(gcpPolicy([...documentedGcpBindings, ...bindings]));
}

/** Owns the project; of the project itself, so that it is the customer's whatever is configured. */
export const testOwner = `serviceAccount:terraform@${testGcpProject}.iam.gserviceaccount.com`;
/** Data access logs as the documentation sets them up. */
export const documentedAuditConfigs: GcpIamPolicy["audit_configs"] = [
  {
    service: "cloudkms.googleapis.com",
    logs: [
      { type: "DATA_READ", exempted: [] },
      { type: "DATA_WRITE", exempted: [] },
    ],
  },
];

const noRule: GcpPolicyRule = {
  allow_all: false,
  deny_all: false,
  allowed_values: [],
  denied_values: [],
  enforced: null,
  parameters: {},
  condition: null,
};

/** What an organization policy comes to, one rule for each of `rules`. */
export function gcpEffectivePolicy(...rules: readonly Partial<GcpPolicyRule>[]): Known<GcpEffectivePolicy> {
  return known({ rules: rules.map((rule) => ({ ...noRule, ...rule })) });
}

/** The roles that the test's policies bind; by the names of their facts. */
export const testGcpRoles: Readonly<Record<string, Known<GcpRole>>> = {
  ...Object.fromEntries(
    Object.entries(documentedGcpPermissions).map(([role, permissions]) => [
      `role:${role}`,
      known(gcpRole(permissions)),
    ]),
  ),
  "role:roles/owner": known({
    ...gcpRole([...Object.values(documentedGcpPermissions).flat(), "resourcemanager.projects.setIamPolicy"]),
    kms_permissions: [...new Set(Object.values(documentedGcpPermissions).flat())].filter((one) =>
      one.startsWith("cloudkms."),
    ),
    other_permissions: 9000,
  }),
};

/**
 * A healthy key; a test names only what differs. Derived facts follow from the raw ones unless they are given. Raw facts
 * of parts go by their whole names: `role:roles/owner`, `ring_policy:<testGcpRing>`, `folder_policy:<testGcpFolder>`,
 * `organization_policy:<testGcpOrganization>`, `effective_policy:<constraint>`, `deny_policies:<level>`.
 */
export function gcpKmsKey(changes: Partial<Facts<"gcp.kms-key">> & FactsByName = {}): TestResource<"gcp.kms-key"> {
  const raw: Record<string, Fact<unknown>> = {
    existence: known("present"),
    read_name: known(testGcpKeyName),
    purpose: known("ENCRYPT_DECRYPT"),
    primary: known(gcpVersion()),
    template: known({ protection_level: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" }),
    rotation: known({ period: 90 * 86_400_000, next: Date.UTC(2026, 11, 1) }),
    destroy_delay: known(30 * 86_400_000),
    import_only: known(false),
    labels: known({ [`anthropic-org-${testAnthropicOrganization}`]: "true" }),
    justifications: known(null),
    key_policy: gcpKeyPolicyWith(),
    versions: known([gcpVersion()]),
    [`ring_policy:${testGcpRing}`]: known(gcpPolicy([])),
    project: known({
      id: testGcpProject,
      number: testGcpProjectNumber,
      state: "ACTIVE",
      parent: testGcpFolder,
    }),
    project_policy: known(gcpPolicy([gcpBinding("roles/owner", testOwner)], { audit_configs: documentedAuditConfigs })),
    ancestors: known([testGcpFolder, testGcpOrganization]),
    [`folder_policy:${testGcpFolder}`]: known(gcpPolicy([])),
    [`organization_policy:${testGcpOrganization}`]: known(gcpPolicy([])),
    kms_service: known({ service: "cloudkms.googleapis.com", state: "ENABLED" }),
    billing: known({ enabled: true, account: "billingAccounts/0X0X0X-0X0X0X-0X0X0X" }),
    log_sinks: known([testDefaultSink]),
    log_exclusions: known([]),
    "effective_policy:iam.allowedPolicyMemberDomains": gcpEffectivePolicy(),
    "effective_policy:iam.managed.allowedPolicyMembers": gcpEffectivePolicy(),
    ...testGcpRoles,
    reads: known({ gcp_ancestors: true, gcp_perimeters: false, gcp_deny_policies: false }),
    registration: known(testGcpRegistration),
    ...changes,
  };
  return { kind: "gcp.kms-key", facts: { ...raw, ...deriveGcpKmsKeyFacts(raw, testGcpKey), ...changes } };
}

/** The sink that every project has. */
export const testDefaultSink = {
  name: "_Default",
  destination: `logging.googleapis.com/projects/${testGcpProject}/locations/global/buckets/_Default`,
  filter:
    'NOT LOG_ID("cloudaudit.googleapis.com/activity") AND NOT LOG_ID("externalaudit.googleapis.com/activity") AND NOT LOG_ID("cloudaudit.googleapis.com/system_event") AND NOT LOG_ID("externalaudit.googleapis.com/system_event") AND NOT LOG_ID("cloudaudit.googleapis.com/access_transparency") AND NOT LOG_ID("externalaudit.googleapis.com/access_transparency")',
  disabled: false,
  exclusions: [],
} as const;
