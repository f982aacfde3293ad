import { describe, expect, it } from "vitest";
import { parseGcpMember } from "../../../src/access/gcp/parse-member.ts";
import type { GcpMemberKind } from "../../../src/model/gcp-access.ts";

const pools = "iam.googleapis.com/locations/global/workforcePools/staff";
const workloads = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/ci";

const forms: readonly [text: string, kind: GcpMemberKind, id: string][] = [
  ["allUsers", "all-users", "allUsers"],
  ["allAuthenticatedUsers", "all-authenticated-users", "allAuthenticatedUsers"],
  ["principalSet://goog/public:all", "all-users", "public:all"],
  ["user:Alex@Example.com", "user", "alex@example.com"],
  ["principal://goog/subject/Alex@example.com", "user", "alex@example.com"],
  ["group:admins@example.com", "group", "admins@example.com"],
  ["principalSet://goog/group/admins@example.com", "group", "admins@example.com"],
  ["domain:Example.com", "domain", "example.com"],
  ["serviceAccount:a@p.iam.gserviceaccount.com", "service-account", "a@p.iam.gserviceaccount.com"],
  [
    "principal://iam.googleapis.com/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com",
    "service-account",
    "a@p.iam.gserviceaccount.com",
  ],
  ["serviceAccount:p.svc.id.goog[ns/sa]", "service-account", "p.svc.id.goog[ns/sa]"],
  ["projectOwner:My-Project", "project-role", "My-Project"],
  ["projectEditor:p", "project-role", "p"],
  ["projectViewer:p", "project-role", "p"],
  [`principal://${pools}/subject/Alex`, "principal", `${pools}/subject/Alex`],
  [`principalSet://${pools}/group/G-1`, "principal-set", `${pools}/group/G-1`],
  [`principalSet://${pools}/attribute.team/Red`, "principal-set", `${pools}/attribute.team/Red`],
  [`principalSet://${pools}/*`, "principal-set", `${pools}/*`],
  [`principal://${workloads}/subject/repo:x`, "principal", `${workloads}/subject/repo:x`],
  [`principalSet://${workloads}/*`, "principal-set", `${workloads}/*`],
  [
    "principalSet://cloudresourcemanager.googleapis.com/projects/123/type/ServiceAccount",
    "principal-set",
    "cloudresourcemanager.googleapis.com/projects/123/type/ServiceAccount",
  ],
  ["principalSet://goog/cloudIdentityCustomerId/C01Abc35", "principal-set", "goog/cloudIdentityCustomerId/C01Abc35"],
  ["iamSpirit:somebody", "unknown", "iamSpirit:somebody"],
  ["allusers", "unknown", "allusers"],
  ["user:", "unknown", "user:"],
  ["", "unknown", ""],
];

describe("parseGcpMember", () => {
  it.each(forms)("%s is %s %s", (text, kind, id) => {
    expect(parseGcpMember(text)).toEqual({ text, kind, id, deleted: false });
  });

  it.each([
    ["deleted:user:a@example.com?uid=123", "user", "a@example.com"],
    ["deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=123", "service-account", "a@p.iam.gserviceaccount.com"],
    ["deleted:group:g@example.com?uid=123", "group", "g@example.com"],
    ["deleted:principalSet://goog/group/g@example.com?uid=123", "group", "g@example.com"],
    [`deleted:principal://${pools}/subject/Alex`, "principal", `${pools}/subject/Alex`],
    ["deleted:", "unknown", ""],
  ])("%s is what is left of %s %s", (text, kind, id) => {
    expect(parseGcpMember(text)).toEqual({ text, kind, id, deleted: true });
  });
});
