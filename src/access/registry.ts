/** What each kind of resource needs computed from its raw facts: one entry for each kind. */
import type { ResourceKind } from "../model/resource.ts";
import { awsKmsKeyAccess } from "./aws/aws-kms-key-access.ts";
import { azureVaultKeyAccess } from "./azure/azure-vault-key-access.ts";
import { gcpKmsKeyAccess } from "./gcp/gcp-kms-key-access.ts";
import type { ResourceAccess } from "./resource-access.ts";

export const resourceAccess: Readonly<Record<ResourceKind, ResourceAccess>> = {
  "aws.kms-key": awsKmsKeyAccess,
  "gcp.kms-key": gcpKmsKeyAccess,
  "azure.vault-key": azureVaultKeyAccess,
};

/** The raw facts behind a fact: itself, where it is one. */
export function sourcesOf(kind: ResourceKind, fact: string): readonly string[] {
  return resourceAccess[kind].derivedSources[fact] ?? [fact];
}
