import type { Call } from "../../model/call.ts";

/**
 * Every call that is made of AWS, what it needs and what it tells.
 * Quotas: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export const awsCalls = {
  "kms:DescribeKey": {
    permission: "kms:DescribeKey",
    lane: "fast",
    subject: "key",
    facts: [
      "existence",
      "read_arn",
      "state",
      "deletion_date",
      "spec",
      "usage",
      "manager",
      "origin",
      "material_expires",
      "multi_region",
    ],
    quota: 2000,
  },
  "kms:GetKeyPolicy": {
    permission: "kms:GetKeyPolicy",
    lane: "fast",
    subject: "key",
    facts: ["policy_text"],
    quota: 1000,
  },
  "cloudtrail:DescribeTrails": {
    permission: "cloudtrail:DescribeTrails",
    lane: "full",
    subject: "scope",
    facts: ["trail_list"],
    quota: 10,
  },
  "cloudtrail:GetTrailStatus": {
    permission: "cloudtrail:GetTrailStatus",
    lane: "full",
    subject: "scope",
    facts: ["trail_status"],
    each: true,
    quota: 10,
  },
  "cloudtrail:GetEventSelectors": {
    permission: "cloudtrail:GetEventSelectors",
    lane: "full",
    subject: "scope",
    facts: ["trail_selectors"],
    each: true,
    quota: 10,
  },
} as const satisfies Record<string, Call>;

export type AwsCall = keyof typeof awsCalls;
