/** Laws of the checks on who may do what, over sets of assignments that nobody thought of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignmentStaysInForce } from "../../../checks/azure/assignment-stays-in-force.ts";
import { grantScopedToKey } from "../../../checks/azure/grant-scoped-to-key.ts";
import { noBlockingDeny } from "../../../checks/azure/no-blocking-deny.ts";
import { noLookalikePrincipal } from "../../../checks/azure/no-lookalike-principal.ts";
import { noUnexpectedPrincipal } from "../../../checks/azure/no-unexpected-principal.ts";
import { servicePrincipalCanWrap } from "../../../checks/azure/service-principal-can-wrap.ts";
import { servicePrincipalLeastPrivilege } from "../../../checks/azure/service-principal-least-privilege.ts";
import type { Check, CheckContext } from "../../../src/check/define-check.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { azureCryptoUserRole } from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureRoleAssignment } from "../../../src/model/azure.ts";
import { type FactsByName, known, unreadable } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import type { OutcomeName } from "../../../src/model/outcome.ts";
import {
  arbitraryAssignment,
  arbitraryAssignments,
  arbitraryDenyAssignment,
  arbitrarySetting,
  factsOf,
  isAboveVersions,
  reachesPrincipal,
} from "../../support/arbitrary-azure-access.ts";
import {
  azureCryptoOfficerRole,
  azureOwnerRole,
  azureReaderRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
} from "../../support/azure-vault-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "refused");

/** Fail on the first proof that somebody has too much. */
const overPermission = [grantScopedToKey, servicePrincipalLeastPrivilege, noUnexpectedPrincipal, noLookalikePrincipal];
const all = [...overPermission, servicePrincipalCanWrap, assignmentStaysInForce, noBlockingDeny];

function ask(check: Check, facts: FactsByName): OutcomeName {
  const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };
  return runCheck(check, azureVaultKey(facts).facts, context).outcome;
}

const runs = { numRuns: 150, seed: 17 };

describe("another assignment", () => {
  it.each(overPermission)("never mends $id", (check) => {
    let failed = 0;
    fc.assert(
      fc.property(arbitraryAssignments, arbitraryAssignment, arbitrarySetting, (list, more, given) => {
        if (ask(check, factsOf(list, given)) !== "fail") return;
        failed += 1;
        expect(ask(check, factsOf([...list, more], given))).toBe("fail");
      }),
      runs,
    );
    expect(failed).toBeGreaterThan(20);
  });

  it("never takes from the service principal what it may", () => {
    let passed = 0;
    fc.assert(
      fc.property(arbitraryAssignments, arbitraryAssignment, arbitrarySetting, (list, more, given) => {
        if (ask(servicePrincipalCanWrap, factsOf(list, given)) !== "pass") return;
        passed += 1;
        expect(ask(servicePrincipalCanWrap, factsOf([...list, more], given))).toBe("pass");
      }),
      runs,
    );
    expect(passed).toBeGreaterThan(20);
  });
});

describe("another deny assignment", () => {
  it("never lets the service principal wrap", () => {
    const seen = { pass: 0, fail: 0, unknown: 0, "not-applicable": 0, error: 0 };
    fc.assert(
      fc.property(arbitraryAssignments, arbitraryDenyAssignment, arbitrarySetting, (list, more, given) => {
        const before = ask(servicePrincipalCanWrap, factsOf(list, given));
        const after = ask(servicePrincipalCanWrap, factsOf(list, { ...given, denies: [...given.denies, more] }));
        seen[before] += 1;
        if (before !== "pass") expect(after).not.toBe("pass");
        if (before === "fail") expect(after).toBe("fail");
      }),
      { ...runs, numRuns: 300 },
    );
    expect(Math.min(seen.pass, seen.fail, seen.unknown)).toBeGreaterThan(20);
  });

  it("never mends azure/no-blocking-deny", () => {
    let failed = 0;
    fc.assert(
      fc.property(arbitraryAssignments, arbitraryDenyAssignment, arbitrarySetting, (list, more, given) => {
        if (ask(noBlockingDeny, factsOf(list, given)) !== "fail") return;
        failed += 1;
        expect(ask(noBlockingDeny, factsOf(list, { ...given, denies: [...given.denies, more] }))).toBe("fail");
      }),
      { ...runs, numRuns: 300 },
    );
    expect(failed).toBeGreaterThan(10);
  });

  it("changes nothing of who has too much", () => {
    fc.assert(
      fc.property(arbitraryAssignments, arbitraryDenyAssignment, arbitrarySetting, (list, more, given) => {
        const denies = [...given.denies, more];
        for (const check of overPermission) {
          expect(ask(check, factsOf(list, { ...given, denies }))).toBe(ask(check, factsOf(list, given)));
        }
      }),
      { ...runs, numRuns: 60 },
    );
  });
});

describe("what cannot be read", () => {
  const parts = [
    "assignments",
    "principal_assignments",
    "assigned_applications",
    "assignment_schedules",
    "deny_assignments",
    "vault_rbac",
    "vault_access_policies",
    "vault_keys",
    `application:${anthropicAzureApplication}`,
    azureRoleFact(testAzureCustomRole),
    azureRoleFact(azureCryptoUserRole),
    azureRoleFact(azureCryptoOfficerRole),
    azureRoleFact(azureOwnerRole),
    azureRoleFact(azureReaderRole),
  ];

  it.each(all)("never makes $id pass", (check) => {
    const seen = { held: 0, lost: 0 };
    fc.assert(
      fc.property(
        arbitraryAssignments,
        arbitrarySetting,
        fc.subarray(parts, { minLength: 1, maxLength: 3 }),
        (list, given, missing) => {
          const facts = factsOf(list, given);
          const before = ask(check, facts);
          if (before === "pass" || before === "not-applicable") return;
          const after = ask(check, { ...facts, ...Object.fromEntries(missing.map((name) => [name, denied])) });
          expect(after).not.toBe("pass");
          seen[after === before ? "held" : "lost"] += 1;
        },
      ),
      { ...runs, numRuns: 300 },
    );
    expect(seen.held).toBeGreaterThan(5);
  });
});

describe("the same assignments", () => {
  const shouted = (list: readonly AzureRoleAssignment[]) =>
    list.map((one) => ({
      ...one,
      id: one.id.toUpperCase(),
      scope: one.scope.toUpperCase(),
      principal_id: one.principal_id.toUpperCase(),
      role_definition_id: one.role_definition_id.toUpperCase(),
    }));

  it("mean the same in any order, said twice, and in capitals", () => {
    fc.assert(
      fc.property(arbitraryAssignments, arbitrarySetting, (list, given) => {
        const facts = factsOf(list, given);
        const others = [list.toReversed(), [...list, ...list], shouted(list)].map((other) => ({
          ...facts,
          assignments: known(other.filter(isAboveVersions)),
          principal_assignments: known(
            other.filter((one) => reachesPrincipal({ ...one, principal_id: one.principal_id.toLowerCase() })),
          ),
        }));
        for (const check of all) {
          for (const other of others) expect(ask(check, other)).toBe(ask(check, facts));
        }
      }),
      { ...runs, numRuns: 60 },
    );
  });
});
