import { describe, expect, it } from "vitest";
import { memberDenial, publishedDenial } from "../../../src/access/gcp/deny.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { parseGcpMember } from "../../../src/access/gcp/parse-member.ts";
import { keyRequested } from "../../../src/access/gcp/requested-resources.ts";
import { anthropicGcpAccount } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpDenyRule } from "../../../src/model/gcp.ts";
import type { GcpDenyLevel } from "../../../src/model/gcp-access.ts";
import { testGcpKeyName } from "../../support/gcp-kms-key.ts";

const decrypt = "cloudkms.cryptoKeyVersions.useToDecrypt";
const request = { at: Date.UTC(2026, 10, 22), resources: keyRequested(gcpKeyParts(testGcpKeyName), null) };
const everybody = "principalSet://goog/public:all";
const account = `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`;
const group = "principalSet://goog/group/partners@example.com";

function rule(changes: Partial<GcpDenyRule> = {}): GcpDenyRule {
  return {
    denied_principals: [everybody],
    exception_principals: [],
    denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
    exception_permissions: [],
    condition: null,
    ...changes,
  };
}

function level(...rules: readonly GcpDenyRule[]): GcpDenyLevel {
  const named = rules.map((one) => ({ ...one, policy: "policies/p/denypolicies/d" }));
  return { level: { kind: "project", name: "projects/p" }, rules: known(named) };
}

const tagged = { title: null, expression: 'resource.matchTag("1/env", "prod")' };

describe("publishedDenial", () => {
  it.each([
    ["everybody", rule(), "denied"],
    ["the account", rule({ denied_principals: [account] }), "denied"],
    [
      "the account in capitals",
      rule({ denied_principals: [account.replace("anthropic-cmek-client-us", "Anthropic-CMEK-client-us")] }),
      "denied",
    ],
    ["everybody but the account", rule({ exception_principals: [account] }), "spared"],
    ["everybody but somebody else", rule({ exception_principals: ["principal://goog/subject/x@y.example"] }), "denied"],
    ["everybody but a group", rule({ exception_principals: [group] }), "conditional"],
    ["a group", rule({ denied_principals: [group] }), "conditional"],
    [
      "all accounts of some organization",
      rule({ denied_principals: ["principalSet://cloudresourcemanager.googleapis.com/organizations/1"] }),
      "conditional",
    ],
    [
      "all accounts of the key's own project",
      rule({ denied_principals: ["principalSet://cloudresourcemanager.googleapis.com/projects/p"] }),
      "spared",
    ],
    [
      "everybody but those of the own project",
      rule({
        exception_principals: ["principalSet://cloudresourcemanager.googleapis.com/projects/p/type/ServiceAccount"],
      }),
      "denied",
    ],
    [
      "all accounts of a project that begins like the own one",
      rule({ denied_principals: ["principalSet://cloudresourcemanager.googleapis.com/projects/p2"] }),
      "conditional",
    ],
    ["a customer", rule({ denied_principals: ["principalSet://goog/cloudIdentityCustomerId/C01"] }), "conditional"],
    [
      "an account by its number",
      rule({ denied_principals: ["principal://iam.googleapis.com/projects/-/serviceAccounts/1234567890"] }),
      "conditional",
    ],
    ["a form that is not known", rule({ denied_principals: ["principalSpirit://x"] }), "conditional"],
    ["a user", rule({ denied_principals: ["principal://goog/subject/x@y.example"] }), "spared"],
    [
      "a pool",
      rule({ denied_principals: ["principalSet://iam.googleapis.com/locations/global/workforcePools/p/*"] }),
      "spared",
    ],
    ["an account that was deleted", rule({ denied_principals: [`deleted:${account}?uid=1`] }), "spared"],
    ["nobody", rule({ denied_principals: [] }), "spared"],
    ["another permission", rule({ denied_permissions: ["cloudkms.googleapis.com/cryptoKeys.get"] }), "spared"],
    [
      "a permission that begins the same",
      rule({ denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecryptViaDelegation"] }),
      "spared",
    ],
    ["all of the resource", rule({ denied_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.*"] }), "denied"],
    ["all of the service", rule({ denied_permissions: ["cloudkms.googleapis.com/*.*"] }), "denied"],
    ["all of another service", rule({ denied_permissions: ["storage.googleapis.com/*.*"] }), "spared"],
    [
      "all but the permission",
      rule({
        denied_permissions: ["cloudkms.googleapis.com/*.*"],
        exception_permissions: ["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
      }),
      "spared",
    ],
    ["under a tag", rule({ condition: tagged }), "conditional"],
    ["under a tag, but the account", rule({ condition: tagged, exception_principals: [account] }), "spared"],
    ["never", rule({ condition: { title: null, expression: "false" } }), "spared"],
  ] as const)("%s", (_, one, decision) => {
    expect(publishedDenial([level(one)], decrypt, request).decision).toBe(decision);
  });

  it("says what it hangs on, and which rules may hit", () => {
    const { on, rules } = publishedDenial(
      [level(rule({ exception_principals: [group], condition: tagged }))],
      decrypt,
      request,
    );
    expect(on).toEqual([`membership of ${group}`, "resource.matchTag"]);
    expect(rules.map(({ rule: { policy } }) => policy)).toEqual(["policies/p/denypolicies/d"]);
  });

  it("is denied by any level, and names those that could not be read", () => {
    const refused = unreadable("access-denied", "refused");
    const blind: GcpDenyLevel = { level: { kind: "folder", name: "folders/1" }, rules: refused };
    expect(publishedDenial([level(), blind], decrypt, request)).toEqual({
      decision: "spared",
      on: [],
      rules: [],
      unread: [{ level: blind.level, rules: refused }],
    });
    expect(publishedDenial([blind, level(rule({ condition: tagged })), level(rule())], decrypt, request)).toMatchObject(
      {
        decision: "denied",
        unread: [{ level: blind.level }],
      },
    );
  });
});

describe("memberDenial", () => {
  it.each([
    ["user:x@y.example", rule(), "denied"],
    ["group:partners@example.com", rule({ denied_principals: [group] }), "denied"],
    ["user:x@y.example", rule({ denied_principals: [group] }), "conditional"],
    ["user:x@y.example", rule({ denied_principals: ["principal://goog/subject/X@Y.example"] }), "denied"],
    ["user:x@y.example", rule({ denied_principals: ["principal://goog/subject/z@y.example"] }), "spared"],
    ["allUsers", rule({ denied_principals: [group] }), "conditional"],
    ["allUsers", rule(), "denied"],
    ["user:x@y.example", rule({ exception_principals: ["principal://goog/subject/z@y.example"] }), "denied"],
    ["serviceAccount:x@p.iam.gserviceaccount.com", rule({ exception_principals: [account] }), "denied"],
    ["allUsers", rule({ exception_principals: ["principal://goog/subject/z@y.example"] }), "conditional"],
    ["group:g@y.example", rule({ exception_principals: [account] }), "conditional"],
    [
      "user:x@y.example",
      rule({ denied_principals: ["principalSet://goog/cloudIdentityCustomerId/C01"] }),
      "conditional",
    ],
    ["user:x@y.example", rule({ denied_principals: ["deleted:principal://goog/subject/x@y.example?uid=1"] }), "spared"],
  ] as const)("%s", (text, one, decision) => {
    expect(memberDenial([level(one)], decrypt, request, parseGcpMember(text)).decision).toBe(decision);
  });

  it("knows the name that deny policies have for whatever sets the policy of a project", () => {
    const denied = level(rule({ denied_permissions: ["cloudresourcemanager.googleapis.com/projects.setIamPolicy"] }));
    const member = parseGcpMember("user:x@y.example");
    expect(memberDenial([denied], "resourcemanager.projects.setIamPolicy", request, member).decision).toBe("denied");
  });
});
