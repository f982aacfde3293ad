/**
 * The actions of AWS KMS, from the API reference as carried by @aws-sdk/client-kms 3.1162.0, where each operation says
 * its "Cross-account use" and "Required permissions".
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html
 */

export interface KmsAction {
  /** As in policies, e.g. `kms:Decrypt`. */
  readonly name: string;
  /** Authorized on a key, rather than on an alias, a key store or nothing: only these can a key policy allow. */
  readonly on_key: boolean;
  /** Can do something with a symmetric encryption key. */
  readonly symmetric: boolean;
  /** Can be called from another account than the key's. */
  readonly cross_account: boolean;
  /** Takes an encryption context, or a grant that has one. */
  readonly encryption_context: boolean;
}

const plain = { on_key: true, symmetric: true, cross_account: false, encryption_context: false };
const crossAccount = { ...plain, cross_account: true };
const withContext = { ...crossAccount, encryption_context: true };
const asymmetric = { ...crossAccount, symmetric: false };
const elsewhere = { ...plain, on_key: false };

const traits = {
  CancelKeyDeletion: plain,
  ConnectCustomKeyStore: elsewhere,
  CreateAlias: plain,
  CreateCustomKeyStore: elsewhere,
  CreateGrant: withContext,
  CreateKey: elsewhere,
  Decapsulate: asymmetric,
  Decrypt: withContext,
  DeleteAlias: plain,
  DeleteCustomKeyStore: elsewhere,
  DeleteImportedKeyMaterial: plain,
  DeriveSharedSecret: asymmetric,
  DescribeCustomKeyStores: elsewhere,
  DescribeKey: crossAccount,
  DisableKey: plain,
  DisableKeyRotation: plain,
  DisconnectCustomKeyStore: elsewhere,
  EnableKey: plain,
  EnableKeyRotation: plain,
  Encapsulate: asymmetric,
  Encrypt: withContext,
  GenerateDataKey: withContext,
  GenerateDataKeyPair: withContext,
  GenerateDataKeyPairWithoutPlaintext: withContext,
  GenerateDataKeyWithoutPlaintext: withContext,
  GenerateMac: asymmetric,
  GenerateRandom: elsewhere,
  GetKeyLastUsage: plain,
  GetKeyPolicy: plain,
  GetKeyRotationStatus: crossAccount,
  GetParametersForImport: plain,
  GetPublicKey: asymmetric,
  ImportKeyMaterial: plain,
  ListAliases: elsewhere,
  ListGrants: crossAccount,
  ListKeyPolicies: plain,
  ListKeyRotations: plain,
  ListKeys: elsewhere,
  ListResourceTags: plain,
  ListRetirableGrants: elsewhere,
  PutKeyPolicy: plain,
  ReEncryptFrom: withContext,
  ReEncryptTo: withContext,
  ReplicateKey: plain,
  RetireGrant: withContext,
  RevokeGrant: crossAccount,
  RotateKeyOnDemand: plain,
  ScheduleKeyDeletion: plain,
  Sign: asymmetric,
  SynchronizeMultiRegionKey: plain,
  TagResource: plain,
  UntagResource: plain,
  UpdateAlias: plain,
  UpdateCustomKeyStore: elsewhere,
  UpdateKeyDescription: plain,
  UpdatePrimaryRegion: plain,
  Verify: asymmetric,
  VerifyMac: asymmetric,
} satisfies Record<string, Omit<KmsAction, "name">>;

/** Every KMS action. */
export const kmsActions: readonly KmsAction[] = Object.entries(traits).map(([name, trait]) => ({
  name: `kms:${name}`,
  ...trait,
}));

/** What can be asked about a symmetric encryption key: the operations that its policy decides. */
export const symmetricKeyOperations: readonly string[] = kmsActions
  .filter((action) => action.on_key && action.symmetric)
  .map((action) => action.name);

const byName = new Map(kmsActions.map((action) => [action.name, action]));
const byLowerCase = new Map(kmsActions.map((action) => [action.name.toLowerCase(), action]));

/** The action of that name without regard to case, or undefined where AWS publishes none. */
export function findKmsAction(name: string): KmsAction | undefined {
  return byName.get(name) ?? byLowerCase.get(name.toLowerCase());
}
