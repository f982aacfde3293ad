import { describe, expect, it } from "vitest";
import {
  administrationOf,
  azureKeyDataActions,
  cryptoActionsOf,
  isAdministrators,
  keyActionsOf,
} from "../../../src/access/azure/key-actions.ts";
import { policyActions } from "../../../src/access/azure/policy-permissions.ts";
import {
  azureCryptoServiceEncryptionUserRole,
  azureCryptoUserRole,
  documentedAzureRolePermissions,
} from "../../../src/guidance/azure-roles.ts";
import {
  azureAccessPolicy,
  azureContributorRole,
  azureCryptoOfficerRole,
  azureKeyVaultAdministratorRole,
  azureKeyVaultContributorRole,
  azureKeyVaultReaderRole,
  azureOwnerRole,
  azureReaderRole,
  azureRole,
  azureUserAccessAdministratorRole,
} from "../../support/azure-vault-key.ts";

const keys = "Microsoft.KeyVault/vaults/keys";

function documented(id: string) {
  const role = documentedAzureRolePermissions[id];
  if (role === undefined) throw new Error(`${id} is not documented`);
  return role;
}

function short(actions: readonly string[]) {
  return actions.map((action) => action.replace(`${keys}/`, "").replace("/action", ""));
}

describe("what roles permit on keys", () => {
  it("has of the documented role what the documentation says", () => {
    expect(short(keyActionsOf(documented(azureCryptoUserRole))).toSorted()).toEqual([
      "backup",
      "decrypt",
      "encrypt",
      "read",
      "sign",
      "unwrap",
      "update",
      "verify",
      "wrap",
    ]);
    expect(short(keyActionsOf(documented(azureCryptoServiceEncryptionUserRole))).toSorted()).toEqual([
      "read",
      "unwrap",
      "wrap",
    ]);
  });

  it.each([
    [azureCryptoServiceEncryptionUserRole, ["wrap", "unwrap"]],
    [azureCryptoOfficerRole, ["encrypt", "decrypt", "wrap", "unwrap", "sign", "verify", "release"]],
    [azureKeyVaultAdministratorRole, ["encrypt", "decrypt", "wrap", "unwrap", "sign", "verify", "release"]],
    [azureKeyVaultReaderRole, []],
    [azureKeyVaultContributorRole, []],
    [azureOwnerRole, []],
    [azureReaderRole, []],
  ])("tells of %s who takes the key material", (role, operations) => {
    expect(short(cryptoActionsOf(documented(role)))).toEqual(operations);
  });

  it("takes away what not-lists name", () => {
    const role = azureRole({ data_actions: [`${keys}/*`], not_data_actions: [`${keys}/*/action`] });
    expect(short(keyActionsOf(role))).toEqual(["read", "delete"]);
  });

  it.each([
    [azureOwnerRole, true],
    [azureContributorRole, true],
    [azureUserAccessAdministratorRole, true],
    [azureKeyVaultContributorRole, true],
    [azureKeyVaultAdministratorRole, true],
    [azureCryptoOfficerRole, true],
    [azureReaderRole, false],
    [azureKeyVaultReaderRole, false],
    [azureCryptoUserRole, false],
    [azureCryptoServiceEncryptionUserRole, false],
  ])("%s is an administrator's: %s", (role, is) => {
    expect(isAdministrators(documented(role))).toBe(is);
  });

  it("knows who may give access to himself", () => {
    const all = administrationOf(documented(azureOwnerRole));
    expect(all).toContain("Microsoft.Authorization/roleAssignments/write");
    // Whoever writes vaults switches RBAC off and writes access policies.
    expect(administrationOf(documented(azureKeyVaultContributorRole))).toContain("Microsoft.KeyVault/vaults/write");
    expect(administrationOf(documented(azureContributorRole))).not.toContain(
      "Microsoft.Authorization/roleAssignments/write",
    );
    expect(administrationOf(azureRole({ data_actions: ["*"] }))).toEqual([]);
    expect(administrationOf(azureRole({ actions: ["microsoft.authorization/ROLEASSIGNMENTS/*"] }))).toEqual([
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
    ]);
  });
});

describe("what access policies permit", () => {
  function permitted(...key_permissions: readonly string[]) {
    return policyActions(azureAccessPolicy({ key_permissions }));
  }

  it.each([
    ["get", `${keys}/read`],
    ["wrapKey", `${keys}/wrap/action`],
    ["UNWRAPKEY", `${keys}/unwrap/action`],
    ["delete", `${keys}/delete`],
    ["purge", `${keys}/purge/action`],
    ["rotate", `${keys}/rotate/action`],
    ["setrotationpolicy", "Microsoft.KeyVault/vaults/keyrotationpolicies/write"],
    ["list", "list"],
    ["teleport", "teleport"],
  ])("%s is %s", (permission, action) => {
    expect(permitted(permission)).toEqual([action]);
  });

  it("all is everything, said once", () => {
    expect(permitted("All", "get")).toEqual([...Object.keys(azureKeyDataActions), "list"]);
    expect(permitted()).toEqual([]);
  });

  it("every documented permission has its data action", () => {
    // https://learn.microsoft.com/en-us/rest/api/keyvault/keyvault/vaults/get#keypermissions
    const documentedPermissions =
      "encrypt decrypt wrapKey unwrapKey sign verify get create update import delete backup restore recover purge release rotate getrotationpolicy setrotationpolicy";
    const actions = permitted(...documentedPermissions.split(" "));
    expect(actions.toSorted()).toEqual(Object.keys(azureKeyDataActions).toSorted());
  });
});
