import { describe, expect, it } from "vitest";
import { grantScopedToKey } from "../../../checks/gcp/grant-scoped-to-key.ts";
import { keyHsmProtected } from "../../../checks/gcp/key-hsm-protected.ts";
import { noLookalikePrincipal } from "../../../checks/gcp/no-lookalike-principal.ts";
import { noPublicAccess } from "../../../checks/gcp/no-public-access.ts";
import { noUnexpectedExternalPrincipal } from "../../../checks/gcp/no-unexpected-external-principal.ts";
import { serviceAccountCanEncryptAndDecrypt } from "../../../checks/gcp/service-account-can-encrypt-and-decrypt.ts";
import { serviceAccountLeastPrivilege } from "../../../checks/gcp/service-account-least-privilege.ts";
import { documentKinds } from "../../../src/access/documents.ts";
import { deriveGcpKmsKeyFacts } from "../../../src/access/gcp/derive.ts";
import { gcloudIamPolicyDocument } from "../../../src/access/gcp/iam-policy-document.ts";
import { type DocumentRules, judgeDocument } from "../../../src/audit/judge-document.ts";
import { gcpEncrypterDecrypterRole } from "../../../src/guidance/gcp-roles.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import type { GcpPolicyBinding } from "../../../src/model/gcp.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import { documentedGcpBindings, testGcpKey, testGcpKeyName, testGcpRegistration } from "../../support/gcp-kms-key.ts";

const { recognizes, read, facts, keys } = gcloudIamPolicyDocument;

/** As gcloud prints it. */
const text = JSON.stringify(
  {
    bindings: [
      { members: [anthropicGcpMember], role: gcpEncrypterDecrypterRole },
      {
        condition: { expression: `resource.name == "${testGcpKeyName}"`, title: "one key", description: "x" },
        members: ["user:x@y.example", "serviceAccount:ci@tools-project.iam.gserviceaccount.com"],
        role: "roles/custom",
      },
    ],
    auditConfigs: [
      { service: "allServices", auditLogConfigs: [{ logType: "DATA_READ", exemptedMembers: ["user:x@y.example"] }] },
    ],
    etag: "BwXE/gnR8t4=",
    version: 3,
  },
  null,
  2,
);

describe("the document of an IAM policy", () => {
  it("is known by its bindings", () => {
    expect(recognizes(text)).toBe(true);
    expect(recognizes("bindings:\n- members:\n  - allUsers\n")).toBe(true);
    // Of a key without bindings.
    expect(recognizes('{\n  "etag": "ACAB"\n}\n')).toBe(true);
    expect(recognizes("etag: ACAB\n")).toBe(true);
    expect(recognizes('{"Statement": []}')).toBe(false);
    expect(documentKinds["aws-key-policy"].recognizes(text)).toBe(false);
  });

  it("is read into the facts of a key that is there and that nothing above gives access to", () => {
    expect(read(text)).toEqual({ ok: true, content: text });
    const raw = facts(text, testGcpRegistration, testGcpKey);
    expect(raw["key_policy"]).toEqual({
      state: "known",
      value: {
        version: 3,
        bindings: [
          { role: gcpEncrypterDecrypterRole, members: [anthropicGcpMember], condition: null },
          {
            role: "roles/custom",
            members: ["user:x@y.example", "serviceAccount:ci@tools-project.iam.gserviceaccount.com"],
            condition: { title: "one key", expression: `resource.name == "${testGcpKeyName}"` },
          },
        ],
        audit_configs: [{ service: "allServices", logs: [{ type: "DATA_READ", exempted: ["user:x@y.example"] }] }],
      },
    });
    const derived = deriveGcpKmsKeyFacts(
      { ...raw, reads: { state: "known", value: gcloudIamPolicyDocument.reads } },
      testGcpKey,
    );
    expect(derived.key_access).toMatchObject({
      value: { bindings: [{ permits: { state: "known" } }, { permits: { reason: "unsupported" } }] },
    });
    expect(derived.ring_access).toMatchObject({ value: { bindings: [] } });
    expect(derived.project_access).toMatchObject({ value: { bindings: [] } });
    expect(derived.ancestor_access).toEqual({ state: "known", value: null });
  });

  it("tells nothing beyond what it says to tell", () => {
    const stems = Object.keys(facts(text, testGcpRegistration, testGcpKey)).map((name) => name.replace(/:.*/, ""));
    const said = [...gcloudIamPolicyDocument.tells, ...gcloudIamPolicyDocument.comesWith];
    expect(new Set([...stems, "reads"])).toEqual(new Set(said));
  });

  it("may be empty", () => {
    const empty = '{\n  "etag": "ACAB"\n}\n';
    expect(read(empty)).toEqual({ ok: true, content: empty });
    expect(facts(empty, testGcpRegistration, testGcpKey)["key_policy"]).toEqual({
      state: "known",
      value: { version: 0, bindings: [], audit_configs: [] },
    });
  });

  it.each([
    ["{", "a key in double quotes is missing", "1, column 2"],
    ["[]", "an IAM policy is an object", "1, column 1"],
    ['{"bindings": {}}', "bindings is a list", "1, column 14"],
    ['{"bindings": [\n  {"members": []}]}', "role is missing", "2, column 3"],
    ['{"bindings": [{"role": 5}]}', "role is a text", "1, column 24"],
    ['{"bindings": [{"role": "r", "members": "allUsers"}]}', "members is a list", "1, column 40"],
    ['{"bindings": [{"role": "r", "members": [null]}]}', "members is a list of texts", "1, column 41"],
    ['{"bindings": [{"role": "r", "condition": {}}]}', "expression is missing", "1, column 42"],
    ['{"version": "3"}', "version is a number", "1, column 13"],
    ['{"bindings": [], "bindings": []}', "stands twice", "1, column 18"],
    ["bindings:\n- role: x\n", "print the policy with --format=json", "1, column 1"],
  ])("says where %j breaks: %s", (broken, message, position) => {
    const answer = read(broken);
    expect(answer.ok).toBe(false);
    expect(!answer.ok && answer.error).toContain(message);
    expect(!answer.ok && answer.error).toContain(`line ${position}`);
  });

  it.each([
    ["the key's own", { bindings: documentedGcpBindings }, "what the key ring, the project"],
    ["with basic roles", { bindings: [{ role: "roles/owner", members: [] }] }, "what the key ring, the project"],
    ["with an audit configuration", JSON.parse(text), "it has auditConfigs"],
    [
      "with a role of another service",
      { bindings: [{ role: "roles/compute.admin", members: [] }] },
      "roles/compute.admin",
    ],
  ])("tells what to know of a policy %s", (_, policy, told) => {
    expect(gcloudIamPolicyDocument.remark(JSON.stringify(policy))).toContain(told);
  });

  it("may be of the key that somebody names, else of any project, those that it names among them", () => {
    expect(keys(text, { account: null, key: testGcpKey })).toEqual([testGcpKey]);
    const resources = (account: string | null) => keys(text, { account, key: null }).map(({ resource }) => resource);
    const any = (project: string) => `projects/${project}/locations/us-central1/keyRings/any/cryptoKeys/any`;
    expect(resources(null)).toEqual([testGcpKeyName, any("tools-project"), any("any-project"), any("another-project")]);
    expect(resources("customer-keys")).toEqual([testGcpKeyName, any("customer-keys")]);
    expect(resources("elsewhere")).toEqual([any("elsewhere")]);
  });
});

describe("a policy of a key that nobody named", () => {
  const catalogue = [
    noLookalikePrincipal,
    noPublicAccess,
    serviceAccountCanEncryptAndDecrypt,
    serviceAccountLeastPrivilege,
    noUnexpectedExternalPrincipal,
    keyHsmProtected,
    grantScopedToKey,
  ];

  function judged(bindings: readonly GcpPolicyBinding[]) {
    const rules: DocumentRules = { catalogue, version: "1", guidance: newestGuidance, settings: testSettings };
    const content = JSON.stringify({ version: 3, bindings });
    const origin = { account: null, key: null };
    const registration = testGcpRegistration;
    const outcomes = judgeDocument(
      rules,
      { document: gcloudIamPolicyDocument, content, origin, registration },
      testTime,
    );
    return outcomes.map(({ check, outcome }) => `${check.replace("gcp/", "")}: ${outcome}`);
  }

  it("is judged by the checks for which it is enough, and not by one that asks what is above the key", () => {
    expect(judged(documentedGcpBindings)).toEqual([
      "no-lookalike-principal: pass",
      "no-public-access: pass",
      "service-account-can-encrypt-and-decrypt: pass",
      "service-account-least-privilege: pass",
      "no-unexpected-external-principal: pass",
    ]);
  });

  it("fails what it fails for every key", () => {
    const admin = { role: "roles/cloudkms.admin", members: ["allUsers", "user:x@y.example"], condition: null };
    expect(judged([...documentedGcpBindings, admin])).toEqual([
      "no-lookalike-principal: pass",
      "no-public-access: fail",
      "service-account-can-encrypt-and-decrypt: pass",
      "service-account-least-privilege: pass",
      "no-unexpected-external-principal: fail",
    ]);
  });

  it("leaves out what depends on whose key it is", () => {
    const ci = "serviceAccount:ci@some-project.iam.gserviceaccount.com";
    expect(judged([{ role: "roles/cloudkms.admin", members: [ci], condition: null }]).join()).not.toContain("external");
  });

  it("does not know what a role permits that is not documented here", () => {
    const editor = { role: "roles/editor", members: ["user:x@y.example"], condition: null };
    expect(judged([...documentedGcpBindings, editor])).toContain("no-unexpected-external-principal: unknown");
  });
});
