import { servicePerimeterAllowsServiceAccount } from "../../../checks/gcp/service-perimeter-allows-service-account.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpIngressRule, GcpPerimeter, GcpPerimeters } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testGcpProjectNumber } from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const reads = known({ gcp_ancestors: true, gcp_perimeters: true, gcp_deny_policies: false });
const ingress: GcpIngressRule = {
  identity_type: null,
  identities: [anthropicGcpMember],
  source_access_levels: ["*"],
  source_resources: [],
  target_resources: ["*"],
  operations: [{ service: "cloudkms.googleapis.com", selectors: ["*"] }],
};
const holding: GcpPerimeter = {
  name: "accessPolicies/1/servicePerimeters/keys",
  title: "keys",
  resources: [`projects/${testGcpProjectNumber}`],
  restricted_services: ["cloudkms.googleapis.com"],
  access_levels: [],
  ingress: [],
};
const within = (perimeter: Partial<GcpPerimeter>, access_levels: GcpPerimeters["access_levels"] = []) =>
  gcpKmsKey({ reads, perimeters: known({ perimeters: [{ ...holding, ...perimeter }], access_levels }) });
const condition = { ip_ranges: [], members: [], required_levels: [], negate: false, asks_more: false };
const level = (ip_ranges: readonly string[], custom: string | null = null) => [
  {
    name: "accessPolicies/1/accessLevels/anthropic",
    custom,
    combining: "AND",
    conditions: [{ ...condition, ip_ranges }],
  } as const,
];

testCheck(servicePerimeterAllowsServiceAccount, {
  pass: [
    { name: "no organization", resource: gcpKmsKey({ reads, perimeters: known(null) }), message: "in no organization" },
    { name: "no perimeter", resource: gcpKmsKey({ reads, perimeters: known({ perimeters: [], access_levels: [] }) }) },
    { name: "another project", resource: within({ resources: ["projects/999"] }) },
    { name: "another service", resource: within({ restricted_services: ["storage.googleapis.com"] }) },
    {
      name: "an ingress rule for the account",
      resource: within({ ingress: [ingress] }),
      message: "keys lets the account in",
    },
    {
      name: "an ingress rule for anybody",
      resource: within({ ingress: [{ ...ingress, identity_type: "ANY_IDENTITY", identities: [] }] }),
    },
    {
      name: "an access level of the whole range",
      resource: within({ access_levels: ["accessPolicies/1/accessLevels/anthropic"] }, level(["160.79.104.0/21"])),
    },
    {
      name: "an access level of the range in two halves",
      resource: within(
        { access_levels: ["accessPolicies/1/accessLevels/anthropic"] },
        level(["160.79.104.0/22", "160.79.108.0/22"]),
      ),
    },
  ],
  fail: [
    { name: "a perimeter without a way in", resource: within({}), message: "kept out by the perimeter keys" },
    {
      name: "an ingress rule for somebody else",
      resource: within({ ingress: [{ ...ingress, identities: ["serviceAccount:x@acme.iam.gserviceaccount.com"] }] }),
    },
    {
      name: "an ingress rule for another service",
      resource: within({
        ingress: [{ ...ingress, operations: [{ service: "storage.googleapis.com", selectors: ["*"] }] }],
      }),
    },
    {
      name: "an ingress rule for another project",
      resource: within({ ingress: [{ ...ingress, target_resources: ["projects/999"] }] }),
    },
    {
      name: "an access level of the inbound range alone",
      resource: within({ access_levels: ["accessPolicies/1/accessLevels/anthropic"] }, level(["160.79.104.0/23"])),
    },
  ],
  "not-applicable": [
    { name: "nobody looks", resource: gcpKmsKey() },
    { name: "no such key", resource: gcpKmsKey({ reads, existence: known("absent") }) },
  ],
  unknown: [
    {
      name: "a level of the custom kind",
      resource: within({ access_levels: ["accessPolicies/1/accessLevels/anthropic"] }, level([], "true")),
    },
    { name: "perimeters may not be listed", resource: gcpKmsKey({ reads, perimeters: denied }) },
    {
      name: "the project's number is not known",
      resource: gcpKmsKey({ reads, perimeters: known({ perimeters: [holding], access_levels: [] }), project: denied }),
    },
  ],
});
