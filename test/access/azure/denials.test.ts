import { describe, expect, it } from "vitest";
import { denialsOf } from "../../../src/access/azure/denials.ts";
import { azureKeyParts } from "../../../src/access/azure/key-name.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureDeniedPrincipal } from "../../../src/model/azure.ts";
import type { AzurePublishedPrincipal } from "../../../src/model/azure-access.ts";
import { type Fact, known, unreadable } from "../../../src/model/fact.ts";
import {
  azureDenyAssignment,
  testAzureGroup,
  testAzureKeyUri,
  testAzurePrincipal,
  testAzureStranger,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const refused = unreadable("access-denied", "refused");
const home = { key: azureKeyParts(testAzureKeyUri), vault_id: testAzureVault };
const principal = known({
  application_id: anthropicAzureApplication,
  published: true,
  object_id: testAzurePrincipal,
  known_from: "directory" as const,
});
const everybody = { id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" };
const itself = { id: testAzurePrincipal.toUpperCase(), type: "ServicePrincipal" };
const another = { id: testAzureStranger, type: "serviceprincipal" };
const group = { id: testAzureGroup, type: "Group" };
const user = { id: testAzureStranger, type: "User" };
const stranger = { id: testAzureStranger, type: "Robot" };
const unnamed = { id: testAzureStranger, type: null };
const { id } = azureDenyAssignment();

interface Case {
  readonly principals: readonly AzureDeniedPrincipal[];
  readonly excluded?: readonly AzureDeniedPrincipal[];
  readonly about?: Fact<readonly string[]>;
  readonly who?: Fact<AzurePublishedPrincipal | null>;
}

function named({ principals, excluded = [], about = known([]), who = principal }: Case) {
  const [denial] = denialsOf([azureDenyAssignment({ principals, excluded })], home, who, about);
  return denial?.names_principal;
}

describe("whether a deny assignment is about the service principal", () => {
  it.each<[string, Case]>([
    ["everybody", { principals: [everybody] }],
    ["everybody, and nobody knows who it is", { principals: [everybody], who: refused }],
    ["everybody but a user", { principals: [everybody], excluded: [user] }],
    ["everybody but another application", { principals: [everybody], excluded: [another] }],
    ["itself, in other letters", { principals: [itself] }],
    ["a group that Azure says it is in", { principals: [group], about: known([id.toUpperCase()]) }],
    ["Azure says so, and nobody knows who it is", { principals: [group], about: known([id]), who: refused }],
  ])("yes: %s", (_, asked) => expect(named(asked)).toBe("yes"));

  it.each<[string, Case]>([
    ["nobody", { principals: [] }],
    ["another application", { principals: [another] }],
    ["another application, whatever Azure was asked", { principals: [another], about: refused }],
    ["a user, and nobody knows who it is", { principals: [user], who: refused, about: refused }],
    ["a group that Azure does not name", { principals: [group] }],
    ["a type that nobody knows, which Azure does not name", { principals: [stranger] }],
    ["everybody but itself", { principals: [everybody], excluded: [itself] }],
    ["its group, but not itself", { principals: [group], excluded: [itself], about: known([id]) }],
    ["everybody, where the tenant has no such principal", { principals: [everybody], who: known(null) }],
    ["everybody but everybody", { principals: [everybody], excluded: [everybody] }],
  ])("no: %s", (_, asked) => expect(named(asked)).toBe("no"));

  it.each<[string, Case]>([
    ["everybody but a group", { principals: [everybody], excluded: [group] }],
    ["everybody but a type that nobody knows", { principals: [everybody], excluded: [stranger] }],
    ["everybody but a type that Azure does not tell", { principals: [everybody], excluded: [unnamed] }],
    ["itself, but not a group", { principals: [itself], excluded: [group] }],
    ["a group, and Azure could not be asked", { principals: [group], about: refused }],
    ["a type that nobody knows, and Azure could not be asked", { principals: [stranger], about: refused }],
    ["an application, and nobody knows which it is", { principals: [another], who: refused }],
    [
      "everybody but an application, and nobody knows which it is",
      { principals: [everybody], excluded: [another], who: refused },
    ],
  ])("undecided: %s", (_, asked) => expect(named(asked)).toBe("undecided"));
});
