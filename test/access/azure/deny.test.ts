import { describe, expect, it } from "vitest";
import { holderDenial, principalDenial } from "../../../src/access/azure/deny.ts";
import type { AzureDenyAssignment } from "../../../src/model/azure.ts";
import type { AzureDenial } from "../../../src/model/azure-access.ts";
import {
  azureDenyAssignment,
  azurePermissions,
  testAzureGroup,
  testAzurePrincipal,
  testAzureStranger,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const wrap = "Microsoft.KeyVault/vaults/keys/wrap/action";
const keys = "Microsoft.KeyVault/vaults/keys";

function denial(
  changes: Partial<AzureDenyAssignment> = {},
  names_principal: AzureDenial["names_principal"] = "yes",
): AzureDenial {
  return { ...azureDenyAssignment(changes), level: { kind: "vault", scope: testAzureVault }, names_principal };
}

const everyKeyAction = azurePermissions({ data_actions: [`${keys}/*`] });

function taking(permissions: Parameters<typeof azurePermissions>[0]) {
  return { permissions: [azurePermissions(permissions)] };
}

describe("what deny assignments take away from the service principal", () => {
  it.each([
    ["data actions by a wildcard", {}],
    ["the action itself, in other letters", taking({ data_actions: [wrap.toUpperCase()] })],
    ["everything but another", taking({ data_actions: ["*"], not_data_actions: [`${keys}/read`] })],
    ["by one of two sets", { permissions: [azurePermissions({}), azurePermissions({ data_actions: [wrap] })] }],
    [
      "by one of two sets, the other with a condition",
      { permissions: [{ ...everyKeyAction, condition: "@x y z" }, everyKeyAction] },
    ],
    [
      "by a set, beside one of something else with a condition",
      {
        permissions: [
          { ...azurePermissions({ data_actions: ["Microsoft.Storage/*"] }), condition: "@x" },
          everyKeyAction,
        ],
      },
    ],
    ["under a condition about something else", { condition: "!(ActionMatches{'Microsoft.Storage/*'}) OR (@x y z)" }],
  ])("surely: %s", (_, changes) => {
    expect(principalDenial([denial(changes)], wrap)).toMatchObject({ decision: "denied", on: [] });
  });

  it.each([
    ["actions of ARM's", taking({ actions: ["*"] })],
    ["data actions of something else", taking({ data_actions: ["Microsoft.Storage/*"] })],
    ["another data action", taking({ data_actions: [`${keys}/unwrap/action`] })],
    ["everything but this", taking({ data_actions: ["*"], not_data_actions: [wrap] })],
  ])("not: %s", (_, changes) => {
    expect(principalDenial([denial(changes)], wrap)).toEqual({ decision: "spared", on: [], denials: [] });
  });

  it("not: from somebody else", () => {
    expect(principalDenial([denial({}, "no")], wrap).decision).toBe("spared");
  });

  it("perhaps: from whom nobody knows, and under a condition", () => {
    expect(
      principalDenial([denial({ name: "a" }, "undecided"), denial({ name: "b", condition: "x" })], wrap),
    ).toMatchObject({
      decision: "conditional",
      on: ["the condition of the deny assignment b", "whom the deny assignment a is about"],
      denials: [{ name: "a" }, { name: "b" }],
    });
  });

  it.each([
    ["the set that takes it away has a condition", { permissions: [{ ...everyKeyAction, condition: "@x y z" }] }],
    [
      "each set that takes it away has one",
      { permissions: ["@x", "@y"].map((condition) => ({ ...everyKeyAction, condition })) },
    ],
    ["the set has none, and the whole has one", { permissions: [everyKeyAction], condition: "@x" }],
  ])("perhaps: %s", (_, changes) => {
    expect(principalDenial([denial({ name: "a", ...changes })], wrap)).toMatchObject({
      decision: "conditional",
      on: ["the condition of the deny assignment a"],
    });
  });

  it("one that surely does beats all others", () => {
    const all = [denial({ name: "a" }, "undecided"), denial({ name: "b" }), denial({ name: "c", condition: "x" })];
    const answer = principalDenial(all, wrap);
    expect([answer.decision, answer.denials.map(({ name }) => name)]).toEqual(["denied", ["b"]]);
  });
});

describe("what deny assignments take away from somebody else", () => {
  const everybody = { id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" };
  const user = { principal_id: testAzureStranger.toUpperCase(), principal_type: "User" };
  const group = { principal_id: testAzureGroup, principal_type: "Group" };
  const named = { id: testAzureStranger, type: "User" };
  const itsGroup = { id: testAzureGroup, type: "Group" };
  const other = { id: testAzurePrincipal, type: "ServicePrincipal" };

  it.each([
    ["everybody", user, [everybody], [], "denied"],
    ["everybody but another", user, [everybody], [other], "denied"],
    ["everybody but himself", user, [everybody], [named], "spared"],
    ["everybody but a group", user, [everybody], [itsGroup], "conditional"],
    ["himself", user, [named], [], "denied"],
    ["a group", user, [itsGroup], [], "conditional"],
    ["another", user, [other], [], "spared"],
    ["himself and another", user, [other, named], [], "denied"],
    ["another and a group", user, [other, itsGroup], [], "conditional"],
    ["the group", group, [itsGroup], [], "denied"],
    ["somebody who may be in the group", group, [named], [], "spared"],
    ["the group but somebody", group, [itsGroup], [named], "conditional"],
    [
      "everybody, of a kind that nobody knows, but somebody",
      { ...user, principal_id: "x", principal_type: "Robot" },
      [everybody],
      [named],
      "conditional",
    ],
  ])("%s", (_, holder, principals, excluded, decision) => {
    expect(holderDenial([denial({ principals, excluded })], wrap, holder).decision).toBe(decision);
  });
});
