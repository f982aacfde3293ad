import { localList } from "./permission-hcl.ts";
import { gcpPermissions } from "./permission-lists.ts";

/** A role for each project and one for the organization, and who has them. https://registry.terraform.io/providers/hashicorp/google/latest/docs */
export function gcpTerraform(): Readonly<Record<string, string>> {
  return { main, variables, versions };
}

const main = `locals {
${localList("project_permissions", gcpPermissions.project)}

${localList("ancestor_permissions", gcpPermissions.ancestors)}

${localList("deny_policy_permissions", gcpPermissions.denyPolicies)}

${localList("perimeter_permissions", gcpPermissions.perimeters)}

  organization_permissions = concat(
    var.reads_ancestors ? local.ancestor_permissions : [],
    var.reads_deny_policies ? local.deny_policy_permissions : [],
    var.reads_perimeters ? local.perimeter_permissions : [],
    var.organization_has_custom_roles ? ["iam.roles.get"] : [],
  )
  organizations = var.organization == null || length(local.organization_permissions) == 0 ? [] : [var.organization]
}

resource "google_project_iam_custom_role" "keyposture" {
  for_each = var.projects

  project     = each.value
  role_id     = var.role_id
  title       = "Keyposture"
  description = "Reads the posture of Cloud KMS keys. Uses and changes nothing."
  permissions = local.project_permissions
}

resource "google_project_iam_member" "keyposture" {
  for_each = var.projects

  project = each.value
  role    = google_project_iam_custom_role.keyposture[each.key].name
  member  = var.member
}

resource "google_organization_iam_custom_role" "keyposture" {
  for_each = toset(local.organizations)

  org_id      = each.value
  role_id     = var.role_id
  title       = "Keyposture"
  description = "Reads the posture of Cloud KMS keys. Uses and changes nothing."
  permissions = local.organization_permissions
}

resource "google_organization_iam_member" "keyposture" {
  for_each = toset(local.organizations)

  org_id = each.value
  role   = google_organization_iam_custom_role.keyposture[each.key].name
  member = var.member
}

resource "google_project_iam_member" "quota" {
  for_each = var.quota_project == null ? toset([]) : toset([var.quota_project])

  project = each.value
  role    = "roles/serviceusage.serviceUsageConsumer"
  member  = var.member
}
`;

const variables = `variable "projects" {
  description = "Ids of the projects that have keys."
  type        = set(string)
}

variable "member" {
  description = "Who reads: serviceAccount:<e-mail address>, or a principal:// of a workload identity pool."
  type        = string
}

variable "role_id" {
  description = "Id of the roles."
  type        = string
  default     = "keyposture"
}

variable "organization" {
  description = "Number of the organization above the projects; null where nothing above them is read."
  type        = string
  default     = null
}

variable "reads_ancestors" {
  description = "Whether reads.gcp_ancestors is on."
  type        = bool
  default     = true
}

variable "reads_deny_policies" {
  description = "Whether reads.gcp_deny_policies is on."
  type        = bool
  default     = false
}

variable "reads_perimeters" {
  description = "Whether reads.gcp_perimeters is on."
  type        = bool
  default     = false
}

variable "organization_has_custom_roles" {
  description = "Whether custom roles of the organization are bound on keys or above them: they are read there."
  type        = bool
  default     = false
}

variable "quota_project" {
  description = "Id of the project under gcp.quota_project, where one is named."
  type        = string
  default     = null
}
`;

const versions = `terraform {
  required_version = ">= 1.3"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 5.0"
    }
  }
}
`;
