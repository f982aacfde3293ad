import { describe, expect, it } from "vitest";
import { perimeterVerdict } from "../../../src/access/gcp/perimeter.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import type { GcpAccessCondition, GcpAccessLevel, GcpIngressRule, GcpPerimeter } from "../../../src/model/gcp.ts";

const project = "projects/123456789012";
const egress = ["160.79.104.0/21"];

function perimeter(changes: Partial<GcpPerimeter> = {}): GcpPerimeter {
  return {
    name: "accessPolicies/1/servicePerimeters/data",
    title: "data",
    resources: [project],
    restricted_services: ["storage.googleapis.com", "cloudkms.googleapis.com"],
    access_levels: [],
    ingress: [],
    ...changes,
  };
}

function condition(changes: Partial<GcpAccessCondition> = {}): GcpAccessCondition {
  return { ip_ranges: [], members: [], required_levels: [], negate: false, asks_more: false, ...changes };
}

function level(
  name: string,
  conditions: readonly GcpAccessCondition[],
  changes: Partial<GcpAccessLevel> = {},
): GcpAccessLevel {
  return { name, custom: null, combining: "AND", conditions, ...changes };
}

function ingress(changes: Partial<GcpIngressRule> = {}): GcpIngressRule {
  return {
    identity_type: null,
    identities: [anthropicGcpMember],
    source_access_levels: ["*"],
    source_resources: [],
    target_resources: ["*"],
    operations: [{ service: "cloudkms.googleapis.com", selectors: ["*"] }],
    ...changes,
  };
}

function decide(perimeters: readonly GcpPerimeter[], access_levels: readonly GcpAccessLevel[] = [], ranges = egress) {
  return perimeterVerdict({ project, perimeters, access_levels }, ranges);
}

describe("perimeterVerdict", () => {
  it.each([
    ["no perimeter", [], "allowed"],
    ["a perimeter of others", [perimeter({ resources: ["projects/1"] })], "allowed"],
    [
      "a perimeter that leaves Cloud KMS out",
      [perimeter({ restricted_services: ["storage.googleapis.com"] })],
      "allowed",
    ],
    ["a closed perimeter", [perimeter()], "blocked"],
    ["a closed perimeter beside an open one", [perimeter({ ingress: [ingress()] }), perimeter()], "blocked"],
    ["a level that is not listed", [perimeter({ access_levels: ["unknown"] })], "conditional"],
  ] as const)("%s: %s", (_, perimeters, decision) => {
    expect(decide(perimeters).decision).toBe(decision);
  });

  it.each([
    ["the account from anywhere", {}, "allowed"],
    ["anybody", { identity_type: "ANY_IDENTITY", identities: [] }, "allowed"],
    ["any service account", { identity_type: "ANY_SERVICE_ACCOUNT", identities: [] }, "allowed"],
    ["any user", { identity_type: "ANY_USER_ACCOUNT", identities: [] }, "blocked"],
    ["a type that is not known", { identity_type: "ANY_ROBOT", identities: [] }, "conditional"],
    ["nobody", { identities: [] }, "blocked"],
    ["somebody else", { identities: ["user:x@y.example"] }, "blocked"],
    ["a group", { identities: ["group:g@y.example"] }, "conditional"],
    ["the project", { target_resources: [project] }, "allowed"],
    ["another project", { target_resources: ["projects/1"] }, "blocked"],
    ["no project", { target_resources: [] }, "blocked"],
    ["every service", { operations: [{ service: "*", selectors: [] }] }, "allowed"],
    ["another service", { operations: [{ service: "storage.googleapis.com", selectors: ["*"] }] }, "blocked"],
    [
      "the methods",
      {
        operations: [
          {
            service: "cloudkms.googleapis.com",
            selectors: [
              "KeyManagementService.Encrypt",
              "KeyManagementService.Decrypt",
              "KeyManagementService.GetCryptoKey",
            ],
          },
        ],
      },
      "allowed",
    ],
    [
      "the permissions",
      {
        operations: [
          {
            service: "cloudkms.googleapis.com",
            selectors: ["cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"],
          },
          { service: "cloudkms.googleapis.com", selectors: ["cloudkms.cryptoKeys.get"] },
        ],
      },
      "allowed",
    ],
    [
      "one method of three",
      { operations: [{ service: "cloudkms.googleapis.com", selectors: ["KeyManagementService.Encrypt"] }] },
      "blocked",
    ],
    ["a source that is a project", { source_access_levels: [], source_resources: ["projects/5"] }, "conditional"],
    ["no source", { source_access_levels: [] }, "conditional"],
  ] as const)("an ingress rule for %s", (_, changes, decision) => {
    expect(decide([perimeter({ ingress: [ingress(changes)] })]).decision).toBe(decision);
  });

  it("takes the requests together that several rules let in", () => {
    const rule = (...selectors: readonly string[]) =>
      ingress({ operations: [{ service: "cloudkms.googleapis.com", selectors }] });
    const use = rule("Encrypt", "cloudkms.cryptoKeyVersions.useToDecrypt");
    const view = rule("GetCryptoKey");
    expect(decide([perimeter({ ingress: [use, view] })]).decision).toBe("allowed");
    expect(decide([perimeter({ ingress: [use] })]).decision).toBe("blocked");
    expect(decide([perimeter({ ingress: [use, { ...view, identities: ["group:g@y.example"] }] })])).toMatchObject({
      decision: "conditional",
      on: ["membership of group:g@y.example"],
    });
  });

  it.each([
    ["the whole range", [condition({ ip_ranges: ["160.79.104.0/21"] })], {}, "allowed"],
    ["two halves", [condition({ ip_ranges: ["160.79.104.0/22", "160.79.108.0/22"] })], {}, "allowed"],
    ["a half", [condition({ ip_ranges: ["160.79.104.0/22"] })], {}, "blocked"],
    ["all but a part", [condition({ ip_ranges: ["160.79.104.0/32"], negate: true })], {}, "blocked"],
    ["all but others", [condition({ ip_ranges: ["10.0.0.0/8"], negate: true })], {}, "allowed"],
    ["other addresses", [condition({ ip_ranges: ["2001:db8::/32", "10.0.0.0/8"] })], {}, "blocked"],
    ["no range at all", [condition({ ip_ranges: ["somewhere"] })], {}, "conditional"],
    ["the account", [condition({ members: [anthropicGcpMember] })], {}, "allowed"],
    ["everybody but the account", [condition({ members: [anthropicGcpMember], negate: true })], {}, "blocked"],
    ["the range and somebody else", [condition({ ip_ranges: egress, members: ["user:x@y.example"] })], {}, "blocked"],
    ["both", [condition({ ip_ranges: egress }), condition({ members: ["user:x@y.example"] })], {}, "blocked"],
    [
      "either",
      [condition({ ip_ranges: egress }), condition({ members: ["user:x@y.example"] })],
      { combining: "OR" },
      "allowed",
    ],
    ["a region too", [condition({ ip_ranges: egress, asks_more: true })], {}, "conditional"],
    ["a region too, of other addresses", [condition({ ip_ranges: ["10.0.0.0/8"], asks_more: true })], {}, "blocked"],
    ["not a region", [condition({ asks_more: true, negate: true })], {}, "conditional"],
    ["another level", [condition({ required_levels: ["egress"] })], {}, "allowed"],
    ["not another level", [condition({ required_levels: ["egress"], negate: true })], {}, "blocked"],
    ["itself", [condition({ required_levels: ["asked"] })], {}, "conditional"],
    ["one that needs it", [condition({ required_levels: ["needing"] })], {}, "conditional"],
    ["no condition, as no level has", [], {}, "conditional"],
    ["none of no conditions", [], { combining: "OR" }, "conditional"],
    ["an expression", [], { custom: "device.is_admin_approved_device" }, "conditional"],
  ] as const)("an access level of %s", (_, conditions, changes, decision) => {
    const levels = [
      level("asked", conditions, changes),
      level("egress", [condition({ ip_ranges: egress })]),
      level("needing", [condition({ required_levels: ["asked"] })]),
    ];
    expect(decide([perimeter({ access_levels: ["asked"] })], levels).decision).toBe(decision);
    const rule = ingress({ source_access_levels: ["asked"] });
    expect(decide([perimeter({ ingress: [rule] })], levels).decision).toBe(decision);
  });

  it("lets in what one level and another rule let in together", () => {
    const levels = [
      level("first", [condition({ ip_ranges: ["160.79.104.0/22"] })]),
      level("second", [condition({ ip_ranges: ["160.79.108.0/22"] })]),
    ];
    const both = perimeter({ access_levels: ["first"], ingress: [ingress({ source_access_levels: ["second"] })] });
    expect(decide([both], levels).decision).toBe("allowed");
  });

  it("says which addresses are refused, and what it hangs on", () => {
    const half = level("half", [condition({ ip_ranges: ["160.79.104.0/22"] })]);
    expect(decide([perimeter({ access_levels: ["half"] })], [half]).perimeters).toMatchObject([
      { title: "data", decision: "blocked", refused_addresses: ["160.79.108.0-160.79.111.255"] },
    ]);
    const custom = level("custom", [], { custom: "true" });
    expect(decide([perimeter({ access_levels: ["custom"] })], [custom])).toMatchObject({
      on: ["access level custom"],
      perimeters: [{ decision: "conditional" }],
    });
  });

  it("may let in by the project of the caller what no level lets in", () => {
    const office = level("office", [condition({ ip_ranges: ["10.0.0.0/8"] })]);
    const rule = ingress({ source_access_levels: ["office"], source_resources: ["projects/7"] });
    expect(decide([perimeter({ ingress: [rule] })], [office])).toMatchObject({
      decision: "conditional",
      on: ["the project that Anthropic calls from"],
    });
  });

  it("lets nothing in for certain where no range is given", () => {
    expect(decide([perimeter({ ingress: [ingress()] })], [], []).decision).toBe("conditional");
  });
});
