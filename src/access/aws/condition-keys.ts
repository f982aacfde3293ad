/**
 * Which condition keys a request to AWS KMS can have at all, and which hold a parameter of particular operations, and so
 * are absent from every other request.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */

const withAlgorithm = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"];
const withDataKeyPair = ["GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"];
const withRecipient = ["Decrypt", "DeriveSharedSecret", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom"];
const withAlias = [
  ...withAlgorithm,
  ...withDataKeyPair,
  "DescribeKey",
  "DeriveSharedSecret",
  "Decapsulate",
  "Encapsulate",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetPublicKey",
  "Sign",
  "Verify",
  "VerifyMac",
];

const operationsByKey: Readonly<Record<string, readonly string[]>> = {
  "aws:requesttag": ["CreateKey", "ReplicateKey", "TagResource"],
  "aws:tagkeys": ["CreateKey", "ReplicateKey", "TagResource", "UntagResource"],
  "kms:bypasspolicylockoutsafetycheck": ["CreateKey", "PutKeyPolicy", "ReplicateKey"],
  "kms:datakeypairspec": withDataKeyPair,
  "kms:encryptionalgorithm": withAlgorithm,
  "kms:expirationmodel": ["ImportKeyMaterial"],
  "kms:grantconstraintsourcearn": ["CreateGrant"],
  "kms:grantconstrainttype": ["CreateGrant"],
  "kms:granteeprincipal": ["CreateGrant"],
  "kms:granteeserviceprincipal": ["CreateGrant"],
  "kms:grantisforawsresource": ["CreateGrant", "ListGrants", "RevokeGrant"],
  "kms:grantoperations": ["CreateGrant"],
  "kms:keyagreementalgorithm": ["DeriveSharedSecret"],
  "kms:macalgorithm": ["GenerateMac", "VerifyMac"],
  "kms:messagetype": ["Sign", "Verify"],
  "kms:primaryregion": ["UpdatePrimaryRegion"],
  "kms:recipientattestation:imagesha384": withRecipient,
  "kms:reencryptonsamekey": ["ReEncryptFrom", "ReEncryptTo"],
  "kms:replicaregion": ["ReplicateKey"],
  "kms:requestalias": withAlias,
  "kms:retiringprincipal": ["CreateGrant"],
  "kms:retiringserviceprincipal": ["CreateGrant"],
  "kms:rotationperiodindays": ["EnableKeyRotation"],
  "kms:schedulekeydeletionpendingwindowindays": ["ScheduleKeyDeletion"],
  "kms:signingalgorithm": ["Sign", "Verify"],
  "kms:validto": ["ImportKeyMaterial"],
  "kms:wrappingalgorithm": ["GetParametersForImport"],
  "kms:wrappingkeyspec": ["GetParametersForImport"],
};

/** By condition key in lower case (of a family `key/name`, the part before the slash): the operations, in lower case. */
export const operationOnlyKeys: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(operationsByKey).map(([key, operations]) => [
    key,
    new Set(operations.map((operation) => `kms:${operation.toLowerCase()}`)),
  ]),
);

/** The other keys of AWS KMS: of the key, or of any request. */
const otherKmsKeys: ReadonlySet<string> = new Set([
  "kms:calleraccount",
  "kms:customermasterkeyspec",
  "kms:customermasterkeyusage",
  "kms:encryptioncontextkeys",
  "kms:keyorigin",
  "kms:keyspec",
  "kms:keyusage",
  "kms:multiregion",
  "kms:multiregionkeytype",
  "kms:resourcealiases",
  "kms:viaservice",
]);

const keysAboutKey: ReadonlySet<string> = new Set([
  "aws:resourceaccount",
  "aws:resourceorgid",
  "aws:resourceorgpaths",
  "kms:customermasterkeyspec",
  "kms:customermasterkeyusage",
  "kms:keyorigin",
  "kms:keyspec",
  "kms:keyusage",
  "kms:multiregion",
  "kms:multiregionkeytype",
  "kms:resourcealiases",
]);

/** Whether a condition key, however its case is written, tells of the key itself: the same to whoever asks. */
export function isAboutKey(key: string): boolean {
  const name = key.toLowerCase();
  return keysAboutKey.has(name) || name.startsWith("aws:resourcetag/");
}

const openKmsFamilies = ["kms:encryptioncontext:", "kms:recipientattestation:"];

/**
 * Keys that AWS attaches to the credentials of a workload or of a federated session, so that they are in its requests to
 * every service.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
const sessionKeys: ReadonlySet<string> = new Set([
  "ec2:roledelivery",
  "ec2:sourceinstancearn",
  "glue:credentialissuingservice",
  "glue:roleassumedby",
  "identitystore:userid",
  "lambda:sourcefunctionarn",
  "ssm:sourceinstancearn",
]);

/**
 * Whether a request to AWS KMS can have this condition key (in lower case): a key of AWS KMS that is published, any
 * global one, one of the caller's session. Those of other services are in requests to these services only.
 */
export function mayBeInRequest(key: string): boolean {
  const [prefix, name] = key.split(":", 2);
  if (name === undefined || prefix === "aws" || prefix === "saml") return true;
  if (prefix !== "kms") return prefix?.includes(".") === true || sessionKeys.has(key);
  return (
    otherKmsKeys.has(key) || operationOnlyKeys.has(key) || openKmsFamilies.some((family) => key.startsWith(family))
  );
}
