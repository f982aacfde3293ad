/** Role assignments in a file, as `az role assignment list --include-inherited` prints them for a key. */
import { documentedAzureRolePermissions } from "../../guidance/azure-roles.ts";
import type { AzureRole, AzureRoleAssignment } from "../../model/azure.ts";
import { type Fact, type FactsByName, known, mapFact, unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import { nothingSaidOfAzure, type Registration } from "../../model/registration.ts";
import type { DocumentKind, DocumentOrigin } from "../document-kind.ts";
import type { JsonNode } from "../parse-json.ts";
import { anyKey, azContent, azureKeyAt, readAzDocument } from "./az-document.ts";
import { each, member, nullable, record, text } from "./az-reading.ts";
import { azureKeyParts } from "./key-name.ts";
import { azureApplicationOf } from "./published-principal.ts";
import { azureLevelOf } from "./scope.ts";

/** https://learn.microsoft.com/en-us/cli/azure/role/assignment#az-role-assignment-list */
export const azureRoleAssignmentsDocument: DocumentKind = {
  kind: "azure.vault-key",
  recognizes: (content) => /"roleDefinitionId"\s*:/.test(content),
  read: (content) => readAzDocument(content, "array", "`az role assignment list`"),
  tells: ["assignments", "principal_assignments"],
  comesWith: [
    "registration",
    "existence",
    "reads",
    "role_definition",
    "vault",
    "vault_rbac",
    "vault_access_policies",
    "deny_assignments",
    "principal_deny_assignments",
    "application",
  ],
  // When something ends it does not tell, whose the principal is it says itself, and of the vault nothing.
  saysNothingTo: ["azure/assignment-stays-in-force", "azure/service-principal-present", "azure/vault-rbac-enabled"],
  remark: () =>
    "judged as all role assignments at and above the key, of a vault with RBAC; deny assignments, and who is in the groups, were not looked at",
  reads: { azure_directory: false },
  facts: (content, registration, key) => {
    const named = withPrincipal(registration, azContent(content));
    const assignments = assignmentsIn(azContent(content));
    const listed = assignments.state === "known" ? assignments.value : [];
    return {
      assignments,
      principal_assignments: mapFact(assignments, (all) => principalAssignments(all, named, key)),
      ...Object.fromEntries(listed.map(({ role_definition_id }) => roleFact(role_definition_id))),
      ...vaultOf(listed, registration, key),
      registration: known(named),
      // The document alone is judged: of a key that is there, in a vault where assignments decide, and that nothing is denied.
      existence: known("present"),
      vault_rbac: known(true),
      vault_access_policies: known([]),
      deny_assignments: known([]),
      principal_deny_assignments: known([]),
    };
  },
  keys: keysOf,
};

const assignmentReading = record<AzureRoleAssignment>({
  id: member("id", text),
  scope: member("scope", text),
  role_definition_id: member("roleDefinitionId", text),
  principal_id: member("principalId", text),
  principal_type: member("principalType", nullable(text)),
  condition: member("condition", nullable(text)),
});

function assignmentsIn(document: JsonNode): Fact<readonly AzureRoleAssignment[]> {
  return each(assignmentReading)(document, "");
}

const namedPrincipal = record<{ readonly id: string; readonly name: string }>({
  id: member("principalId", text),
  name: member("principalName", text),
});

/** `az` names a service principal by its application's id. */
function withPrincipal(registration: Registration, document: JsonNode): Registration {
  const azure = registration.azure ?? nothingSaidOfAzure;
  if (azure.service_principal_object_id !== null || document.kind !== "array") return registration;
  const application = azureApplicationOf(registration);
  const found = document.items
    .map((item) => namedPrincipal(item, ""))
    .find((one) => one.state === "known" && one.value.name.toLowerCase() === application);
  if (found?.state !== "known") return registration;
  return { ...registration, azure: { ...azure, service_principal_object_id: found.value.id.toLowerCase() } };
}

/** What reaches the service principal: its own, where nothing that reaches the key is given to what it may be in. */
function principalAssignments(
  assignments: readonly AzureRoleAssignment[],
  { azure }: Registration,
  key: KeyResource,
): Fact<readonly AzureRoleAssignment[]> {
  const own = azure?.service_principal_object_id?.toLowerCase();
  if (own === undefined) {
    return unreadable("not-reported", "the document does not say which principal is the application's");
  }
  const home = { key: azureKeyParts(key.resource), vault_id: azure?.vault_resource_id ?? null };
  const group = assignments.find(({ scope, principal_type }) => {
    const isOne = ["user", "serviceprincipal", "device"].includes(principal_type?.toLowerCase() ?? "");
    return !isOne && azureLevelOf(scope, home) !== undefined;
  });
  if (group === undefined) return known(assignments.filter(({ principal_id }) => principal_id.toLowerCase() === own));
  const { principal_type, principal_id } = group;
  return unreadable(
    "not-reported",
    `the document does not say who is in ${principal_type ?? "the principal"} ${principal_id}, which is assigned a role`,
  );
}

/** What is documented of the built-in roles; nobody here can ask what another one permits. */
function roleFact(role_definition_id: string): readonly [string, Fact<AzureRole>] {
  const id = role_definition_id.split("/").at(-1)?.toLowerCase() ?? "";
  const role = Object.hasOwn(documentedAzureRolePermissions, id) ? documentedAzureRolePermissions[id] : undefined;
  const fact: Fact<AzureRole> =
    role === undefined
      ? unreadable("unsupported", `what role ${id} permits is not known without asking Azure`)
      : known(role);
  return [`role_definition:${role_definition_id.toLowerCase()}`, fact];
}

const vaultPattern =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/(vaults|managedHSMs)\/([^/]+))(?:\/keys\/([^/]+))?(?:\/|$)/i;

/** The key's vault, where the registration or a scope in it tells where it is. */
function vaultOf(
  assignments: readonly AzureRoleAssignment[],
  { azure }: Registration,
  { resource }: KeyResource,
): FactsByName {
  const { host, kind, vault } = azureKeyParts(resource);
  const collection = kind === "vault" ? "vaults" : "managedhsms";
  const ids = assignments.flatMap(({ scope }) => {
    const [, id, found, name] = vaultPattern.exec(scope) ?? [];
    return found?.toLowerCase() === collection && name?.toLowerCase() === vault ? [id] : [];
  });
  const id = azure?.vault_resource_id ?? ids[0];
  return id === undefined ? {} : { vault: known({ id, kind, uri: `https://${host}/` }) };
}

/** The keys and vaults that scopes name, and where none does, any key. */
function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const assignments = assignmentsIn(azContent(content));
  const scopes = assignments.state === "known" ? assignments.value.map(({ scope }) => scope) : [];
  const named = scopes.flatMap((scope) => {
    const [, , collection, vault, name] = vaultPattern.exec(scope) ?? [];
    if (collection === undefined || vault === undefined) return [];
    if (account !== null && account.split(".")[0] !== vault.toLowerCase()) return [];
    const service = collection.toLowerCase() === "vaults" ? "vault" : "managedhsm";
    return [azureKeyAt(account ?? `${vault}.${service}.azure.net`, name ?? anyKey)];
  });
  const keys = named.filter(({ resource }) => !resource.endsWith(`/${anyKey}`));
  const found = keys.length > 0 ? keys : named;
  const distinct = [...new Map(found.map((one) => [one.resource, one])).values()];
  return distinct.length > 0 ? distinct : [azureKeyAt(account ?? "any.vault.azure.net", anyKey)];
}
