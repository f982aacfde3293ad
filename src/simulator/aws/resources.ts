// Resources with safe defaults, for tests and the demo.
import type { Change } from "../merge-patch.ts";
import { mergePatch } from "../merge-patch.ts";
import { assertShape } from "../shape.ts";
import { knownArn } from "./arn.ts";
import { keyShape, trailShape } from "./resource-shapes.ts";
import type { SimulatedKey, SimulatedTrail } from "./resource-types.ts";

export const sampleAccount = "111122223333";
export const sampleRegion = "us-east-2";
const sampleKeyArn = `arn:aws:kms:${sampleRegion}:${sampleAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const sampleTrailArn = `arn:aws:cloudtrail:${sampleRegion}:${sampleAccount}:trail/all-events`;
/** 2026-07-01T00:00:00Z. */
const sampleTime = 1782864000;

/** An enabled symmetric customer key whose policy trusts its own account alone, with the changes merged in. */
export function sampleKey(change: Change<SimulatedKey> = {}): SimulatedKey {
  const arn = change.arn ?? sampleKeyArn;
  const { partition, account } = knownArn(arn);
  const base: SimulatedKey = {
    arn,
    metadata: {
      CreationDate: sampleTime,
      Description: "",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeyState: "Enabled",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
      KeySpec: "SYMMETRIC_DEFAULT",
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      MultiRegion: false,
    },
    policy: ownAccountPolicy(partition, account),
    grants: [],
    rotation: { KeyRotationEnabled: true, RotationPeriodInDays: 365, NextRotationDate: sampleTime + 365 * 86400 },
    tags: [],
    aliases: [],
  };
  const key = mergePatch(base, change);
  assertShape<SimulatedKey>(key, keyShape, "key");
  return key;
}

/** The policy that KMS gives a key made without one. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function ownAccountPolicy(partition: string, account: string): string {
  const statement = {
    Sid: "Enable IAM User Permissions",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return JSON.stringify({ Version: "2012-10-17", Id: "key-default-1", Statement: [statement] }, null, 2);
}

/** A multi-Region trail that logs and delivers all management events, with the changes merged in. */
export function sampleTrail(change: Change<SimulatedTrail> = {}): SimulatedTrail {
  const base: SimulatedTrail = {
    arn: sampleTrailArn,
    description: {
      S3BucketName: "example-trail-bucket",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: false,
      LogFileValidationEnabled: true,
      HasCustomEventSelectors: false,
      HasInsightSelectors: false,
    },
    status: {
      IsLogging: true,
      StartLoggingTime: sampleTime,
      LatestDeliveryTime: sampleTime + 300.25,
      LatestDeliveryAttemptTime: "2026-07-01T00:05:00Z",
      LatestDeliveryAttemptSucceeded: "2026-07-01T00:05:00Z",
      TimeLoggingStarted: "2026-07-01T00:00:00Z",
      TimeLoggingStopped: "",
    },
    selectors: {
      EventSelectors: [
        {
          ReadWriteType: "All",
          IncludeManagementEvents: true,
          DataResources: [],
          ExcludeManagementEventSources: [],
        },
      ],
    },
  };
  const trail = mergePatch(base, change);
  assertShape<SimulatedTrail>(trail, trailShape, "trail");
  return trail;
}
