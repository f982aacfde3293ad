/** Whatever is offered against failures of who may do what, it never locks the service principal out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantScopedToKey } from "../../checks/azure/grant-scoped-to-key.ts";
import { noLookalikePrincipal } from "../../checks/azure/no-lookalike-principal.ts";
import { noUnexpectedPrincipal } from "../../checks/azure/no-unexpected-principal.ts";
import { servicePrincipalCanWrap } from "../../checks/azure/service-principal-can-wrap.ts";
import { servicePrincipalLeastPrivilege } from "../../checks/azure/service-principal-least-privilege.ts";
import type { CheckContext } from "../../src/check/define-check.ts";
import { offerCommands } from "../../src/check/offer-correction.ts";
import { runCheck } from "../../src/check/run-check.ts";
import { azureCryptoServiceEncryptionUserRole, azureCryptoUserRole } from "../../src/guidance/azure-roles.ts";
import type { AzureRoleAssignment } from "../../src/model/azure.ts";
import { type FactsByName, known } from "../../src/model/fact.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import {
  arbitraryAssignments,
  arbitrarySetting,
  factsOf,
  isAboveVersions,
  reachesPrincipal,
} from "../support/arbitrary-azure-access.ts";
import { azureAssignment, azureVaultKey } from "../support/azure-vault-key.ts";
import { testSettings, testTime } from "../support/check-tester.ts";
import { shellWords } from "../support/gcloud/shell-words.ts";

type Changes = FactsByName;
const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };

/** What role assignments come to by one command. */
function after(list: readonly AzureRoleAssignment[], command: string): readonly AzureRoleAssignment[] {
  const words = shellWords(command);
  const value = (name: string) => words[words.indexOf(name) + 1] ?? "";
  if (words[3] === "delete") return list.filter(({ id }) => id !== value("--ids"));
  expect(words.slice(0, 4)).toEqual(["az", "role", "assignment", "create"]);
  const role = value("--role") === "Key Vault Crypto User" ? azureCryptoUserRole : azureCryptoServiceEncryptionUserRole;
  const added = azureAssignment({ role, principal_id: value("--assignee-object-id"), scope: value("--scope") });
  expect(list.map(({ id }) => id)).not.toContain(added.id);
  return [...list, added];
}

describe("the commands", () => {
  const offering = [grantScopedToKey, servicePrincipalLeastPrivilege, noUnexpectedPrincipal, noLookalikePrincipal];

  it.each(offering)("of $id never lock the service principal out, one after the other", (check) => {
    let offered = 0;
    const ask = (facts: Changes) => runCheck(servicePrincipalCanWrap, azureVaultKey(facts).facts, context).outcome;
    fc.assert(
      fc.property(arbitraryAssignments, arbitrarySetting, (list, setting) => {
        const facts = factsOf(list, { ...setting, key_permissions: ["decrypt"] });
        if (ask(facts) !== "pass") return;
        let now: readonly AzureRoleAssignment[] = list;
        for (const command of offerCommands(check, azureVaultKey(facts).facts, context) ?? []) {
          offered += 1;
          now = after(now, command);
          const changed = {
            ...facts,
            assignments: known(now.filter(isAboveVersions)),
            principal_assignments: known(now.filter(reachesPrincipal)),
          };
          expect(ask(changed), command).toBe("pass");
        }
      }),
      { numRuns: 300, seed: 19 },
    );
    expect(offered).toBeGreaterThan(5);
  });
});
