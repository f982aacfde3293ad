/**
 * The identities that Anthropic publishes for customer-managed keys, as of 2026-11. Pinned: a key that is granted to
 * anybody else was granted to somebody else.
 */

/** The account of the published role. Never itself a grantee. */
export const anthropicAwsAccount = "915198916910";
export const anthropicAwsRoleName = "anthropic-cmek-client-us";
export const anthropicAwsRoleArn = `arn:aws:iam::${anthropicAwsAccount}:role/${anthropicAwsRoleName}`;

/** All that the published role needs of a key. */
export const anthropicAwsRoleOperations: readonly string[] = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"];

/** The service principal of Claude Platform on AWS, another product: a statement for it is no concern of these rules. */
export const claudePlatformOnAwsService = "aws-external-anthropic.amazonaws.com";

/** Where Anthropic's own API is reached: the requests to a key never come from there alone. */
export const anthropicInboundRange = "160.79.104.0/23";

/** Addresses that Anthropic has called from and does not any more. */
export const retiredAnthropicAddresses: readonly string[] = [
  "34.162.46.92",
  "34.162.102.82",
  "34.162.136.91",
  "34.162.142.92",
  "34.162.183.95",
];

/** The project of the published service account. Never itself a grantee. */
export const anthropicGcpProject = "gcp-anthropic-cmek-clients";
export const anthropicGcpAccountName = "anthropic-cmek-client-us";
export const anthropicGcpAccount = `${anthropicGcpAccountName}@${anthropicGcpProject}.iam.gserviceaccount.com`;
/** As policies write it. */
export const anthropicGcpMember = `serviceAccount:${anthropicGcpAccount}`;

/** The application (client) id of the multi-tenant application; its service principal has another object id in every tenant. */
export const anthropicAzureApplication = "8635ae1a-3e5d-44e8-a4ed-e0f614466f87";
export const anthropicAzureApplicationName = "anthropic-cmek-client-us";
