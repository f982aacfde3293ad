import { localList } from "./permission-hcl.ts";
import { azurePermissions } from "./permission-lists.ts";

/**
 * A role in the subscriptions, who has it, and the consent to read the directory.
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs and …/azuread/latest/docs
 */
export function azureTerraform(): Readonly<Record<string, string>> {
  return { main, variables, versions };
}

const main = `locals {
${localList("actions", azurePermissions.actions)}

${localList("data_actions", azurePermissions.dataActions)}

${localList("directory_permissions", azurePermissions.directory)}

  scopes = [for id in sort(tolist(var.subscriptions)) : "/subscriptions/\${id}"]
}

resource "azurerm_role_definition" "keyposture" {
  name              = var.name
  scope             = local.scopes[0]
  description       = "Reads the posture of keys in Key Vault. Uses and changes nothing."
  assignable_scopes = local.scopes

  permissions {
    actions      = local.actions
    data_actions = var.reads_deleted_keys ? local.data_actions : []
  }
}

resource "azurerm_role_assignment" "keyposture" {
  for_each = toset(local.scopes)

  scope              = each.value
  role_definition_id = azurerm_role_definition.keyposture.role_definition_resource_id
  principal_id       = var.principal_object_id
  principal_type     = "ServicePrincipal"
}

# Microsoft Graph has this id in every tenant.
data "azuread_service_principal" "graph" {
  count = var.reads_directory ? 1 : 0

  client_id = "00000003-0000-0000-c000-000000000000"
}

resource "azuread_app_role_assignment" "keyposture" {
  for_each = var.reads_directory ? toset(local.directory_permissions) : toset([])

  app_role_id         = data.azuread_service_principal.graph[0].app_role_ids[each.value]
  principal_object_id = var.principal_object_id
  resource_object_id  = data.azuread_service_principal.graph[0].object_id
}
`;

const variables = `variable "subscriptions" {
  description = "Ids of the subscriptions of the vaults, as under azure.subscriptions in the configuration."
  type        = set(string)

  validation {
    condition     = length(var.subscriptions) > 0
    error_message = "At least one subscription is needed."
  }
}

variable "principal_object_id" {
  description = "Object id of the managed identity or service principal that reads."
  type        = string
}

variable "name" {
  description = "Name of the role; no two of a tenant have the same."
  type        = string
  default     = "Keyposture"
}

variable "reads_deleted_keys" {
  description = "Whether the data plane may be asked when a deleted key is gone for good."
  type        = bool
  default     = true
}

variable "reads_directory" {
  description = "Whether reads.azure_directory is on."
  type        = bool
  default     = true
}
`;

const versions = `terraform {
  required_version = ">= 1.3"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}
`;
