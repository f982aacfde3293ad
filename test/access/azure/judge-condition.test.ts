import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { letsThrough } from "../../../src/access/azure/judge-condition.ts";

const wrap = "Microsoft.KeyVault/vaults/keys/wrap/action";
const assign = "Microsoft.Authorization/roleAssignments/write";
const secrets = "!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})";
const attribute = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'test-app'";
/** As the portal writes it where somebody may assign certain roles only. */
const constrained = `(
 (
  !(ActionMatches{'${assign}'})
 )
 OR
 (
  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {12338af0-0e69-4776-bea7-57ae8d297424, e147488a-f6f5-4113-8e2d-b22465e65bf6}
  AND
  @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
 )
 OR
 (
  @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
 )
)`;

describe("letsThrough", () => {
  it.each([
    ["none", null],
    ["an empty one", " \n"],
    ["one about secrets", `((${secrets}) OR (${attribute}))`],
    ["one about secrets, in words and signs", `(${secrets}) || ((${attribute}) && (${attribute}))`],
    [
      "two actions that are not meant",
      `(${secrets} AND !(ActionMatches{'Microsoft.KeyVault/vaults/certificates/*'})) OR (${attribute})`,
    ],
    ["one about assignments", constrained],
    ["NOT for !", `NOT (ActionMatches{'${assign}'}) or (${attribute})`],
    ["brackets in a text", `${secrets} OR (@Resource[x:y] StringEquals ') OR (')`],
    ["a guard without brackets", "!ActionMatches{'Microsoft.Storage/*'}"],
  ])("lets what it is not about through: %s", (_, condition) => {
    expect(letsThrough(condition, wrap)).toBe("yes");
  });

  it.each([
    ["one that names the action", `!(ActionMatches{'${wrap}'}) OR (${attribute})`],
    [
      "one that names all actions of keys, in other letters",
      `!(ActionMatches{'microsoft.keyvault/vaults/KEYS/*'}) OR (${attribute})`,
    ],
    ["one that names everything", `!(ActionMatches{'*'}) OR (${attribute})`],
    ["attributes alone", attribute],
    ["a guard, and attributes beside it", `(${secrets}) AND (${attribute})`],
    ["only other actions are let through", "ActionMatches{'Microsoft.KeyVault/vaults/secrets/*'}"],
    ["what asks whether an attribute is there", "NOT Exists @Resource[x:y]"],
    ["no guard at all", "1 NumericEquals 1"],
    ["a bracket that is not closed", `(${secrets} OR (${attribute})`],
    ["a bracket too many", `(${secrets}))`],
    ["nothing after OR", `${secrets} OR`],
    ["two parts without a word between", `${secrets} ${secrets}`],
    ["a guard that is none", "!(ActionMatches{wrap})"],
    ["a guard without its action", "!(ActionMatches)"],
    ["a quote that is not closed", `${secrets} OR @Resource[x:y] StringEquals 'a`],
    ["words that nobody knows", `${secrets} XOR (${attribute})`],
  ])("does not know of %s", (_, condition) => {
    expect(letsThrough(condition, wrap)).toBe("conditional");
  });

  it("hangs on what it is about", () => {
    expect(letsThrough(constrained, assign)).toBe("conditional");
  });

  it("ends whatever it is given, and lets nothing through for certain but what is about something else", () => {
    const part = fc.constantFrom("(", ")", "!", "AND", "OR", "NOT", "&&", "||", secrets, attribute, "'", "{", "[", "x");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const answer = letsThrough(parts.join(" "), wrap);
        // What is about something else is let through however it is put together; nothing else is.
        if (answer === "yes" && parts.length > 0) expect(parts).toContain(secrets);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
