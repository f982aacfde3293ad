/** What is offered against failures of who may do what. */
import { describe, expect, it } from "vitest";
import { assignmentStaysInForce } from "../../checks/azure/assignment-stays-in-force.ts";
import { grantScopedToKey } from "../../checks/azure/grant-scoped-to-key.ts";
import { noLookalikePrincipal } from "../../checks/azure/no-lookalike-principal.ts";
import { noUnexpectedPrincipal } from "../../checks/azure/no-unexpected-principal.ts";
import { servicePrincipalCanWrap } from "../../checks/azure/service-principal-can-wrap.ts";
import { servicePrincipalLeastPrivilege } from "../../checks/azure/service-principal-least-privilege.ts";
import { servicePrincipalPresent } from "../../checks/azure/service-principal-present.ts";
import { servicePrincipalWithoutLocalCredentials } from "../../checks/azure/service-principal-without-local-credentials.ts";
import type { Check, CheckContext } from "../../src/check/define-check.ts";
import { offerCommands } from "../../src/check/offer-correction.ts";
import { azureCryptoServiceEncryptionUserRole } from "../../src/guidance/azure-roles.ts";
import { anthropicAzureApplication, anthropicAzureApplicationName } from "../../src/guidance/identifiers.ts";
import type { AzureRoleAssignment } from "../../src/model/azure.ts";
import { type FactsByName, known, unreadable } from "../../src/model/fact.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import {
  azureAccessPolicy,
  azureAssignment,
  azureAssignmentsWith,
  azureDenyAssignment,
  azureOwnerRole,
  azureReaderRole,
  azureRegistration,
  azureServicePrincipal,
  azureVaultKey,
  testAzureGroup,
  testAzureKeyScope,
  testAzurePrincipal,
  testAzureResourceGroup,
  testAzureStranger,
  testAzureSubscription,
  testAzureVault,
} from "../support/azure-vault-key.ts";
import { testSettings, testTime } from "../support/check-tester.ts";

const context: CheckContext = { at: testTime, guidance: newestGuidance, settings: testSettings };
const application = `application:${anthropicAzureApplication}`;
const otherId = "11111111-2222-4333-8444-555555555555";
const noVault = { vault: unreadable("access-denied", ""), registration: known(azureRegistration()) };
const assign = `az role assignment create --assignee-object-id ${testAzurePrincipal} --assignee-principal-type ServicePrincipal --role 'Key Vault Crypto User' --scope ${testAzureKeyScope}`;
const remove = ({ id }: AzureRoleAssignment) => `az role assignment delete --ids ${id}`;

type Changes = FactsByName;
const toPrincipal = (...all: readonly AzureRoleAssignment[]) => ({
  assignments: known(all),
  principal_assignments: known(all),
});
const documented = azureAssignment();
const onGroup = azureAssignment({ scope: testAzureResourceGroup });
const owner = azureAssignment({ role: azureOwnerRole });
const narrower = azureAssignment({ role: azureCryptoServiceEncryptionUserRole });
const group = { principal_id: testAzureGroup, principal_type: "Group" };
const stranger = azureAssignment({ principal_id: testAzureStranger, principal_type: "User" });
const byGroup = azureAssignment(group);
const schedule = {
  assignment_id: documented.id,
  scope: documented.scope,
  principal_id: documented.principal_id,
  role_definition_id: documented.role_definition_id,
  ends: Date.UTC(2027, 1, 1),
  type: "Assigned",
};

interface Scenario {
  readonly name: string;
  readonly check: Check;
  readonly facts: Changes;
  readonly commands: readonly string[] | undefined;
}

const scenarios: readonly Scenario[] = [
  {
    name: "no service principal",
    check: servicePrincipalPresent,
    facts: { [application]: known(null) },
    commands: [`az ad sp create --id ${anthropicAzureApplication}`],
  },
  {
    name: "none of an application that is not the published one",
    check: servicePrincipalPresent,
    facts: {
      registration: known(azureRegistration({}, { client_id: otherId })),
      [`application:${otherId}`]: known(null),
    },
    commands: undefined,
  },
  {
    name: "a disabled one",
    check: servicePrincipalPresent,
    facts: { [application]: known(azureServicePrincipal({ enabled: false })) },
    commands: [`az ad sp update --id ${testAzurePrincipal} --set accountEnabled=true`],
  },
  {
    name: "one of another name",
    check: servicePrincipalPresent,
    facts: { [application]: known(azureServicePrincipal({ display_name: "Backup" })) },
    commands: undefined,
  },
  {
    name: "local credentials",
    check: servicePrincipalWithoutLocalCredentials,
    facts: {
      [application]: known(
        azureServicePrincipal({
          credentials: [
            { kind: "password", id: "p1", name: null, ends: null },
            { kind: "certificate", id: "c1", name: "ci", ends: null },
          ],
        }),
      ),
    },
    commands: [
      `az ad sp credential delete --id ${testAzurePrincipal} --key-id p1`,
      `az ad sp credential delete --id ${testAzurePrincipal} --key-id c1 --cert`,
    ],
  },
  { name: "nothing is assigned", check: servicePrincipalCanWrap, facts: toPrincipal(), commands: [assign] },
  {
    name: "nothing is assigned, and nobody knows where the vault is",
    check: servicePrincipalCanWrap,
    facts: { ...toPrincipal(), ...noVault },
    commands: undefined,
  },
  {
    name: "a deny assignment, against which no role helps",
    check: servicePrincipalCanWrap,
    facts: { deny_assignments: known([azureDenyAssignment()]) },
    commands: undefined,
  },
  {
    name: "access policies, where a role does nothing",
    check: servicePrincipalCanWrap,
    facts: { vault_rbac: known(false) },
    commands: undefined,
  },
  {
    name: "on the key, and on the resource group",
    check: grantScopedToKey,
    facts: toPrincipal(documented, onGroup),
    commands: [remove(onGroup)],
  },
  {
    name: "on the resource group alone",
    check: grantScopedToKey,
    facts: toPrincipal(onGroup),
    commands: [assign, remove(onGroup)],
  },
  {
    name: "on the resource group alone, and nobody knows where the vault is",
    check: grantScopedToKey,
    facts: { ...toPrincipal(onGroup), ...noVault },
    commands: undefined,
  },
  {
    name: "through a group",
    check: grantScopedToKey,
    facts: toPrincipal(azureAssignment({ ...group, scope: testAzureResourceGroup })),
    commands: undefined,
  },
  {
    name: "a shared vault that goes by access policies",
    check: grantScopedToKey,
    facts: { vault_rbac: known(false), vault_keys: known(["anthropic", "other"]) },
    commands: undefined,
  },
  {
    name: "an owner's role beside the documented",
    check: servicePrincipalLeastPrivilege,
    facts: toPrincipal(documented, owner),
    commands: [remove(owner)],
  },
  {
    name: "a reader's role alone",
    check: servicePrincipalLeastPrivilege,
    facts: toPrincipal(azureAssignment({ role: azureReaderRole })),
    commands: [assign, remove(azureAssignment({ role: azureReaderRole }))],
  },
  {
    name: "a reader's role through a group",
    check: servicePrincipalLeastPrivilege,
    facts: toPrincipal(documented, azureAssignment({ ...group, role: azureReaderRole })),
    commands: undefined,
  },
  {
    name: "an owner's role where access policies are in force",
    check: servicePrincipalLeastPrivilege,
    facts: {
      ...toPrincipal(owner),
      vault_rbac: known(false),
      vault_access_policies: known([azureAccessPolicy()]),
    },
    commands: [remove(owner)],
  },
  {
    name: "an access policy for everything",
    check: servicePrincipalLeastPrivilege,
    facts: {
      vault_rbac: known(false),
      vault_access_policies: known([azureAccessPolicy({ key_permissions: ["all"] })]),
    },
    commands: [
      `az keyvault set-policy --name customer-cmek --subscription ${testAzureSubscription} --object-id ${testAzurePrincipal} --key-permissions get wrapKey unwrapKey`,
    ],
  },
  {
    name: "an end: Azure does not assign the same role again",
    check: assignmentStaysInForce,
    facts: { assignment_schedules: known([schedule]) },
    commands: [assign.replace("Crypto User", "Crypto Service Encryption User")],
  },
  {
    name: "an end above the key",
    check: assignmentStaysInForce,
    facts: {
      ...toPrincipal(onGroup),
      assignment_schedules: known([{ ...schedule, assignment_id: onGroup.id }]),
    },
    commands: [assign],
  },
  {
    name: "the end of both roles",
    check: assignmentStaysInForce,
    facts: {
      ...toPrincipal(documented, narrower),
      assignment_schedules: known([schedule, { ...schedule, assignment_id: narrower.id }]),
    },
    commands: undefined,
  },
  {
    name: "one that resembles the published application, wherever it is assigned something",
    check: noLookalikePrincipal,
    facts: {
      assignments: azureAssignmentsWith(stranger, { ...onGroup, principal_id: testAzureStranger }),
      assigned_applications: known([
        { object_id: testAzureStranger, application_id: otherId, display_name: anthropicAzureApplicationName },
      ]),
    },
    commands: [remove(stranger), remove(onGroup)],
  },
  {
    name: "somebody on the key, and on the vault, which is others' matter",
    check: noUnexpectedPrincipal,
    facts: { assignments: azureAssignmentsWith(stranger, { ...stranger, scope: testAzureVault, id: "x" }) },
    commands: [remove(stranger)],
  },
  {
    name: "a group by which the service principal has what it needs",
    check: noUnexpectedPrincipal,
    facts: toPrincipal(byGroup),
    commands: [assign, remove(byGroup)],
  },
  {
    name: "a group, and nobody knows who is in it",
    check: noUnexpectedPrincipal,
    facts: { assignments: azureAssignmentsWith(byGroup), principal_assignments: unreadable("throttled", "") },
    commands: undefined,
  },
  {
    name: "a person, and nobody knows what reaches the service principal",
    check: noUnexpectedPrincipal,
    facts: { assignments: azureAssignmentsWith(stranger), principal_assignments: unreadable("throttled", "") },
    commands: [remove(stranger)],
  },
];

describe("what is offered against", () => {
  it.each(scenarios)("$name ($check.id)", ({ check, facts, commands }) => {
    expect(offerCommands(check, azureVaultKey(facts).facts, context)).toEqual(commands);
  });
});
