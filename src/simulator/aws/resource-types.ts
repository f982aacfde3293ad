// What the simulated AWS holds. Fields of AWS's own answers keep AWS's names and forms: times are epoch seconds.

/** KeyMetadata of DescribeKey without what follows from the ARN and the state (`Arn`, `KeyId`, `AWSAccountId`, `Enabled`). */
export interface SimulatedKeyMetadata {
  readonly CreationDate?: number;
  readonly Description?: string;
  readonly KeyUsage?: string;
  readonly KeyState?: string;
  readonly DeletionDate?: number;
  readonly PendingDeletionWindowInDays?: number;
  readonly ValidTo?: number;
  readonly ExpirationModel?: string;
  readonly Origin?: string;
  readonly KeyManager?: string;
  readonly CustomerMasterKeySpec?: string;
  readonly KeySpec?: string;
  readonly EncryptionAlgorithms?: readonly string[];
  readonly SigningAlgorithms?: readonly string[];
  readonly MacAlgorithms?: readonly string[];
  readonly MultiRegion?: boolean;
  readonly MultiRegionConfiguration?: SimulatedMultiRegion;
  readonly CustomKeyStoreId?: string;
  readonly CloudHsmClusterId?: string;
  readonly CurrentKeyMaterialId?: string;
}

export interface SimulatedMultiRegion {
  readonly MultiRegionKeyType: string;
  readonly PrimaryKey: SimulatedReplica;
  readonly ReplicaKeys: readonly SimulatedReplica[];
}

export interface SimulatedReplica {
  readonly Arn: string;
  readonly Region: string;
}

/** An entry of ListGrants, without its `KeyId`. */
export interface SimulatedGrant {
  readonly GrantId: string;
  readonly Name?: string;
  readonly CreationDate: number;
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly IssuingAccount?: string;
  readonly Operations: readonly string[];
  readonly Constraints?: SimulatedConstraints;
}

export interface SimulatedConstraints {
  readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
}

/** GetKeyRotationStatus. */
export interface SimulatedRotation {
  readonly KeyRotationEnabled: boolean;
  readonly RotationPeriodInDays?: number;
  readonly NextRotationDate?: number;
  readonly OnDemandRotationStartDate?: number;
}

export interface SimulatedTag {
  readonly TagKey: string;
  readonly TagValue: string;
}

export interface SimulatedKey {
  readonly arn: string;
  readonly metadata: SimulatedKeyMetadata;
  /** The text of the policy `default`, exactly as GetKeyPolicy answers it. */
  readonly policy: string;
  readonly grants: readonly SimulatedGrant[];
  readonly rotation: SimulatedRotation;
  readonly tags: readonly SimulatedTag[];
  /** Names such as `alias/cmek`, in the key's own account and region. */
  readonly aliases: readonly string[];
}

/** An entry of DescribeTrails without what follows from the ARN (`TrailARN`, `Name`, `HomeRegion`). */
export interface SimulatedTrailDescription {
  readonly S3BucketName?: string;
  readonly S3KeyPrefix?: string;
  readonly SnsTopicARN?: string;
  readonly IncludeGlobalServiceEvents?: boolean;
  readonly IsMultiRegionTrail?: boolean;
  readonly IsOrganizationTrail?: boolean;
  readonly LogFileValidationEnabled?: boolean;
  readonly CloudWatchLogsLogGroupArn?: string;
  readonly CloudWatchLogsRoleArn?: string;
  readonly KmsKeyId?: string;
  readonly HasCustomEventSelectors?: boolean;
  readonly HasInsightSelectors?: boolean;
}

/** GetTrailStatus. The `…Attempt…` fields are texts, empty where nothing was tried yet. */
export interface SimulatedTrailStatus {
  readonly IsLogging?: boolean;
  readonly LatestDeliveryTime?: number;
  readonly LatestDeliveryError?: string;
  readonly LatestDigestDeliveryTime?: number;
  readonly LatestDigestDeliveryError?: string;
  readonly StartLoggingTime?: number;
  readonly StopLoggingTime?: number;
  readonly LatestDeliveryAttemptTime?: string;
  readonly LatestDeliveryAttemptSucceeded?: string;
  readonly TimeLoggingStarted?: string;
  readonly TimeLoggingStopped?: string;
}

export interface SimulatedClassicSelector {
  readonly ReadWriteType?: string;
  readonly IncludeManagementEvents?: boolean;
  readonly DataResources?: readonly SimulatedDataResource[];
  readonly ExcludeManagementEventSources?: readonly string[];
}

export interface SimulatedDataResource {
  readonly Type: string;
  readonly Values: readonly string[];
}

export interface SimulatedAdvancedSelector {
  readonly Name?: string;
  readonly FieldSelectors: readonly SimulatedFieldSelector[];
}

export interface SimulatedFieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly EndsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
  readonly NotStartsWith?: readonly string[];
  readonly NotEndsWith?: readonly string[];
}

export interface SimulatedSelectors {
  readonly EventSelectors?: readonly SimulatedClassicSelector[];
  readonly AdvancedEventSelectors?: readonly SimulatedAdvancedSelector[];
}

export interface SimulatedTrail {
  readonly arn: string;
  readonly description: SimulatedTrailDescription;
  readonly status: SimulatedTrailStatus;
  readonly selectors: SimulatedSelectors;
}
