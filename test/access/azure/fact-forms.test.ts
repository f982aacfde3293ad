import { describe, expect, it } from "vitest";
import { azureDerivedSources } from "../../../src/access/azure/derive.ts";
import { isAzureFactValue } from "../../../src/access/azure/fact-forms.ts";
import { known } from "../../../src/model/fact.ts";
import {
  azureAccessPolicy,
  azureDenyAssignment,
  azureFirewall,
  azurePerimeter,
  azurePermissions,
  azureServicePrincipal,
  azureVaultKey,
  testAzureKeyScope,
} from "../../support/azure-vault-key.ts";

const right = { kind: "directory-role", name: "Reader", on: null };
const { facts } = azureVaultKey({
  deletion: known({ of: "key", deleted: 1, purged: null }),
  deny_assignments: known([azureDenyAssignment()]),
  principal_deny_assignments: known(["d"]),
  assignment_schedules: known([
    {
      assignment_id: null,
      scope: testAzureKeyScope,
      principal_id: "p",
      role_definition_id: "r",
      ends: 1,
      type: "Activated",
    },
  ]),
  vault_firewall: known(azureFirewall()),
  vault_access_policies: known([azureAccessPolicy()]),
  private_endpoints: known([{ id: "e", status: "Approved" }]),
  perimeters: known([azurePerimeter(["160.79.104.0/21"])]),
  "application:a": known(
    azureServicePrincipal({ credentials: [{ kind: "password", id: "1", name: null, ends: null }] }),
  ),
  "application_owners:a": known([{ object_id: "o", display_name: null }]),
  "application_roles:a": known([right]),
  "application_grants:a": known([right]),
  "application_directory_roles:a": known([right]),
});
const raw = Object.entries(facts).filter(
  ([name]) => !Object.hasOwn(azureDerivedSources, name) && name !== "registration",
);

describe("isAzureFactValue", () => {
  it.each(raw)("takes %s as it is read, and nothing else", (name, fact) => {
    if (fact.state === "unreadable") throw new Error(fact.detail);
    expect(isAzureFactValue(name, fact.value)).toBe(true);
    expect(isAzureFactValue(name, [1])).toBe(false);
    expect(isAzureFactValue(name, { of: "something else" })).toBe(name === "tags");
  });

  it.each([
    ["existence", "gone"],
    ["deletion", { of: "subscription", deleted: null, purged: null }],
    ["vault", { id: "i", kind: "safe", uri: "u" }],
    ["role_definition:x", { name: "n", type: "t", permissions: [{ actions: [] }] }],
    ["application:x", { ...azureServicePrincipal(), credentials: [{ kind: "key", id: "1", name: null, ends: null }] }],
    ["deny_assignments", [{ ...azureDenyAssignment(), principals: ["p"] }]],
    ["deny_assignments", [azureDenyAssignment({ permissions: [{ ...azurePermissions({}), condition: 1 as never }] })]],
  ])("refuses %s of a wrong form", (name, value) => {
    expect(isAzureFactValue(name, value)).toBe(false);
  });

  it("takes permissions that are denied under a condition", () => {
    const permissions = [{ ...azurePermissions({}), condition: "@x" }];
    expect(isAzureFactValue("deny_assignments", [azureDenyAssignment({ permissions })])).toBe(true);
  });

  it("lets through what this version does not know", () => {
    expect(isAzureFactValue("vault_colour", 1)).toBe(true);
    expect(isAzureFactValue("key_type:part", 1)).toBe(true);
  });
});
