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
