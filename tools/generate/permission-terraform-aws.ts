import { localList } from "./permission-hcl.ts";
import { awsPermissions } from "./permission-lists.ts";

/** A role of one account with the policy, and who may take it on. https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export function awsTerraform(): Readonly<Record<string, string>> {
  return { main, variables, versions };
}

const main = `locals {
${localList("key_actions", awsPermissions.keys)}

${localList("trail_actions", awsPermissions.trails)}

${localList("organization_actions", awsPermissions.organization)}

${localList("role_actions", awsPermissions.roles)}
}

data "aws_iam_policy_document" "reads" {
  statement {
    sid       = "Keys"
    actions   = local.key_actions
    resources = var.key_arns
  }

  statement {
    sid       = "Trails"
    actions   = local.trail_actions
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.reads_organization ? [local.organization_actions] : []

    content {
      sid       = "WhereOrganizationIsRead"
      actions   = statement.value
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.other_account_role_arns) > 0 ? [var.other_account_role_arns] : []

    content {
      sid       = "RolesOfOtherAccounts"
      actions   = local.role_actions
      resources = statement.value
    }
  }
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.eks_service_account == null ? [] : [var.eks_service_account]

    content {
      sid     = "ServiceAccountOfCluster"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [statement.value.oidc_provider_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "\${split("oidc-provider/", statement.value.oidc_provider_arn)[1]}:sub"
        values   = ["system:serviceaccount:\${statement.value.namespace}:\${statement.value.name}"]
      }

      condition {
        test     = "StringEquals"
        variable = "\${split("oidc-provider/", statement.value.oidc_provider_arn)[1]}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.eks_pod_identity ? ["pods.eks.amazonaws.com"] : []

    content {
      sid     = "PodIdentityOfClusters"
      actions = ["sts:AssumeRole", "sts:TagSession"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.trusted_principal_arns) > 0 ? [var.trusted_principal_arns] : []

    content {
      sid     = "TrustedPrincipals"
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }

      dynamic "condition" {
        for_each = var.external_id == null ? [] : [var.external_id]

        content {
          test     = "StringEquals"
          variable = "sts:ExternalId"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_iam_policy" "keyposture" {
  name        = var.name
  description = "Reads the posture of KMS keys. Uses and changes nothing."
  policy      = data.aws_iam_policy_document.reads.json
}

resource "aws_iam_role" "keyposture" {
  name               = var.name
  description        = "Reads the posture of KMS keys. Uses and changes nothing."
  assume_role_policy = data.aws_iam_policy_document.trust.json

  lifecycle {
    precondition {
      condition     = var.eks_service_account != null || var.eks_pod_identity || length(var.trusted_principal_arns) > 0
      error_message = "Somebody has to be trusted: set eks_service_account, eks_pod_identity or trusted_principal_arns."
    }
  }
}

resource "aws_iam_role_policy_attachment" "keyposture" {
  role       = aws_iam_role.keyposture.name
  policy_arn = aws_iam_policy.keyposture.arn
}

output "role_arn" {
  description = "ARN of the role: for the annotation of the service account, or for aws.accounts in the configuration."
  value       = aws_iam_role.keyposture.arn
}
`;

const variables = `variable "name" {
  description = "Name of the role and of its policy."
  type        = string
  default     = "keyposture"
}

variable "key_arns" {
  description = "ARNs of the keys of this account that are read."
  type        = list(string)
  default     = ["arn:aws:kms:*:*:key/*"]
}

variable "reads_organization" {
  description = "Whether reads.aws_organization is on: then the account is the management account or a delegated administrator."
  type        = bool
  default     = false
}

variable "other_account_role_arns" {
  description = "ARNs of the roles under aws.accounts, where this is the service's own role."
  type        = list(string)
  default     = []
}

variable "eks_service_account" {
  description = "The Kubernetes service account that takes the role on (IRSA), with the ARN of the cluster's OIDC provider."
  type = object({
    oidc_provider_arn = string
    namespace         = string
    name              = string
  })
  default = null
}

variable "eks_pod_identity" {
  description = "Whether an association of EKS Pod Identity, in a cluster of this account, hands the role to a service account."
  type        = bool
  default     = false
}

variable "trusted_principal_arns" {
  description = "ARNs of the principals that take the role on, such as the service's own role in another account."
  type        = list(string)
  default     = []
}

variable "external_id" {
  description = "External id that trusted_principal_arns have to give, as under aws.accounts in the configuration."
  type        = string
  default     = null
}
`;

const versions = `terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
`;
