import { describe, expect, it } from "vitest";
import { deriveGcpKmsKeyFacts, gcpDerivedSources } from "../../../src/access/gcp/derive.ts";
import { gcpEncrypterDecrypterRole } from "../../../src/guidance/gcp-roles.ts";
import { type Fact, type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import {
  documentedAuditConfigs,
  gcpBinding,
  gcpKmsKey,
  gcpPolicy,
  testGcpFolder,
  testGcpKey,
  testGcpKeyName,
  testGcpOrganization,
  testGcpProject,
  testGcpProjectNumber,
  testGcpRing,
} from "../../support/gcp-kms-key.ts";

const refused = unreadable("access-denied", "refused", { call: "a:Call", permission: "a.permission" });
const notRead = { state: "unreadable", reason: "not-read-yet" };
const ring = `ring_policy:${testGcpRing}`;
const folder = `folder_policy:${testGcpFolder}`;
const organization = `organization_policy:${testGcpOrganization}`;
const reads = (on: Partial<Record<"gcp_ancestors" | "gcp_perimeters" | "gcp_deny_policies", boolean>>) =>
  known({ gcp_ancestors: true, gcp_perimeters: false, gcp_deny_policies: false, ...on });

function derive(changes: FactsByName = {}) {
  return deriveGcpKmsKeyFacts({ ...gcpKmsKey().facts, ...changes }, testGcpKey);
}

function valueOf<T>(fact: Fact<T>): T {
  if (fact.state === "unreadable") throw new Error(fact.detail);
  return fact.value;
}

describe("deriveGcpKmsKeyFacts", () => {
  it("takes the name of the key apart", () => {
    expect(valueOf(derive().registered_key)).toEqual({
      name: testGcpKeyName,
      project: testGcpProject,
      location: "us-central1",
      ring: "anthropic",
      ring_name: testGcpRing,
      key: "cmek",
    });
  });

  it("has one fact for each level", () => {
    const { key_access, ring_access, project_access, ancestor_access } = derive();
    expect(valueOf(key_access).level).toEqual({ kind: "key", name: testGcpKeyName });
    expect(valueOf(ring_access).level).toEqual({ kind: "key-ring", name: testGcpRing });
    expect(valueOf(project_access).level).toEqual({ kind: "project", name: `projects/${testGcpProject}` });
    expect(valueOf(ancestor_access)?.map(({ access }) => valueOf(access).level)).toEqual([
      { kind: "folder", name: testGcpFolder },
      { kind: "organization", name: testGcpOrganization },
    ]);
  });

  it.each([
    ["key_policy", "key_access"],
    [ring, "ring_access"],
    ["project_policy", "project_access"],
    ["ancestors", "ancestor_access"],
    ["registration", "registered_key"],
  ] as const)("without %s only %s is as unreadable", (raw, derived) => {
    const facts = derive({ [raw]: refused });
    expect(facts[derived]).toEqual(refused);
    const others = Object.entries(facts).filter(([name]) => name !== derived);
    expect(others.filter(([, fact]) => fact.state === "unreadable")).toEqual([]);
  });

  it("does not know what was never read", () => {
    const facts = deriveGcpKmsKeyFacts({}, testGcpKey);
    const { audit_logging, member_restrictions, deny_rules, ...others } = facts;
    for (const fact of Object.values(others)) expect(fact).toMatchObject(notRead);
    expect(valueOf(audit_logging).map(({ configs }) => configs.state)).toEqual(["unreadable", "unreadable"]);
    expect(valueOf(deny_rules)?.map(({ rules }) => rules.state)).toEqual(["unreadable", "unreadable"]);
    expect(valueOf(member_restrictions)).toMatchObject({ domains: notRead, members: notRead });
  });

  it("knows one ancestor without the other", () => {
    const ancestors = valueOf(derive({ [folder]: refused }).ancestor_access);
    expect(ancestors?.map(({ name, access }) => [name, access.state])).toEqual([
      [testGcpFolder, "unreadable"],
      [testGcpOrganization, "known"],
    ]);
  });

  it("does not know what a role permits that cannot be read, and knows the others", () => {
    const policy = gcpPolicy([
      gcpBinding("roles/secret", "user:x@y.example"),
      gcpBinding(gcpEncrypterDecrypterRole, "allUsers"),
    ]);
    const { bindings } = valueOf(derive({ key_policy: known(policy), "role:roles/secret": refused }).key_access);
    expect(bindings.map(({ permits }) => permits.state)).toEqual(["unreadable", "known"]);
    expect(bindings[0]?.permits).toEqual(refused);
  });

  it("has nothing above the project where nobody is to look there", () => {
    const facts = derive({ reads: reads({ gcp_ancestors: false }), ancestors: refused, [folder]: refused });
    expect(facts.ancestor_access).toEqual(known(null));
    expect(valueOf(facts.audit_logging).map(({ level }) => level.kind)).toEqual(["project"]);
  });

  it("has no level above a project without an organization", () => {
    expect(derive({ ancestors: known([]) }).ancestor_access).toEqual(known([]));
  });

  it("gathers the audit configuration of every level", () => {
    const policy = known(gcpPolicy([], { audit_configs: documentedAuditConfigs }));
    const logging = valueOf(derive({ [organization]: policy, [folder]: refused }).audit_logging);
    expect(logging.map(({ level, configs }) => [level.kind, configs.state])).toEqual([
      ["project", "known"],
      ["folder", "unreadable"],
      ["organization", "known"],
    ]);
    expect(valueOf(derive({ ancestors: refused }).audit_logging).map(({ configs }) => configs)).toEqual([
      known(documentedAuditConfigs),
      refused,
    ]);
  });
});

describe("deny rules", () => {
  const policies = (name: string) =>
    known([
      {
        name,
        rules: [
          {
            denied_principals: ["principalSet://goog/public:all"],
            exception_principals: [],
            denied_permissions: ["cloudkms.googleapis.com/cryptoKeys.get"],
            exception_permissions: [],
            condition: null,
          },
        ],
      },
    ]);

  it("are null where nobody is to look", () => {
    expect(derive({ ancestors: refused }).deny_rules).toEqual(known(null));
  });

  it.each([testGcpProject, testGcpProjectNumber])("are found under projects/%s", (name) => {
    const facts = derive({
      reads: reads({ gcp_deny_policies: true, gcp_ancestors: false }),
      [`deny_policies:projects/${name}`]: policies("p"),
      [`deny_policies:${testGcpFolder}`]: known([]),
      [`deny_policies:${testGcpOrganization}`]: refused,
    });
    const rules = valueOf(facts.deny_rules)?.map(({ level, rules: found }) => [
      level.kind,
      found.state === "known" ? found.value.map(({ policy }) => policy) : found.reason,
    ]);
    expect(rules).toEqual([
      ["project", ["p"]],
      ["folder", []],
      ["organization", "access-denied"],
    ]);
  });

  it("may be there where nobody knows what is above", () => {
    const facts = derive({
      reads: reads({ gcp_deny_policies: true }),
      [`deny_policies:projects/${testGcpProject}`]: known([]),
      ancestors: refused,
    });
    expect(valueOf(facts.deny_rules)?.map(({ rules }) => rules.state)).toEqual(["known", "unreadable"]);
  });
});

describe("perimeter access", () => {
  const perimeters = known({ perimeters: [], access_levels: [] });

  it("is null where nobody is to look, and where there can be none", () => {
    expect(derive({ perimeters: refused }).perimeter_access).toEqual(known(null));
    expect(derive({ reads: reads({ gcp_perimeters: true }), perimeters: known(null) }).perimeter_access).toEqual(
      known(null),
    );
  });

  it("knows the project by its number", () => {
    const on = { reads: reads({ gcp_perimeters: true }), perimeters };
    expect(valueOf(derive(on).perimeter_access)).toMatchObject({ project: `projects/${testGcpProjectNumber}` });
    expect(derive({ ...on, project: refused }).perimeter_access).toEqual(refused);
    expect(derive({ ...on, perimeters: refused }).perimeter_access).toEqual(refused);
  });
});

describe("gcpDerivedSources", () => {
  it("names raw facts only, and every derived one", () => {
    expect(Object.keys(gcpDerivedSources).toSorted()).toEqual(Object.keys(derive()).toSorted());
    const stems = new Set([
      ...Object.keys(gcpKmsKey().facts).map((name) => name.split(":")[0]),
      "deny_policies",
      "perimeters",
    ]);
    for (const name of Object.values(gcpDerivedSources).flat()) {
      expect(stems.has(name)).toBe(true);
      expect(Object.hasOwn(gcpDerivedSources, name)).toBe(false);
    }
  });
});
