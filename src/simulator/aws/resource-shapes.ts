// The types of resources.ts once more as data, so that a change that comes over HTTP can be refused by name and place.
import type { ShapeOf } from "../shape.ts";
import type {
  SimulatedAdvancedSelector,
  SimulatedClassicSelector,
  SimulatedFieldSelector,
  SimulatedGrant,
  SimulatedKey,
  SimulatedKeyMetadata,
  SimulatedReplica,
  SimulatedTag,
  SimulatedTrail,
  SimulatedTrailDescription,
  SimulatedTrailStatus,
} from "./resource-types.ts";

const text = { optional: "string" } as const;
const flag = { optional: "boolean" } as const;
const count = { optional: "number" } as const;
const texts = { optional: { list: "string" } } as const;
const textMap = { optional: { map: "string" } } as const;

const replicaShape = { fields: { Arn: "string", Region: "string" } } as const satisfies ShapeOf<SimulatedReplica>;

const metadataShape = {
  fields: {
    CreationDate: count,
    Description: text,
    KeyUsage: text,
    KeyState: text,
    DeletionDate: count,
    PendingDeletionWindowInDays: count,
    ValidTo: count,
    ExpirationModel: text,
    Origin: text,
    KeyManager: text,
    CustomerMasterKeySpec: text,
    KeySpec: text,
    EncryptionAlgorithms: texts,
    SigningAlgorithms: texts,
    MacAlgorithms: texts,
    MultiRegion: flag,
    MultiRegionConfiguration: {
      optional: {
        fields: { MultiRegionKeyType: "string", PrimaryKey: replicaShape, ReplicaKeys: { list: replicaShape } },
      },
    },
    CustomKeyStoreId: text,
    CloudHsmClusterId: text,
    CurrentKeyMaterialId: text,
  },
} as const satisfies ShapeOf<SimulatedKeyMetadata>;

const grantShape = {
  fields: {
    GrantId: "string",
    Name: text,
    CreationDate: "number",
    GranteePrincipal: text,
    GranteeServicePrincipal: text,
    RetiringPrincipal: text,
    RetiringServicePrincipal: text,
    IssuingAccount: text,
    Operations: { list: "string" },
    Constraints: {
      optional: { fields: { EncryptionContextSubset: textMap, EncryptionContextEquals: textMap } },
    },
  },
} as const satisfies ShapeOf<SimulatedGrant>;

const tagShape = { fields: { TagKey: "string", TagValue: "string" } } as const satisfies ShapeOf<SimulatedTag>;

export const keyShape = {
  fields: {
    arn: "string",
    metadata: metadataShape,
    policy: "string",
    grants: { list: grantShape },
    rotation: {
      fields: {
        KeyRotationEnabled: "boolean",
        RotationPeriodInDays: count,
        NextRotationDate: count,
        OnDemandRotationStartDate: count,
      },
    },
    tags: { list: tagShape },
    aliases: { list: "string" },
  },
} as const satisfies ShapeOf<SimulatedKey>;

const descriptionShape = {
  fields: {
    S3BucketName: text,
    S3KeyPrefix: text,
    SnsTopicARN: text,
    IncludeGlobalServiceEvents: flag,
    IsMultiRegionTrail: flag,
    IsOrganizationTrail: flag,
    LogFileValidationEnabled: flag,
    CloudWatchLogsLogGroupArn: text,
    CloudWatchLogsRoleArn: text,
    KmsKeyId: text,
    HasCustomEventSelectors: flag,
    HasInsightSelectors: flag,
  },
} as const satisfies ShapeOf<SimulatedTrailDescription>;

const statusShape = {
  fields: {
    IsLogging: flag,
    LatestDeliveryTime: count,
    LatestDeliveryError: text,
    LatestDigestDeliveryTime: count,
    LatestDigestDeliveryError: text,
    StartLoggingTime: count,
    StopLoggingTime: count,
    LatestDeliveryAttemptTime: text,
    LatestDeliveryAttemptSucceeded: text,
    TimeLoggingStarted: text,
    TimeLoggingStopped: text,
  },
} as const satisfies ShapeOf<SimulatedTrailStatus>;

const classicSelectorShape = {
  fields: {
    ReadWriteType: text,
    IncludeManagementEvents: flag,
    DataResources: { optional: { list: { fields: { Type: "string", Values: { list: "string" } } } } },
    ExcludeManagementEventSources: texts,
  },
} as const satisfies ShapeOf<SimulatedClassicSelector>;

const fieldSelectorShape = {
  fields: {
    Field: "string",
    Equals: texts,
    StartsWith: texts,
    EndsWith: texts,
    NotEquals: texts,
    NotStartsWith: texts,
    NotEndsWith: texts,
  },
} as const satisfies ShapeOf<SimulatedFieldSelector>;

const advancedSelectorShape = {
  fields: { Name: text, FieldSelectors: { list: fieldSelectorShape } },
} as const satisfies ShapeOf<SimulatedAdvancedSelector>;

export const trailShape = {
  fields: {
    arn: "string",
    description: descriptionShape,
    status: statusShape,
    selectors: {
      fields: {
        EventSelectors: { optional: { list: classicSelectorShape } },
        AdvancedEventSelectors: { optional: { list: advancedSelectorShape } },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedTrail>;
