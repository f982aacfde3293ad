import { assignmentStaysInForce } from "../../../checks/azure/assignment-stays-in-force.ts";
import { azureCryptoServiceEncryptionUserRole, azureWrapAction } from "../../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import type { AzureAssignmentSchedule, AzureRoleAssignment } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import {
  azureAssignment,
  azureHsmKey,
  azureReaderRole,
  azureRole,
  azureRoleFact,
  azureVaultKey,
  testAzureCustomRole,
  testAzureGroup,
  testAzureKeyScope,
  testAzureVault,
  testAzureVersion,
} from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "");
const documented = azureAssignment();
const narrower = azureAssignment({ role: azureCryptoServiceEncryptionUserRole });
const custom = azureAssignment({ role: testAzureCustomRole });
const customRole = azureRoleFact(testAzureCustomRole);
const reached = (...assignments: readonly AzureRoleAssignment[]) => ({ principal_assignments: known(assignments) });

function schedule(
  { id, scope, principal_id, role_definition_id }: AzureRoleAssignment,
  changes: Partial<AzureAssignmentSchedule> = {},
): AzureAssignmentSchedule {
  const ends = Date.UTC(2027, 1, 1);
  return { assignment_id: id, scope, principal_id, role_definition_id, ends, type: "Assigned", ...changes };
}
const schedules = (...all: readonly AzureAssignmentSchedule[]) => ({ assignment_schedules: known(all) });
const aboutKeys = "@Resource[Microsoft.KeyVault/vaults/keys:name] StringEquals 'x'";

testCheck(assignmentStaysInForce, {
  pass: [
    { name: "the directory knows no ends", resource: azureVaultKey() },
    { name: "no schedule is about it", resource: azureVaultKey(schedules()) },
    { name: "scheduled without an end", resource: azureVaultKey(schedules(schedule(documented, { ends: null }))) },
    {
      name: "one ends and another gives the same for good",
      resource: azureVaultKey({ ...reached(documented, narrower), ...schedules(schedule(documented)) }),
    },
    {
      name: "one ends that does not give what is needed",
      resource: azureVaultKey({
        ...reached(documented, azureAssignment({ role: azureReaderRole })),
        ...schedules(schedule(azureAssignment({ role: azureReaderRole }))),
      }),
    },
    {
      name: "somebody else's ends",
      resource: azureVaultKey(schedules(schedule(azureAssignment({ principal_id: testAzureGroup })))),
    },
    {
      name: "one of the same role elsewhere ends",
      resource: azureVaultKey(schedules(schedule(azureAssignment({ scope: testAzureVault }), { assignment_id: null }))),
    },
    {
      name: "another role of its ends there",
      resource: azureVaultKey(schedules(schedule(narrower, { assignment_id: null }))),
    },
    {
      name: "somebody else's of the same role ends there",
      resource: azureVaultKey(
        schedules(schedule(azureAssignment({ principal_id: testAzureGroup }), { assignment_id: null })),
      ),
    },
    {
      name: "of two schedules one has no end",
      resource: azureVaultKey(schedules(schedule(documented), schedule(documented, { ends: null }))),
    },
    {
      name: "nothing is assigned, and nobody knows whether RBAC is on",
      resource: azureVaultKey({ ...reached(), vault_rbac: denied }),
    },
    { name: "nothing is assigned", resource: azureVaultKey({ ...reached(), assignment_schedules: denied }) },
    {
      name: "access policies have no end",
      resource: azureVaultKey({ vault_rbac: known(false), ...schedules(schedule(documented)) }),
      message: "access policies",
    },
    {
      name: "access policies have no end, and nobody knows the schedules",
      resource: azureVaultKey({ vault_rbac: known(null), assignment_schedules: denied }),
    },
    {
      name: "access policies have no end, and nobody can read them",
      resource: azureVaultKey({
        vault_rbac: known(false),
        vault_access_policies: denied,
        ...schedules(schedule(documented)),
      }),
    },
    {
      name: "a role beside it cannot be read",
      resource: azureVaultKey({ ...reached(documented, custom), [customRole]: denied }),
    },
    {
      name: "what reaches it cannot be read, and it is assigned the role itself",
      resource: azureVaultKey({ principal_assignments: denied }),
    },
    {
      name: "no end, and nobody knows whether RBAC is on",
      resource: azureVaultKey({ vault_rbac: denied }),
    },
    {
      name: "only a version is assigned, which ends otherwise",
      resource: azureVaultKey(reached(azureAssignment({ scope: `${testAzureKeyScope}/versions/${testAzureVersion}` }))),
    },
    { name: "a managed HSM, as far as ARM tells", resource: azureHsmKey(), message: "local RBAC" },
  ],
  fail: [
    {
      name: "it ends",
      resource: azureVaultKey(schedules(schedule(documented))),
      message: "Key Vault Crypto User on the key ends at 2027-02-01T00:00:00Z",
    },
    {
      name: "it ends, and access policies that do nothing cannot be read",
      resource: azureVaultKey({ vault_access_policies: denied, ...schedules(schedule(documented)) }),
    },
    {
      name: "it has ended",
      resource: azureVaultKey(schedules(schedule(documented, { ends: Date.UTC(2026, 0, 1) }))),
      message: "2026-01-01",
    },
    {
      name: "the schedule writes its id in capitals",
      resource: azureVaultKey(schedules(schedule(documented, { assignment_id: documented.id.toUpperCase() }))),
    },
    {
      name: "the schedule does not name the assignment",
      resource: azureVaultKey(schedules(schedule(documented, { assignment_id: null }))),
    },
    {
      name: "an activation of what is only eligible",
      resource: azureVaultKey(schedules(schedule(documented, { type: "Activated" }))),
    },
    {
      name: "an activation, and nobody says until when",
      resource: azureVaultKey(schedules(schedule(documented, { type: "Activated", ends: null }))),
      message: "for a while only",
    },
    {
      name: "of two schedules the later counts",
      resource: azureVaultKey(schedules(schedule(documented), schedule(documented, { ends: Date.UTC(2027, 5, 1) }))),
      message: "2027-06-01",
    },
    {
      name: "through a group",
      resource: azureVaultKey({
        ...reached(azureAssignment({ principal_id: testAzureGroup, principal_type: "Group" })),
        ...schedules(schedule(azureAssignment({ principal_id: testAzureGroup }))),
      }),
    },
    {
      name: "it ends, and what has no end is on a version of the key",
      resource: azureVaultKey({
        ...reached(documented, azureAssignment({ scope: `${testAzureKeyScope}/versions/${testAzureVersion}` })),
        ...schedules(schedule(documented)),
      }),
    },
    {
      name: "both that give it end",
      resource: azureVaultKey({
        ...reached(documented, narrower),
        ...schedules(schedule(documented), schedule(narrower)),
      }),
      message: /Crypto Service Encryption User.*; Key Vault Crypto User/,
    },
    {
      name: "wrap ends, and the rest is given for good",
      resource: azureVaultKey({
        ...reached(documented, custom),
        [customRole]: known(
          azureRole({ data_actions: ["Microsoft.KeyVault/vaults/keys/*"], not_data_actions: [azureWrapAction] }),
        ),
        ...schedules(schedule(documented)),
      }),
    },
    {
      name: "it ends, and so does one whose role cannot be read",
      resource: azureVaultKey({
        ...reached(documented, custom),
        [customRole]: denied,
        ...schedules(schedule(documented), schedule(custom)),
      }),
    },
  ],
  "not-applicable": [
    {
      name: "no service principal",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: known(null) }),
    },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "the schedules cannot be read", resource: azureVaultKey({ assignment_schedules: denied }) },
    {
      name: "it ends, and a role that has no end cannot be read",
      resource: azureVaultKey({
        ...reached(documented, custom),
        [customRole]: denied,
        ...schedules(schedule(documented)),
      }),
    },
    {
      name: "the only role that is assigned cannot be read",
      resource: azureVaultKey({ ...reached(custom), [customRole]: denied, ...schedules(schedule(custom)) }),
    },
    {
      name: "what it is assigned itself ends, and nobody knows what else reaches it",
      resource: azureVaultKey({ principal_assignments: denied, ...schedules(schedule(documented)) }),
    },
    {
      name: "it ends, and what has no end has a condition",
      resource: azureVaultKey({
        ...reached(documented, azureAssignment({ role: azureCryptoServiceEncryptionUserRole, condition: aboutKeys })),
        ...schedules(schedule(documented)),
      }),
    },
    {
      name: "it ends, and nobody knows whether RBAC is on",
      resource: azureVaultKey({ vault_rbac: denied, ...schedules(schedule(documented)) }),
    },
    {
      name: "nobody knows who it is",
      resource: azureVaultKey({ [`application:${anthropicAzureApplication}`]: denied }),
    },
  ],
});
