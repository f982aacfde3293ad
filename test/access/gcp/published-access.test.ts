import { describe, expect, it } from "vitest";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { levelAccess } from "../../../src/access/gcp/level-access.ts";
import { bindingsNamingAccount, publishedAccess } from "../../../src/access/gcp/published-access.ts";
import { keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../../src/guidance/gcp-roles.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import type { GcpPolicyBinding, GcpRole } from "../../../src/model/gcp.ts";
import { gcpBinding, gcpPolicy, gcpRole, testGcpKeyName, testGcpRoles } from "../../support/gcp-kms-key.ts";

const at = Date.UTC(2026, 10, 22, 12);
const decrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";
const use = gcpEncrypterDecrypterRole;
const refused = unreadable("access-denied", "refused", { call: "iam:GetRole", permission: "iam.roles.get" });
const expired = 'request.time < timestamp("2026-01-01T00:00:00Z")';
const tagged = 'resource.matchTag("1/env", "prod")';

function roleOf(role: string): Fact<GcpRole> {
  if (role === "roles/deleted") return known(gcpRole([decrypt], { deleted: true }));
  return testGcpRoles[`role:${role}`] ?? refused;
}

function accessOf(bindings: readonly GcpPolicyBinding[], version = 3) {
  const level = { kind: "key", name: testGcpKeyName } as const;
  return levelAccess(level, gcpPolicy(bindings, { version }), roleOf);
}

function ask(bindings: readonly GcpPolicyBinding[], version = 3) {
  return publishedAccess([accessOf(bindings, version)], decrypt, {
    at,
    resources: keyRequested(gcpKeyParts(testGcpKeyName), null),
  });
}

describe("publishedAccess", () => {
  it.each([
    ["a binding that names it", [gcpBinding(use, anthropicGcpMember)], "allowed"],
    ["a binding that names it among others", [gcpBinding(use, ["user:x@y.example", anthropicGcpMember])], "allowed"],
    ["a binding of everybody", [gcpBinding(use, "allUsers")], "allowed"],
    ["a condition that holds", [gcpBinding(use, anthropicGcpMember, "true")], "allowed"],
    [
      "two bindings, one of which has ended",
      [gcpBinding(use, anthropicGcpMember, expired), gcpBinding(use, anthropicGcpMember)],
      "allowed",
    ],
    ["no binding", [], "denied"],
    ["a role without the permission", [gcpBinding(gcpViewerRole, anthropicGcpMember)], "denied"],
    ["a role that was deleted", [gcpBinding("roles/deleted", anthropicGcpMember)], "denied"],
    ["a condition that has ended", [gcpBinding(use, anthropicGcpMember, expired)], "denied"],
    ["somebody else", [gcpBinding(use, "user:x@y.example")], "denied"],
    ["the account when it was deleted", [gcpBinding(use, `deleted:${anthropicGcpMember}?uid=1`)], "denied"],
    ["a domain, of which service accounts are not", [gcpBinding(use, "domain:y.example")], "denied"],
    ["the people who run the project", [gcpBinding("roles/owner", "group:admins@y.example")], "denied"],
    ["a condition that cannot be judged", [gcpBinding(use, anthropicGcpMember, tagged)], "conditional"],
    ["a group", [gcpBinding(use, "group:g@y.example")], "conditional"],
    ["a group under a condition that has ended", [gcpBinding(use, "group:g@y.example", expired)], "denied"],
    ["a role that cannot be read", [gcpBinding("roles/secret", anthropicGcpMember)], "unknown"],
    [
      "a role that cannot be read, of a condition that has ended",
      [gcpBinding("roles/secret", anthropicGcpMember, expired)],
      "denied",
    ],
    [
      "a role that cannot be read beside one that gives it",
      [gcpBinding("roles/secret", anthropicGcpMember), gcpBinding(use, anthropicGcpMember)],
      "allowed",
    ],
    [
      "a role that cannot be read beside an open condition",
      [gcpBinding("roles/secret", anthropicGcpMember), gcpBinding(use, anthropicGcpMember, tagged)],
      "conditional",
    ],
  ] as const)("%s", (_, bindings, decision) => {
    expect(ask(bindings).decision).toBe(decision);
  });

  it("says what it hangs on", () => {
    const { on, grants } = ask([gcpBinding(use, "group:g@y.example", tagged)]);
    expect(on).toEqual(["membership of group:g@y.example", "resource.matchTag"]);
    expect(grants.map(({ holding, role }) => [holding, role])).toEqual([["perhaps", use]]);
  });

  it("names the roles that could not be read, and the grants that have ended", () => {
    const answer = ask([gcpBinding("roles/secret", anthropicGcpMember), gcpBinding(use, anthropicGcpMember, expired)]);
    expect(answer.unread.map(({ role, role_fact }) => [role, role_fact.reason])).toEqual([
      ["roles/secret", "access-denied"],
    ]);
    expect(answer.failing.map(({ role }) => role)).toEqual([use]);
  });

  it("does not know the condition of an older policy, and knows the role below it", () => {
    const bindings = [gcpBinding(`${use}_withcond_2b17cc25d2cd9e2c54d8`, anthropicGcpMember)];
    expect(ask(bindings, 1)).toMatchObject({
      decision: "conditional",
      on: ["a condition that this version of the policy does not show"],
    });
    expect(accessOf(bindings, 1).bindings[0]).toMatchObject({ role: use, condition: { hidden: true } });
    // Asked for as version 3, that is the role's own name.
    expect(ask(bindings, 3).decision).toBe("unknown");
  });
});

describe("bindingsNamingAccount", () => {
  it("takes those by name, whatever they give", () => {
    const bindings = [
      gcpBinding("roles/secret", anthropicGcpMember, expired),
      gcpBinding(use, "allUsers"),
      gcpBinding(use, "group:g@y.example"),
      gcpBinding(gcpViewerRole, ["user:x@y.example", anthropicGcpMember]),
    ];
    const found = bindingsNamingAccount([accessOf(bindings)]);
    expect(found.map(({ binding }) => binding.role)).toEqual(["roles/secret", gcpViewerRole]);
  });
});
