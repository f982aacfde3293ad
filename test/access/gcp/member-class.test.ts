import { describe, expect, it } from "vitest";
import { noLookalikePrincipal } from "../../../checks/gcp/no-lookalike-principal.ts";
import { noPublicAccess } from "../../../checks/gcp/no-public-access.ts";
import { noUnexpectedExternalPrincipal } from "../../../checks/gcp/no-unexpected-external-principal.ts";
import { gcpHome } from "../../../src/access/gcp/gcp-home.ts";
import { gcpKeyParts } from "../../../src/access/gcp/key-name.ts";
import { likenessOfMember } from "../../../src/access/gcp/lookalike.ts";
import { type GcpMemberClass, gcpMemberClass } from "../../../src/access/gcp/member-class.ts";
import { parseGcpMember } from "../../../src/access/gcp/parse-member.ts";
import type { CheckContext } from "../../../src/check/define-check.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { anthropicGcpAccount, anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import {
  gcpBinding,
  gcpKeyPolicyWith,
  gcpKmsKey,
  testGcpKeyName,
  testGcpProject,
  testGcpProjectNumber,
  testGcpRegistration,
} from "../../support/gcp-kms-key.ts";

const configured = {
  own_domains: ["Customer.example"],
  own_projects: ["tools", "222222222222"],
  anthropic_customer_id: null,
};
const key = gcpKeyParts(testGcpKeyName);
const numberedKey = gcpKeyParts(testGcpKeyName.replace(testGcpProject, testGcpProjectNumber));
const project = { id: testGcpProject, number: testGcpProjectNumber };
const expected = ["user:partner@elsewhere.example", "auditor@elsewhere.example", "group:Audit@Elsewhere.example"];

const name = "anthropic-cmek-client-us";
const suffix = "iam.gserviceaccount.com";
const pool = "locations/global/workloadIdentityPools/ci";

const cases: readonly [member: string, expected: GcpMemberClass][] = [
  ["allUsers", "anyone"],
  ["allAuthenticatedUsers", "anyone"],
  ["principalSet://goog/public:all", "anyone"],
  [anthropicGcpMember, "anthropic-published"],
  [`serviceAccount:${anthropicGcpAccount.toUpperCase()}`, "anthropic-published"],
  [`principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`, "anthropic-published"],
  [`deleted:${anthropicGcpMember}?uid=1`, "lookalike"],
  [`user:${anthropicGcpAccount}`, "lookalike"],
  [`serviceAccount:${name}@other-project.${suffix}`, "lookalike"],
  [`serviceAccount:${name}@${testGcpProject}.${suffix}`, "lookalike"],
  [`serviceAccount:${name}@gcp-anthropic-cmek-clients.example.com`, "lookalike"],
  [`group:${name}@customer.example`, "lookalike"],
  [`serviceAccount:x@gcp-anthropic-cmek-client.${suffix}`, "lookalike"],
  [`serviceAccount:x@gcp-antrhopic-cmek-clients.${suffix}`, "lookalike"],
  [`serviceAccount:x@gcp-anthropic-cmek-clients.${suffix}.example.com`, "lookalike"],
  [`serviceAccount:x@gcp-anthropic-cmek-clients.${suffix}`, "external"],
  [`serviceAccount:x@gcp-anthropic-cme-clie.${suffix}`, "external"],
  ["deleted:user:admin@customer.example?uid=1", "orphaned"],
  ["deleted:group:x@elsewhere.example?uid=1", "orphaned"],
  ["deleted:user:partner@elsewhere.example?uid=1", "orphaned"],
  ["user:admin@customer.example", "own"],
  ["group:admins@Customer.Example", "own"],
  ["domain:customer.example", "own"],
  ["user:admin@sub.customer.example", "external"],
  ["user:admin@customer.example.evil.example", "external"],
  [`serviceAccount:x@${testGcpProject}.${suffix}`, "own"],
  [`serviceAccount:x@tools.${suffix}`, "own"],
  [`serviceAccount:${testGcpProject}@appspot.gserviceaccount.com`, "own"],
  [`serviceAccount:${testGcpProjectNumber}-compute@developer.gserviceaccount.com`, "own"],
  [`serviceAccount:${testGcpProjectNumber}@cloudservices.gserviceaccount.com`, "own"],
  [`serviceAccount:service-${testGcpProjectNumber}@gcp-sa-cloudkms.${suffix}`, "own"],
  [`serviceAccount:service-${testGcpProjectNumber}@gs-project-accounts.${suffix}`, "own"],
  ["serviceAccount:service-222222222222@compute-system.iam.gserviceaccount.com", "own"],
  [`serviceAccount:service-${testGcpProjectNumber}@cloudcomposer-accounts.${suffix}`, "own"],
  [`serviceAccount:service-${testGcpProjectNumber}@gae-api-prod.google.com.${suffix}`, "own"],
  [`serviceAccount:project-${testGcpProjectNumber}@storage-transfer-service.${suffix}`, "own"],
  // Anybody may name an account so, in a project of theirs.
  [`serviceAccount:service-${testGcpProjectNumber}@evil-project.${suffix}`, "external"],
  [`serviceAccount:service-${testGcpProjectNumber}@cloud-mlxgoogle-com.${suffix}`, "external"],
  [`serviceAccount:service-333333333333@gcp-sa-cloudkms.${suffix}`, "external"],
  ["serviceAccount:333333333333-compute@developer.gserviceaccount.com", "external"],
  [`serviceAccount:${testGcpProject}.svc.id.goog[ns/sa]`, "own"],
  [`projectOwner:${testGcpProject}`, "own"],
  [`projectViewer:${testGcpProjectNumber}`, "own"],
  ["projectEditor:other-project", "external"],
  [`principalSet://iam.googleapis.com/projects/${testGcpProjectNumber}/${pool}/*`, "own"],
  [`principal://iam.googleapis.com/projects/333333333333/${pool}/subject/x`, "external"],
  [`principalSet://cloudresourcemanager.googleapis.com/projects/${testGcpProjectNumber}/type/ServiceAccount`, "own"],
  [`principalSet://cloudresourcemanager.googleapis.com/projects/${testGcpProjectNumber}`, "own"],
  [`principalSet://cloudresourcemanager.googleapis.com/projects/${testGcpProjectNumber}0`, "external"],
  ["principalSet://cloudresourcemanager.googleapis.com/projects/333333333333/type/ServiceAccount", "external"],
  ["principalSet://cloudresourcemanager.googleapis.com/organizations/1/type/ServiceAccount", "external"],
  ["principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/x", "external"],
  ["user:partner@elsewhere.example", "expected"],
  ["user:auditor@elsewhere.example", "expected"],
  ["group:audit@elsewhere.example", "expected"],
  ["user:audit@elsewhere.example", "external"],
  ["user:somebody@gmail.com", "external"],
  ["domain:gmail.com", "external"],
  ["iamSpirit:somebody", "external"],
];

/** The checks that judge who is bound beside the account. */
const judges = [noPublicAccess, noLookalikePrincipal, noUnexpectedExternalPrincipal];
const owners: Readonly<Record<GcpMemberClass, readonly string[]>> = {
  anyone: ["gcp/no-public-access"],
  lookalike: ["gcp/no-lookalike-principal"],
  external: ["gcp/no-unexpected-external-principal"],
  "anthropic-published": [],
  // Nobody can come in by it any more.
  orphaned: [],
  own: [],
  expected: [],
  undecided: [],
};

describe("a member that is bound", () => {
  it.each(cases)("%s (%s) is judged by one check", (text, kind) => {
    const { facts } = gcpKmsKey({
      key_policy: gcpKeyPolicyWith(gcpBinding("roles/cloudkms.admin", text)),
      registration: known({ ...testGcpRegistration, expected_principals: expected }),
    });
    const settings = { ...testSettings, gcp: configured };
    const context: CheckContext = { at: testTime, guidance: newestGuidance, settings };
    const failing = judges.filter((check) => runCheck(check, facts, context).outcome === "fail");
    expect(failing.map(({ id }) => id)).toEqual(owners[kind]);
  });
});

describe("gcpMemberClass", () => {
  it.each(cases)("%s is %s", (text, kind) => {
    expect(gcpMemberClass(parseGcpMember(text), gcpHome(key, project, configured), expected)).toBe(kind);
  });

  it.each([
    [key, `serviceAccount:x@${testGcpProject}.${suffix}`, "own"],
    [key, `serviceAccount:x@other-project.${suffix}`, "external"],
    [key, `serviceAccount:service-${testGcpProjectNumber}@gcp-sa-cloudkms.${suffix}`, "undecided"],
    [key, "serviceAccount:service-222222222222@gcp-sa-cloudkms.iam.gserviceaccount.com", "own"],
    [numberedKey, `serviceAccount:x@other-project.${suffix}`, "undecided"],
    [numberedKey, `serviceAccount:x@tools.${suffix}`, "own"],
    [numberedKey, `serviceAccount:service-${testGcpProjectNumber}@gcp-sa-cloudkms.${suffix}`, "own"],
    [numberedKey, "serviceAccount:333333333333-compute@developer.gserviceaccount.com", "external"],
    [numberedKey, "user:x@gmail.com", "external"],
  ] as const)("where the project of %j cannot be read, %s is %s", (registered, text, kind) => {
    expect(gcpMemberClass(parseGcpMember(text), gcpHome(registered, null, configured), [])).toBe(kind);
  });

  it("knows an account of a project with a domain", () => {
    const scoped = gcpKeyParts(testGcpKeyName.replace(testGcpProject, "example.com:keys"));
    const member = parseGcpMember(`serviceAccount:x@keys.example.com.${suffix}`);
    expect(gcpMemberClass(member, gcpHome(scoped, null, configured), [])).toBe("own");
  });
});

describe("likenessOfMember", () => {
  it.each(cases)("tells of %s where it is a lookalike", (text, kind) => {
    expect(likenessOfMember(parseGcpMember(text)) !== undefined).toBe(kind === "lookalike");
  });
});
