import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { azureKeyAccess } from "../../../src/access/azure/key-access.ts";
import { keyActionsOf } from "../../../src/access/azure/key-actions.ts";
import { askForPrincipal } from "../../../src/access/azure/published-requests.ts";
import { azureCryptoUserRole, azureNeededActions } from "../../../src/guidance/azure-roles.ts";
import type { AzureDenyAssignment, AzureRoleAssignment } from "../../../src/model/azure.ts";
import type { AzureVaultKeyFacts } from "../../../src/model/azure-vault-key.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { Facts } from "../../../src/model/resource.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureDenyAssignment,
  azureKeyVaultAdministratorRole,
  azurePermissions,
  azureReaderRole,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKey,
  testAzureKeyScope,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscriptionScope,
  testAzureVault,
} from "../../support/azure-vault-key.ts";

const keys = "Microsoft.KeyVault/vaults/keys";
const scopes = [
  testAzureKeyScope,
  testAzureVault,
  testAzureResourceGroup,
  testAzureSubscriptionScope,
  "/",
  `${testAzureKeyScope}/versions/1`,
  `${testAzureVault}-2`,
];

const assignment: fc.Arbitrary<AzureRoleAssignment> = fc
  .record({
    scope: fc.constantFrom(...scopes),
    role: fc.constantFrom(azureCryptoUserRole, azureReaderRole, azureKeyVaultAdministratorRole, testAzureCustomRole),
    principal_id: fc.constantFrom(testAzurePrincipal, testAzureStranger, testAzureGroup),
    principal_type: fc.constantFrom("ServicePrincipal", "Group", null),
    condition: fc.constantFrom(null, null, `!(ActionMatches{'${keys}/*'}) OR (@a b c)`, "!(ActionMatches{'x/*'})"),
  })
  .map((changes) => azureAssignment(changes));
const assignments = fc.array(assignment, { maxLength: 4 });

const principal = fc.constantFrom(
  { id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" },
  { id: testAzurePrincipal, type: "ServicePrincipal" },
  { id: testAzureStranger, type: "User" },
  { id: testAzureGroup, type: "Group" },
);
const denial: fc.Arbitrary<AzureDenyAssignment> = fc
  .record({
    scope: fc.constantFrom(...scopes),
    applies_to_child_scopes: fc.boolean(),
    permissions: fc.constantFrom(
      [azurePermissions({ data_actions: ["*"] })],
      [azurePermissions({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/read`] })],
      [azurePermissions({ actions: ["*"] })],
    ),
    principals: fc.array(principal, { maxLength: 2 }),
    excluded: fc.array(principal, { maxLength: 1 }),
    condition: fc.constantFrom(null, null, "@a b c"),
  })
  .map((changes) => azureDenyAssignment(changes));
const denials = fc.array(denial, { maxLength: 2 });

interface Asked {
  readonly assigned: readonly AzureRoleAssignment[];
  readonly denied?: readonly AzureDenyAssignment[];
}

function factsOf({ assigned, denied = [] }: Asked): Facts<"azure.vault-key", keyof AzureVaultKeyFacts> {
  const { facts } = azureVaultKey({
    assignments: known(assigned),
    // Azure resolves groups: whatever it says reaches the principal does.
    principal_assignments: known(assigned),
    deny_assignments: known(denied),
    [azureRoleFact(testAzureCustomRole)]: unreadable("access-denied", "refused"),
  });
  return facts as Facts<"azure.vault-key", keyof AzureVaultKeyFacts>;
}

const rank = { refused: 0, open: 1, allowed: 2 };

function ask(asked: Asked) {
  return askForPrincipal(azureNeededActions, factsOf(asked)).map(({ decision }) => rank[decision]);
}

function notLess(more: readonly number[], less: readonly number[]): boolean {
  return more.every((value, index) => value >= (less[index] ?? 0));
}

function rowsOf(asked: Asked) {
  return azureKeyAccess(factsOf(asked), testAzureKey).rows;
}

/** Each operation that somebody has, with how surely. */
function holdings(asked: Asked): ReadonlySet<string> {
  return new Set(
    rowsOf(asked).flatMap(({ principal: who, operations, decision }) =>
      operations.flatMap((operation) =>
        decision === "allowed"
          ? [`${who} ${operation}`, `${who} ${operation} perhaps`]
          : [`${who} ${operation} perhaps`],
      ),
    ),
  );
}

const runs = { numRuns: 200, seed: 5 };

describe("role assignments", () => {
  it("another one never takes access away", () => {
    const seen = [0, 0, 0];
    fc.assert(
      fc.property(assignments, denials, assignment, (assigned, denied, more) => {
        const before = ask({ assigned, denied });
        for (const value of before) seen[value] = (seen[value] ?? 0) + 1;
        expect(notLess(ask({ assigned: [...assigned, more], denied }), before)).toBe(true);
        const held = holdings({ assigned, denied });
        expect(held.difference(holdings({ assigned: [...assigned, more], denied })).size).toBe(0);
      }),
      runs,
    );
    expect(Math.min(...seen)).toBeGreaterThan(20);
  });

  it("mean the same in any order, in any letters, and said twice", () => {
    fc.assert(
      fc.property(assignments, denials, (assigned, denied) => {
        const answers = ask({ assigned, denied });
        const shouted = assigned.map((one) => ({
          ...one,
          scope: one.scope.toUpperCase(),
          role_definition_id: one.role_definition_id.toUpperCase(),
          principal_id: one.principal_id.toUpperCase(),
        }));
        const deniedToo = denied.map((one) => ({
          ...one,
          scope: one.scope.toUpperCase(),
          principals: one.principals.map(({ id, type }) => ({
            id: id.toUpperCase(),
            type: type?.toLowerCase() ?? null,
          })),
        }));
        expect(ask({ assigned: assigned.toReversed(), denied: denied.toReversed() })).toEqual(answers);
        expect(ask({ assigned: [...assigned, ...assigned], denied })).toEqual(answers);
        expect(ask({ assigned: shouted, denied: deniedToo })).toEqual(answers);
        expect(holdings({ assigned: assigned.toReversed(), denied })).toEqual(holdings({ assigned, denied }));
      }),
      runs,
    );
  });

  it("of another vault are nobody's business", () => {
    fc.assert(
      fc.property(assignments, assignment, (assigned, more) => {
        const beside = { ...more, scope: `${testAzureVault}-2/keys/anthropic` };
        expect(ask({ assigned: [...assigned, beside] })).toEqual(ask({ assigned }));
        expect(rowsOf({ assigned: [...assigned, beside] })).toEqual(rowsOf({ assigned }));
      }),
      runs,
    );
  });
});

describe("deny assignments", () => {
  it("another one never gives anybody anything", () => {
    let taken = 0;
    fc.assert(
      fc.property(assignments, denials, denial, (assigned, denied, more) => {
        const before = ask({ assigned, denied });
        const after = ask({ assigned, denied: [...denied, more] });
        if (after.join() !== before.join()) taken += 1;
        expect(notLess(before, after)).toBe(true);
        const held = holdings({ assigned, denied: [...denied, more] });
        expect(held.difference(holdings({ assigned, denied })).size).toBe(0);
      }),
      { numRuns: 500, seed: 5 },
    );
    expect(taken).toBeGreaterThan(10);
  });
});

describe("roles", () => {
  it("whatever a not-list names is never given", () => {
    const pattern = fc.constantFrom("*", `${keys}/*`, `${keys}/*/action`, "*/read", `${keys}/wrap/action`);
    fc.assert(
      fc.property(fc.array(pattern), fc.array(pattern), pattern, (listed, not, more) => {
        const before = keyActionsOf(azureRole({ data_actions: listed, not_data_actions: not }));
        const after = keyActionsOf(azureRole({ data_actions: listed, not_data_actions: [...not, more] }));
        expect(new Set(after).difference(new Set(before)).size).toBe(0);
        const wider = keyActionsOf(azureRole({ data_actions: [...listed, more], not_data_actions: not }));
        expect(new Set(before).difference(new Set(wider)).size).toBe(0);
      }),
      runs,
    );
  });
});

describe("access policies", () => {
  it("never count beside RBAC, and alone where there is none", () => {
    const permission = fc.constantFrom("get", "wrapkey", "unwrapkey", "all", "list", "purge");
    fc.assert(
      fc.property(assignments, fc.uniqueArray(permission), (assigned, key_permissions) => {
        const vault_access_policies = known([azureAccessPolicy({ key_permissions })]);
        const withRoles = azureVaultKey({ ...factsOf({ assigned }), vault_access_policies }).facts;
        const plain = azureVaultKey({ ...factsOf({ assigned }) }).facts;
        expect(azureKeyAccess(withRoles, testAzureKey).rows).toEqual(azureKeyAccess(plain, testAzureKey).rows);
        const raw = { principal_assignments: known(assigned), vault_access_policies, vault_rbac: known(false) };
        const without = azureVaultKey(raw).facts as Facts<"azure.vault-key", keyof AzureVaultKeyFacts>;
        const has = (...names: readonly string[]) => names.some((one) => key_permissions.includes(one as "all"));
        const given = [has("get", "all"), has("wrapkey", "all"), has("unwrapkey", "all")];
        expect(askForPrincipal(azureNeededActions, without).map(({ decision }) => decision === "allowed")).toEqual(
          given,
        );
      }),
      runs,
    );
  });
});
