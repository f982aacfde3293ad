import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckContext } from "../../src/check/define-check.ts";
import { isWorse, offerCommands } from "../../src/check/offer-correction.ts";
import { runCheck } from "../../src/check/run-check.ts";
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount, anthropicGcpMember } from "../../src/guidance/identifiers.ts";
import { type Fact, type FactsByName, known, unreadable } from "../../src/model/fact.ts";
import type { GcpIamPolicy, GcpPolicyBinding } from "../../src/model/gcp.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import { testSettings, testTime } from "../support/check-tester.ts";
import { changedBindings } from "../support/gcloud/change-bindings.ts";
import { gcloudCommand } from "../support/gcloud/run-gcloud.ts";
import { catalogue } from "../support/gcloud/simulated-key.ts";
import {
  documentedAuditConfigs,
  gcpBinding,
  gcpKmsKey,
  gcpPolicy,
  testGcpFolder,
  testGcpOrganization,
  testGcpRing,
  testOwner,
} from "../support/gcp-kms-key.ts";

/** The fact that holds the policy which a command changes. */
const policyOf: Readonly<Record<string, string>> = {
  "kms keys add-iam-policy-binding": "key_policy",
  "kms keys remove-iam-policy-binding": "key_policy",
  "kms keyrings remove-iam-policy-binding": `ring_policy:${testGcpRing}`,
  "projects remove-iam-policy-binding": "project_policy",
  "resource-manager folders remove-iam-policy-binding": `folder_policy:${testGcpFolder}`,
  "organizations remove-iam-policy-binding": `organization_policy:${testGcpOrganization}`,
};
const levels = [...new Set(Object.values(policyOf))];
type Policies = Readonly<Record<string, Fact<GcpIamPolicy>>>;

const role = fc.constantFrom(
  gcpEncrypterDecrypterRole,
  gcpViewerRole,
  "roles/cloudkms.cryptoKeyDecrypter",
  "roles/cloudkms.admin",
  "roles/owner",
  "roles/not.readable",
);
const member = fc.constantFrom(
  anthropicGcpMember,
  anthropicGcpMember,
  `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`,
  `deleted:${anthropicGcpMember}?uid=1`,
  `group:${anthropicGcpAccount}`,
  "serviceAccount:anthropic-cmek-client-us@other.iam.gserviceaccount.com",
  testOwner,
  "user:partner@partner.example",
  "group:all@partner.example",
  "allUsers",
  "allAuthenticatedUsers",
);
const condition = fc.constantFrom(
  undefined,
  undefined,
  'request.time < timestamp("2030-01-01T00:00:00Z")',
  'request.time < timestamp("2025-01-01T00:00:00Z")',
  "request.time.getDayOfWeek() == 1",
  'resource.matchTag("1/env", "prod")',
);
const binding = fc
  .tuple(role, fc.uniqueArray(member, { minLength: 1, maxLength: 3 }), condition)
  .map(([name, members, expression]) => gcpBinding(name, members, expression));
const readable = fc.array(binding, { maxLength: 3 }).map((bindings) => known(gcpPolicy(bindings)));
const policy = fc.oneof(
  { weight: 9, arbitrary: readable },
  { weight: 1, arbitrary: fc.constant(unreadable("access-denied", "no")) },
);
/** What is bound on the key can be seen: else nobody would see what became of it. */
const policies: fc.Arbitrary<Policies> = fc.record(
  Object.fromEntries(levels.map((level) => [level, level === "key_policy" ? readable : policy])),
);

const context: CheckContext = {
  at: testTime,
  guidance: newestGuidance,
  settings: { ...testSettings, gcp: { ...testSettings.gcp, own_domains: ["example.com"] } },
};

function factsWith(given: Policies): FactsByName {
  const project = given["project_policy"];
  const audited =
    project?.state === "known" ? known({ ...project.value, audit_configs: documentedAuditConfigs }) : project;
  return gcpKmsKey({ ...given, ...(audited === undefined ? {} : { project_policy: audited }) }).facts;
}

function after(given: Policies, line: string): Policies {
  const command = gcloudCommand(line);
  const name = policyOf[command.path] ?? "";
  const before = given[name];
  if (before?.state !== "known") throw new Error(`nobody knows what to change: ${line}`);
  const bindings = changedBindings(before.value.bindings, command).map(
    (one): GcpPolicyBinding => ({ condition: null, ...one }) as GcpPolicyBinding,
  );
  return { ...given, [name]: known({ ...before.value, bindings }) };
}

/** Those whose commands are about bindings. */
const aboutBindings = catalogue.filter(
  ({ id, commands }) => commands !== undefined && /\/(service-account|bindings|grant|no-)/.test(id),
);

describe("whatever is bound, the commands of", () => {
  it.each(aboutBindings)("$id leave no check worse off at any step", (check) => {
    fc.assert(
      fc.property(policies, (given) => {
        const before = factsWith(given);
        let changed = given;
        for (const line of offerCommands(check, before, context) ?? []) {
          changed = after(changed, line);
          const now = factsWith(changed);
          const worse = catalogue.filter((other) =>
            isWorse(runCheck(other, before, context), runCheck(other, now, context)),
          );
          expect(
            worse.map(({ id }) => id),
            line,
          ).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
