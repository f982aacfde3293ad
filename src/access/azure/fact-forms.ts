/** Whether a value that comes from a file is of the type that a raw fact of a key in a vault has. */
import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Form, flag, hasForm, list, number, object, orNull, text, textMap, texts } from "../value-form.ts";
import type { DerivedAzureFact } from "./derive.ts";

/** What the registration is, its own schema says. */
type CheckedFact = Exclude<keyof AzureVaultKeyFacts, DerivedAzureFact | "registration">;

const assignment = object({
  id: text,
  scope: text,
  role_definition_id: text,
  principal_id: text,
  principal_type: orNull(text),
  condition: orNull(text),
});
const permissionLists = { actions: texts, not_actions: texts, data_actions: texts, not_data_actions: texts };
const permissions = list(object(permissionLists));
const deniedPermissions = list(
  object({ ...permissionLists, condition: (value) => value === undefined || text(value) }),
);
const principals = list(object({ id: text, type: orNull(text) }));
const denyAssignment = object({
  id: text,
  name: text,
  scope: text,
  applies_to_child_scopes: flag,
  permissions: deniedPermissions,
  principals,
  excluded: principals,
  condition: orNull(text),
});
const schedule = object({
  assignment_id: orNull(text),
  scope: text,
  principal_id: text,
  role_definition_id: text,
  ends: orNull(number),
  type: text,
});
const diagnosticSetting = object({
  name: text,
  workspace_id: orNull(text),
  storage_account_id: orNull(text),
  event_hub_rule_id: orNull(text),
  partner_id: orNull(text),
  logs: list(object({ category: orNull(text), category_group: orNull(text), enabled: flag })),
});

const forms: Readonly<Record<CheckedFact, Form>> = {
  existence: oneOf("present", "absent"),
  deletion: orNull(object({ of: oneOf("key", "vault"), deleted: orNull(number), purged: orNull(number) })),
  read_uri: text,
  current_version: text,
  key_type: text,
  key_size: orNull(number),
  key_operations: orNull(texts),
  enabled: flag,
  not_before: orNull(number),
  expires: orNull(number),
  tags: textMap,
  rotation_policy: orNull(object({ rotates: flag })),
  versions: list(
    object({
      version: text,
      enabled: flag,
      not_before: orNull(number),
      expires: orNull(number),
      created: orNull(number),
    }),
  ),
  assignments: list(assignment),
  principal_assignments: list(assignment),
  deny_assignments: list(denyAssignment),
  principal_deny_assignments: texts,
  assignment_schedules: orNull(list(schedule)),
  assigned_applications: list(object({ object_id: text, application_id: text, display_name: text })),
  vault: object({ id: text, kind: oneOf("vault", "managed-hsm"), uri: text }),
  vault_tenant: text,
  vault_location: text,
  vault_rbac: orNull(flag),
  vault_purge_protection: orNull(flag),
  vault_soft_delete: orNull(flag),
  vault_public_access: orNull(text),
  vault_firewall: orNull(
    object({ default_action: orNull(text), bypass: orNull(text), ip_rules: texts, network_rules: texts }),
  ),
  vault_access_policies: list(
    object({ tenant: text, object_id: text, application_id: orNull(text), key_permissions: texts }),
  ),
  private_endpoints: list(object({ id: text, status: text })),
  vault_keys: texts,
  perimeters: list(
    object({
      name: text,
      access_mode: text,
      rules: list(object({ name: text, direction: text, address_prefixes: texts })),
    }),
  ),
  diagnostic_settings: list(diagnosticSetting),
  reads: object({ azure_directory: flag }),
};

const directoryRights = list(
  object({ kind: oneOf("application-role", "delegated-grant", "directory-role"), name: text, on: orNull(text) }),
);

/** Of facts that are read once for each of several things. */
const partForms: Readonly<Record<string, Form>> = {
  role_definition: object({ name: text, type: text, permissions }),
  application: orNull(
    object({
      object_id: text,
      application_id: text,
      display_name: text,
      enabled: flag,
      credentials: list(
        object({ kind: oneOf("password", "certificate"), id: text, name: orNull(text), ends: orNull(number) }),
      ),
    }),
  ),
  application_owners: list(object({ object_id: text, display_name: orNull(text) })),
  application_roles: directoryRights,
  application_grants: directoryRights,
  application_directory_roles: directoryRights,
};

function oneOf(...words: readonly string[]): Form {
  return (value) => typeof value === "string" && words.includes(value);
}

/** True of a fact that this version does not know: nothing reads it. */
export function isAzureFactValue(name: string, value: unknown): boolean {
  return hasForm({ facts: forms, parts: partForms }, name, value);
}
