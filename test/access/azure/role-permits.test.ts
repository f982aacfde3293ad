import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAction, permitsAction, permitsDataAction } from "../../../src/access/azure/role-permits.ts";
import { azurePermissions, azureRole } from "../../support/azure-vault-key.ts";

const wrap = "Microsoft.KeyVault/vaults/keys/wrap/action";

describe("matchesAction", () => {
  it.each([
    [wrap, wrap, true],
    ["microsoft.keyvault/VAULTS/keys/Wrap/Action", wrap, true],
    ["*", wrap, true],
    ["Microsoft.KeyVault/*", wrap, true],
    ["*/action", wrap, true],
    ["Microsoft.KeyVault/*/wrap/action", wrap, true],
    ["Microsoft.KeyVault/*/keys/*/action", wrap, true],
    ["Microsoft.KeyVault/vaults/keys/*", wrap, true],
    ["Microsoft.KeyVault/vaults/keys", wrap, false],
    ["Microsoft.KeyVault/vaults/keys/unwrap/action", wrap, false],
    ["Microsoft.KeyVault/vaults/keys/*/read", wrap, false],
    ["*/read", wrap, false],
    ["Microsoft.Storage/*", wrap, false],
    // What begins and ends the pattern may not overlap.
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["", "", true],
    // A dot is a dot.
    ["Microsoft?KeyVault/*", wrap, false],
    ["MicrosoftXKeyVault/*", wrap, false],
  ])("%s on %s: %s", (pattern, action, matches) => {
    expect(matchesAction(pattern, action)).toBe(matches);
  });

  it("is what a regular expression would say", () => {
    const piece = fc.stringMatching(/^[aAb*/.]{0,7}$/);
    let hits = 0;
    fc.assert(
      fc.property(piece, piece, (pattern, action) => {
        const text = action.replaceAll("*", "b");
        const escaped = pattern.replaceAll(/[.*/]/g, (sign) => (sign === "*" ? ".*" : `\\${sign}`));
        const expected = new RegExp(`^${escaped}$`, "is").test(text);
        if (expected) hits += 1;
        expect(matchesAction(pattern, text)).toBe(expected);
      }),
      { numRuns: 2000, seed: 3 },
    );
    expect(hits).toBeGreaterThan(50);
  });

  it("tells of another pattern whether it is taken in whole", () => {
    expect(matchesAction("Microsoft.KeyVault/*", "Microsoft.KeyVault/vaults/*")).toBe(true);
    expect(matchesAction("Microsoft.KeyVault/vaults/*", "Microsoft.KeyVault/*")).toBe(false);
    expect(matchesAction("*/read", "*")).toBe(false);
  });
});

describe("what a role permits", () => {
  it("tells actions from actions on data", () => {
    const role = azureRole({ actions: ["Microsoft.KeyVault/*"] });
    expect(permitsAction(role, "Microsoft.KeyVault/vaults/write")).toBe(true);
    expect(permitsDataAction(role, wrap)).toBe(false);
    expect(permitsDataAction(azureRole({ data_actions: ["*"] }), wrap)).toBe(true);
    expect(permitsAction(azureRole({ data_actions: ["*"] }), "Microsoft.KeyVault/vaults/write")).toBe(false);
  });

  it("a not-list takes away from the list beside it", () => {
    const role = azureRole({ data_actions: ["Microsoft.KeyVault/*"], not_data_actions: ["*/WRAP/action"] });
    expect(permitsDataAction(role, wrap)).toBe(false);
    expect(permitsDataAction(role, "Microsoft.KeyVault/vaults/keys/unwrap/action")).toBe(true);
  });

  it("a not-list takes nothing away from another set of permissions", () => {
    const set = { ...azurePermissions({ data_actions: [wrap] }) };
    const role = azureRole(
      {},
      { permissions: [azurePermissions({ data_actions: ["*"], not_data_actions: ["*"] }), set] },
    );
    expect(permitsDataAction(role, wrap)).toBe(true);
  });

  it("not-lists only take away", () => {
    const patterns = fc.array(fc.constantFrom("*", "*/action", "*/read", wrap, "Microsoft.KeyVault/vaults/keys/*"));
    fc.assert(
      fc.property(patterns, patterns, patterns, fc.constantFrom(wrap, "a/read", "b"), (listed, not, more, action) => {
        const less = azureRole({ data_actions: listed, not_data_actions: [...not, ...more] });
        const before = azureRole({ data_actions: listed, not_data_actions: not });
        if (permitsDataAction(less, action)) expect(permitsDataAction(before, action)).toBe(true);
      }),
    );
  });
});
