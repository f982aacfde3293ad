import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundMembers } from "../../../src/access/gcp/bound-members.ts";
import { publishedDenial } from "../../../src/access/gcp/deny.ts";
import { gcpHome } from "../../../src/access/gcp/gcp-home.ts";
import { gcpKeyAccess } from "../../../src/access/gcp/key-access.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { levelAccess } from "../../../src/access/gcp/level-access.ts";
import { publishedAccess } from "../../../src/access/gcp/published-access.ts";
import { keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount, anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import type { GcpDenyRule, GcpPolicyBinding, GcpRole } from "../../../src/model/gcp.ts";
import type { GcpDenyRules } from "../../../src/model/gcp-access.ts";
import { arbitraryGcpCondition } from "../../support/arbitrary-gcp-condition.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import {
  gcpKmsKey,
  gcpPolicy,
  testGcpKey,
  testGcpKeyName,
  testGcpProject,
  testGcpRoles,
} from "../../support/gcp-kms-key.ts";

const runs = { numRuns: 150 };
const decrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";
const request = { at: testTime, resources: keyRequested(gcpKeyParts(testGcpKeyName), null) };
const secretRole = unreadable("access-denied", "refused");

const member = fc.constantFrom(
  anthropicGcpMember,
  `deleted:${anthropicGcpMember}?uid=1`,
  "allUsers",
  "allAuthenticatedUsers",
  "group:g@y.example",
  "user:x@y.example",
  `projectOwner:${testGcpProject}`,
  "principalSet://goog/cloudIdentityCustomerId/C01",
  "iamSpirit:x",
);
const binding: fc.Arbitrary<GcpPolicyBinding> = fc.record({
  role: fc.constantFrom(
    gcpEncrypterDecrypterRole,
    gcpViewerRole,
    "roles/secret",
    "roles/owner",
    "roles/cloudkms.admin",
  ),
  members: fc.uniqueArray(member, { minLength: 1, maxLength: 3 }),
  condition: fc.option(arbitraryGcpCondition.map(({ expression }) => ({ title: null, expression }))),
});
const bindings = fc.array(binding, { maxLength: 4 });

function levelOf(list: readonly GcpPolicyBinding[]) {
  const roleOf = (role: string): Fact<GcpRole> => testGcpRoles[`role:${role}`] ?? secretRole;
  return levelAccess({ kind: "key", name: testGcpKeyName }, gcpPolicy(list), roleOf);
}

function askAccount(list: readonly GcpPolicyBinding[]) {
  const { decision, on } = publishedAccess([levelOf(list)], decrypt, request);
  return { decision, on };
}

const rank = { denied: 0, unknown: 1, conditional: 2, allowed: 3 };

function turned<T>(list: readonly T[]): readonly T[] {
  return list.toReversed();
}

describe("bindings", () => {
  it("another one never takes access away", () => {
    const seen = { allowed: 0, denied: 0, conditional: 0, unknown: 0 };
    fc.assert(
      fc.property(bindings, binding, (list, more) => {
        const before = askAccount(list).decision;
        seen[before] += 1;
        expect(rank[askAccount([...list, more]).decision]).toBeGreaterThanOrEqual(rank[before]);
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(Math.min(seen.allowed, seen.denied, seen.conditional, seen.unknown)).toBeGreaterThan(10);
  });

  it("mean the same in any order, one member at a time, and said twice", () => {
    fc.assert(
      fc.property(bindings, (list) => {
        const whole = askAccount(list);
        const reordered = turned(list).map((one) => ({ ...one, members: turned(one.members) }));
        const split = list.flatMap((one) => one.members.map((text) => ({ ...one, members: [text] })));
        expect(askAccount(reordered)).toEqual(whole);
        expect(askAccount(split)).toEqual(whole);
        expect(askAccount([...list, ...list])).toEqual(whole);
      }),
      runs,
    );
  });

  it("mean the same on one level or on several", () => {
    fc.assert(
      fc.property(bindings, bindings, (list, others) => {
        const apart = publishedAccess([levelOf(list), levelOf(others)], decrypt, request);
        expect(apart.decision).toBe(askAccount([...list, ...others]).decision);
      }),
      runs,
    );
  });

  it("give nothing for certain by a condition that cannot be judged, and are never passed over for one", () => {
    const home = gcpHome(gcpKeyParts(testGcpKeyName), null, testSettings.gcp);
    fc.assert(
      fc.property(binding, (one) => {
        const tagged = { ...one, condition: { title: null, expression: 'resource.matchTag("1/env", "prod")' } };
        expect(askAccount([tagged]).decision).not.toBe("allowed");
        const found = boundMembers([levelOf([tagged])], home, { at: testTime, expected: [] });
        expect(found.map(({ condition }) => condition.result)).toEqual(one.members.map(() => "unknown"));
      }),
      runs,
    );
  });
});

const denyRule: fc.Arbitrary<GcpDenyRule> = fc.record({
  denied_principals: fc.array(
    fc.constantFrom(
      "principalSet://goog/public:all",
      `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`,
      "principalSet://goog/group/g@y.example",
      "principal://goog/subject/x@y.example",
    ),
    { maxLength: 2 },
  ),
  exception_principals: fc.array(
    fc.constantFrom(
      `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`,
      "principalSet://goog/group/h@y.example",
    ),
    { maxLength: 1 },
  ),
  denied_permissions: fc.array(
    fc.constantFrom(
      "cloudkms.googleapis.com/*.*",
      "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
      "cloudkms.googleapis.com/cryptoKeys.get",
    ),
    { minLength: 1, maxLength: 2 },
  ),
  exception_permissions: fc.constantFrom([], ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"]),
  condition: fc.option(arbitraryGcpCondition.map(({ expression }) => ({ title: null, expression }))),
});
const denyRules = fc.array(denyRule, { maxLength: 3 });

function denyLevels(rules: readonly GcpDenyRule[]): GcpDenyRules {
  const named = rules.map((one) => ({ ...one, policy: "d" }));
  return [{ level: { kind: "project", name: `projects/${testGcpProject}` }, rules: known(named) }];
}

describe("deny rules", () => {
  const weight = { spared: 0, conditional: 1, denied: 2 };
  const decide = (rules: readonly GcpDenyRule[]) => publishedDenial(denyLevels(rules), decrypt, request).decision;

  it("another one never gives access back", () => {
    const seen = { spared: 0, conditional: 0, denied: 0 };
    fc.assert(
      fc.property(denyRules, denyRule, (rules, more) => {
        const before = decide(rules);
        seen[before] += 1;
        expect(weight[decide([...rules, more])]).toBeGreaterThanOrEqual(weight[before]);
      }),
      { numRuns: 400, seed: 13 },
    );
    expect(Math.min(seen.spared, seen.conditional, seen.denied)).toBeGreaterThan(5);
  });

  it("mean the same in any order", () => {
    fc.assert(
      fc.property(denyRules, (rules) => {
        const other = turned(rules).map((one) => ({ ...one, denied_principals: turned(one.denied_principals) }));
        expect(decide(other)).toBe(decide(rules));
      }),
      runs,
    );
  });

  it("only take from what is told of a key", () => {
    const allowedIn = (list: readonly GcpPolicyBinding[], rules: readonly GcpDenyRule[]) => {
      const raw = { key_policy: known(gcpPolicy(list)), deny_rules: known(denyLevels(rules)) };
      const { rows } = gcpKeyAccess(gcpKmsKey(raw).facts, testGcpKey, { at: testTime, settings: testSettings });
      return rows
        .filter(({ decision }) => decision === "allowed")
        .flatMap(({ principal, source, operations }) => operations.map((one) => `${principal} ${source.name} ${one}`));
    };
    fc.assert(
      fc.property(bindings, denyRules, denyRule, (list, rules, more) => {
        const before = new Set(allowedIn(list, rules));
        for (const one of allowedIn(list, [...rules, more])) expect(before.has(one)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
