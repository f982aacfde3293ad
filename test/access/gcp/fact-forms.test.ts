import { describe, expect, it } from "vitest";
import { gcpDerivedSources } from "../../../src/access/gcp/derive.ts";
import { isGcpFactValue } from "../../../src/access/gcp/fact-forms.ts";
import { known } from "../../../src/model/fact.ts";
import { gcpKmsKey, gcpVersion, testGcpFolder } from "../../support/gcp-kms-key.ts";

const { facts } = gcpKmsKey({
  perimeters: known({
    perimeters: [
      {
        name: "p",
        title: "t",
        resources: [],
        restricted_services: [],
        access_levels: [],
        ingress: [
          {
            identity_type: null,
            identities: [],
            source_access_levels: [],
            source_resources: [],
            target_resources: [],
            operations: [{ service: "*", selectors: [] }],
          },
        ],
      },
    ],
    access_levels: [
      {
        name: "l",
        custom: null,
        combining: "OR",
        conditions: [{ ip_ranges: [], members: [], required_levels: [], negate: false, asks_more: false }],
      },
    ],
  }),
  [`deny_policies:${testGcpFolder}`]: known([
    {
      name: "d",
      rules: [
        {
          denied_principals: [],
          exception_principals: [],
          denied_permissions: [],
          exception_permissions: [],
          condition: { title: null, expression: "true" },
        },
      ],
    },
  ]),
});
const raw = Object.entries(facts).filter(
  ([name]) => !Object.hasOwn(gcpDerivedSources, name) && name !== "registration",
);

describe("isGcpFactValue", () => {
  it.each(raw)("takes %s as it is read, and nothing else", (name, fact) => {
    if (fact.state === "unreadable") throw new Error(fact.detail);
    expect(isGcpFactValue(name, fact.value)).toBe(true);
    expect(isGcpFactValue(name, [1])).toBe(false);
    expect(isGcpFactValue(name, undefined)).toBe(false);
  });

  it.each([
    ["key_policy", { version: 3, bindings: [{ role: "r", members: [1], condition: null }], audit_configs: [] }],
    ["key_policy", { version: 3, bindings: [{ role: "r", members: [] }], audit_configs: [] }],
    ["versions", [{ number: "1" }]],
    ["primary", { ...gcpVersion(), number: 0 }],
    ["versions", [{ ...gcpVersion(), number: 1.5 }]],
    ["versions", [{ ...gcpVersion(), number: 1e9 }]],
    ["role:roles/x", { kms_permissions: [], other_permissions: "many", some_others: [], deleted: false }],
    ["effective_policy:c", { rules: [{ allow_all: "yes" }] }],
    ["perimeters", { perimeters: [], access_levels: [{ name: "l", custom: null, combining: "XOR", conditions: [] }] }],
  ])("refuses %s of another form", (name, value) => {
    expect(isGcpFactValue(name, value)).toBe(false);
  });

  it("leaves alone what nothing reads", () => {
    expect(isGcpFactValue("not_invented_yet", 1)).toBe(true);
    expect(isGcpFactValue("not_invented:part", 1)).toBe(true);
  });
});
