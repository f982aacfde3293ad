/** The kinds of documents that are judged without a cloud: one entry for each. */
import { awsKeyPolicyDocument } from "./aws/key-policy-document.ts";
import { azureKeyDocument } from "./azure/key-document.ts";
import { azureRoleAssignmentsDocument } from "./azure/role-assignments-document.ts";
import { azureVaultDocument } from "./azure/vault-document.ts";
import type { DocumentKind } from "./document-kind.ts";
import { gcloudIamPolicyDocument } from "./gcp/iam-policy-document.ts";

/** By the name that `--type` has for it: a public contract. */
export const documentKinds = {
  "aws-key-policy": awsKeyPolicyDocument,
  "gcloud-iam-policy": gcloudIamPolicyDocument,
  "az-vault": azureVaultDocument,
  "az-key": azureKeyDocument,
  "az-role-assignments": azureRoleAssignmentsDocument,
} as const satisfies Readonly<Record<string, DocumentKind>>;
export type DocumentType = keyof typeof documentKinds;
