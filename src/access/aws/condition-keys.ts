/**
 * Condition keys that hold a parameter of particular operations, and so are absent from every other request.
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
  "kms:grantconstrainttype": ["CreateGrant"],
  "kms:granteeprincipal": ["CreateGrant"],
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
