import type { Call } from "../../model/call.ts";

/**
 * Every call that is made of AWS, what it needs and what it tells.
 * Quotas: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. AWS publishes none for Organizations: 4 is
 * an assumption, of which the usual quarter is one request per second.
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
  "kms:ListGrants": {
    permission: "kms:ListGrants",
    lane: "full",
    subject: "key",
    facts: ["grants"],
    quota: 100,
  },
  "kms:GetKeyRotationStatus": {
    permission: "kms:GetKeyRotationStatus",
    lane: "full",
    subject: "key",
    facts: ["rotation"],
    quota: 1000,
  },
  "kms:ListResourceTags": {
    permission: "kms:ListResourceTags",
    lane: "full",
    subject: "key",
    facts: ["tags"],
    quota: 2000,
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
  "organizations:DescribeOrganization": {
    permission: "organizations:DescribeOrganization",
    lane: "full",
    subject: "scope",
    switch: "aws_organization",
    facts: [],
    leads_to: ["organization_policies"],
    quota: 4,
  },
  "organizations:ListParents": {
    permission: "organizations:ListParents",
    lane: "full",
    subject: "scope",
    switch: "aws_organization",
    facts: [],
    leads_to: ["organization_policies"],
    quota: 4,
  },
  "organizations:ListPoliciesForTarget": {
    permission: "organizations:ListPoliciesForTarget",
    lane: "full",
    subject: "scope",
    switch: "aws_organization",
    facts: [],
    leads_to: ["organization_policies"],
    quota: 4,
  },
  "organizations:DescribePolicy": {
    permission: "organizations:DescribePolicy",
    lane: "full",
    subject: "scope",
    switch: "aws_organization",
    facts: ["organization_policies"],
    quota: 4,
  },
  "sts:AssumeRole": {
    permission: "sts:AssumeRole",
    lane: "fast",
    subject: "scope",
    facts: [],
    quota: 600,
  },
} as const satisfies Record<string, Call>;

export type AwsCall = keyof typeof awsCalls;
