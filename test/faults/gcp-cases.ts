/** What can break in Google Cloud, what is lost by it, and what a scan ends with then. */
import { expect } from "vitest";
import { type GcpCall, gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { UnreadableReason } from "../../src/model/fact.ts";
import type { FaultName } from "../../src/simulator/fault.ts";
import type { Case, Lost as LostOf } from "./expect-case.ts";
import { folder, type KeyName, keys, organization, projects, rings } from "./gcp-clouded-service.ts";

type Lost = LostOf<KeyName> & { readonly call: GcpCall; readonly refused?: GcpCall | "credentials" };

const all: readonly KeyName[] = ["healthy", "open", "other"];
const ofOwn: readonly KeyName[] = ["healthy", "open"];
const often = 1000;
/** As often as a fault that may pass is tried. */
const thrice = 3;
const list = "cloudkms:ListCryptoKeys";
const policy = "cloudkms:GetCryptoKeyIamPolicy";
const versions = "cloudkms:ListCryptoKeyVersions";
/** All that is read of a key by its name. */
const ofKey = [policy, versions] as const;

function each(of: Pick<Lost, "keys" | "reason" | "refused">, calls: readonly GcpCall[]): Lost[] {
  return calls.map((call) => ({ ...of, call }));
}

/** A line of what the scan of a project ends with. */
function line(call: GcpCall, reason: UnreadableReason, count = 1, project: string = projects.own): string {
  const permission = reason === "api-disabled" ? "-" : gcpCalls[call].permission;
  return `${project} ${call} ${reason} ${permission} ${count}x`;
}

/** One call of those that tell of a project, refused alone: for how many readings, and what else hangs on it. */
interface ScopeCall {
  readonly call: GcpCall;
  readonly resource?: string;
  readonly of?: readonly KeyName[];
  readonly count?: number;
  readonly lost?: readonly Omit<Lost, "keys" | "reason">[];
  /** Where every check can do without. */
  readonly blind?: readonly [];
}

const scopeCalls: readonly ScopeCall[] = [
  { call: "cloudkms:GetKeyRingIamPolicy", resource: rings.own, of: ofOwn },
  // Two that the project and the organization bind, and two that the keys do.
  { call: "iam:GetRole", count: 4 },
  // Only own people have it.
  {
    call: "iam:GetRole",
    resource: "roles/owner",
    lost: [{ call: "iam:GetRole", facts: ["role:roles/owner"] }],
    blind: [],
  },
  { call: "cloudresourcemanager:GetProject", resource: projects.own, of: ofOwn },
  { call: "cloudresourcemanager:GetProjectIamPolicy", resource: projects.own, of: ofOwn },
  {
    call: "cloudresourcemanager:GetAncestry",
    resource: projects.own,
    of: ofOwn,
    // Whose perimeters they are follows from it.
    count: 2,
    lost: [
      { call: "cloudresourcemanager:GetAncestry" },
      { call: "accesscontextmanager:ListServicePerimeters", refused: "cloudresourcemanager:GetAncestry" },
    ],
  },
  { call: "cloudresourcemanager:GetFolderIamPolicy", resource: folder },
  { call: "cloudresourcemanager:GetOrganizationIamPolicy", resource: organization },
  { call: "orgpolicy:GetEffectivePolicy", resource: projects.own, of: ofOwn, count: 2 },
  // That Cloud KMS answers says as much.
  { call: "serviceusage:GetService", resource: projects.own, of: ofOwn, blind: [] },
  { call: "cloudbilling:GetProjectBillingInfo", resource: projects.own, of: ofOwn },
  { call: "logging:ListSinks", resource: projects.own, of: ofOwn },
  { call: "logging:ListExclusions", resource: projects.own, of: ofOwn },
  {
    call: "iam:ListDenyPolicies",
    count: 3,
    lost: [{ call: "iam:GetDenyPolicy", refused: "iam:ListDenyPolicies" }],
  },
  {
    call: "iam:GetDenyPolicy",
    lost: [{ call: "iam:GetDenyPolicy", facts: Object.values(projects).map((name) => `deny_policies:${name}`) }],
  },
  {
    call: "accesscontextmanager:ListAccessPolicies",
    lost: [{ call: "accesscontextmanager:ListServicePerimeters", refused: "accesscontextmanager:ListAccessPolicies" }],
  },
  {
    call: "accesscontextmanager:ListAccessLevels",
    lost: [{ call: "accesscontextmanager:ListServicePerimeters", refused: "accesscontextmanager:ListAccessLevels" }],
  },
  { call: "accesscontextmanager:ListServicePerimeters" },
];

function denied({ call, resource, of = all, count = 1, lost = [{ call }], blind }: ScopeCall): Case<KeyName> {
  const which = of === all ? Object.values(projects) : [projects.own];
  return {
    about: `${call} is denied${resource === undefined ? "" : ` for ${resource}`}`,
    breaks: ({ simulator: { control } }) => control.deny({ call, ...(resource === undefined ? {} : { resource }) }),
    lost: lost.map((one) => ({ ...one, keys: of, reason: "access-denied" })),
    ...(blind === undefined ? {} : { blind }),
    refused: which.map((project) => line(call, "access-denied", count, project)),
    says: new RegExp(`${call} access-denied \\(${count}x\\); it needs the permission ${gcpCalls[call].permission}: `),
  };
}

/** A fault of one answer that stays, on a call over gRPC and on one over REST. */
function broken(about: string, how: FaultName, reason: UnreadableReason, times: number, says: RegExp): Case<KeyName> {
  const spoils = how === "malformed-json" ? "malformed-message" : how;
  return {
    about,
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: policy, resource: keys.open, times, how: spoils });
      control.fail({ call: "cloudbilling:GetProjectBillingInfo", resource: projects.own, times, how });
    },
    lost: [
      { keys: ["open"], call: policy, reason },
      { keys: ofOwn, call: "cloudbilling:GetProjectBillingInfo", reason },
    ],
    refused: [line(policy, reason), line("cloudbilling:GetProjectBillingInfo", reason)],
    says,
  };
}

export const cases: readonly Case<KeyName>[] = [
  {
    about: "one key is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "cloudkms:*", resource: keys.healthy }),
    lost: each({ keys: ["healthy"], reason: "access-denied" }, ofKey),
    refused: ofKey.map((call) => line(call, "access-denied")),
    says: /needs the permission cloudkms\.cryptoKeys\.getIamPolicy: PERMISSION_DENIED \(IAM_PERMISSION_DENIED\)/,
  },
  {
    about: "a key with open findings is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "cloudkms:*", resource: keys.open }),
    lost: each({ keys: ["open"], reason: "access-denied" }, ofKey),
    refused: ofKey.map((call) => line(call, "access-denied")),
  },
  {
    about: "the list of a ring is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: list, resource: rings.own }),
    lost: each({ keys: ofOwn, reason: "access-denied" }, [list]),
    refused: [line(list, "access-denied", 2)],
  },
  {
    about: "one API is denied for all",
    breaks: ({ simulator: { control } }) => control.deny({ call: policy }),
    lost: each({ keys: all, reason: "access-denied" }, [policy]),
    refused: [line(policy, "access-denied", 2), line(policy, "access-denied", 1, projects.other)],
  },
  ...scopeCalls.map(denied),
  {
    about: "Cloud KMS is disabled where the service's requests are counted",
    breaks: ({ simulator: { control } }) => {
      for (const resource of [rings.own, keys.healthy, keys.open]) {
        control.deny({ call: "cloudkms:*", resource, reason: "api-disabled" });
      }
    },
    lost: each({ keys: ofOwn, reason: "api-disabled" }, [list, ...ofKey, "cloudkms:GetKeyRingIamPolicy"]),
    refused: [
      ...[list, ...ofKey].map((call) => line(call as GcpCall, "api-disabled", 2)),
      line("cloudkms:GetKeyRingIamPolicy", "api-disabled"),
    ],
    says: /cloudkms:ListCryptoKeys api-disabled \(2x\): SERVICE_DISABLED: cloudkms\.googleapis\.com is not enabled in projects\/100000000001: /,
  },
  {
    about: "the API of the logs is disabled in a project",
    breaks: ({ simulator: { control } }) => {
      const change = { services: { "logging.googleapis.com": "DISABLED" } };
      control.patch({ resource: projects.own, change });
    },
    lost: each({ keys: ofOwn, reason: "api-disabled" }, ["logging:ListSinks", "logging:ListExclusions"]),
    refused: [line("logging:ListSinks", "api-disabled"), line("logging:ListExclusions", "api-disabled")],
    says: /logging:ListSinks api-disabled \(1x\): SERVICE_DISABLED: logging\.googleapis\.com is not enabled in projects\/100000000001: /,
  },
  {
    about: "requests are throttled, but not for ever",
    breaks: ({ simulator: { control } }) => {
      for (const call of ["cloudkms:*", "iam:*", "orgpolicy:*"]) control.throttle({ call, per_second: 3 });
    },
    lost: [],
    refused: [],
  },
  broken("connections are reset", "reset", "unavailable", thrice, /cloudkms:GetCryptoKeyIamPolicy unavailable/),
  broken("connections break within answers", "truncated", "unavailable", thrice, /unavailable/),
  broken("the provider answers INTERNAL", "500", "unavailable", thrice, /unavailable \(1x\): INTERNAL: /),
  broken("the provider answers UNAVAILABLE", "503", "unavailable", thrice, /unavailable \(1x\): UNAVAILABLE: /),
  broken("answers cannot be decoded", "malformed-json", "malformed", thrice, /malformed/),
  broken("an error code is unknown", "unknown-error", "unavailable", 1, /CODE_OF_ANOTHER_VERSION: [^]*gRPC code 99: /),
  {
    about: "the provider answers INTERNAL and UNAVAILABLE, and cuts the line, but not for ever",
    breaks: ({ simulator: { control } }) => {
      for (const how of ["500", "503"] as const) {
        control.fail({ call: policy, resource: keys.open, times: 1, how });
        control.fail({ call: "cloudbilling:*", times: 1, how });
      }
      control.fail({ call: list, resource: rings.own, times: 2, how: "reset" });
    },
    lost: [],
    refused: [],
  },
  {
    about: "a field has gone missing",
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: list, resource: rings.other, times: 1, how: "missing-field:destroyScheduledDuration" });
      control.fail({ call: "cloudbilling:*", resource: projects.own, times: 1, how: "missing-field:billingEnabled" });
    },
    lost: [
      { keys: ["other"], call: list, reason: "not-reported", facts: ["destroy_delay"] },
      // Of an answer that is one fact, it is the fact that is not as documented.
      { keys: ofOwn, call: "cloudbilling:GetProjectBillingInfo", reason: "malformed" },
    ],
    refused: [line(list, "not-reported", 1, projects.other), line("cloudbilling:GetProjectBillingInfo", "malformed")],
    says: /cloudkms:ListCryptoKeys not-reported \(1x\): the answer has no destroyScheduledDuration/,
  },
  {
    about: "answers have a new field",
    breaks: ({ simulator: { control } }) => {
      for (const api of new Set(Object.keys(gcpCalls).map((call) => call.split(":")[0]))) {
        control.fail({ call: `${api}:*`, times: often, how: "extra-field" });
      }
    },
    lost: [],
    refused: [],
  },
  {
    about: "a key is deleted between two calls",
    breaks: ({ simulator: { control } }) => {
      for (const call of ofKey) control.latency({ call, ms: 700 });
    },
    during: async ({ simulator: { control } }) => {
      await expect.poll(() => control.calls().by_resource[rings.own]?.[list]?.received).toBe(1);
      await expect.poll(() => control.calls().by_resource[keys.open]?.[versions]?.received).toBe(1);
      control.patch({ resource: keys.open, change: null });
    },
    lost: each({ keys: ["open"], reason: "not-found" }, ofKey),
    refused: ofKey.map((call) => line(call, "not-found")),
  },
  {
    about: "the credentials are not accepted any more in the middle of a scan",
    breaks: ({ simulator: { control } }) => {
      for (const call of ofKey) control.fail({ call, resource: keys.open, times: often, how: "expired-token" });
    },
    lost: each({ keys: ["open"], reason: "access-denied", refused: "credentials" }, ofKey),
    refused: [`${projects.own} credentials access-denied - 2x`],
    says: /^projects\/customer-keys: Google Cloud does not accept the credentials \(UNAUTHENTICATED: .*\) \(2x\)$/m,
  },
];

/** Faults of a list that comes in pages, at the second of them. */
export const secondPage: readonly Case<KeyName>[] = (["access-denied", "unavailable"] as const).map((reason) => ({
  about: `the list of a ring breaks off in the middle (${reason})`,
  breaks: ({ simulator: { control } }) => control.latency({ call: list, ms: 300 }),
  during: async ({ simulator: { control } }) => {
    // The first page is on its way when the second one is asked for.
    await expect.poll(() => control.calls().by_resource[rings.own]?.[list]?.received, { interval: 5 }).toBe(2);
    control.deny({ call: list, resource: rings.own, reason });
  },
  lost: each({ keys: ofOwn, reason }, [list]),
  refused: [line(list, reason, 2)],
}));
