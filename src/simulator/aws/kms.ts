// The reading operations of AWS KMS. https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html

import { knownArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import {
  type AwsOperation,
  type AwsRequest,
  type JsonObject,
  optionalCount,
  optionalText,
  pageOf,
} from "./aws-operation.ts";
import { scopeOf } from "./aws-state.ts";
import { kmsChanges } from "./kms-changes.ts";
import { keyTarget, requestedKey } from "./kms-key-lookup.ts";
import type { SimulatedKey } from "./resource-types.ts";

function describeKey(request: AwsRequest): JsonObject {
  const { arn, metadata } = requestedKey(request, { alias: true });
  const { account } = knownArn(arn);
  return {
    KeyMetadata: {
      AWSAccountId: account,
      KeyId: keyIdOf(arn),
      Arn: arn,
      ...metadata,
      Enabled: metadata.KeyState === "Enabled",
    },
  };
}

function getKeyPolicy(request: AwsRequest): JsonObject {
  const { policy } = requestedKey(request);
  const name = optionalText(request.input, "PolicyName") ?? "default";
  if (name !== "default") {
    throw new AwsError("NotFoundException", `No such policy exists: ${name}`);
  }
  return { Policy: policy, PolicyName: name };
}

function listGrants(request: AwsRequest): JsonObject {
  const { arn, grants } = requestedKey(request);
  const { input } = request;
  const limit = optionalCount(input, "Limit", { min: 1, max: 100, or: 50 });
  const [grantId, grantee] = [optionalText(input, "GrantId"), optionalText(input, "GranteePrincipal")];
  const wanted = grants.filter(
    (grant) =>
      (grantId === undefined || grant.GrantId === grantId) &&
      (grantee === undefined || grant.GranteePrincipal === grantee),
  );
  const { items, next } = pageOf(wanted, limit, optionalText(input, "Marker"), "InvalidMarkerException");
  return { Grants: items.map((grant) => ({ KeyId: arn, ...grant })), ...kmsPage(next) };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html: what cannot rotate by itself has no status, not a false one. */
function getKeyRotationStatus(request: AwsRequest): JsonObject {
  const { arn, metadata, rotation } = requestedKey(request);
  if (metadata.Origin !== undefined && metadata.Origin !== "AWS_KMS") {
    const message = `${arn} origin is ${metadata.Origin} which is not valid for this operation.`;
    throw new AwsError("UnsupportedOperationException", message);
  }
  if (metadata.KeySpec !== undefined && metadata.KeySpec !== "SYMMETRIC_DEFAULT") {
    const message = `${arn} key spec is ${metadata.KeySpec} which is not valid for this operation.`;
    throw new AwsError("UnsupportedOperationException", message);
  }
  // While a key waits for its deletion AWS answers that it does not rotate.
  return metadata.KeyState === "PendingDeletion"
    ? { KeyId: arn, KeyRotationEnabled: false }
    : { KeyId: arn, ...rotation };
}

function listResourceTags(request: AwsRequest): JsonObject {
  const { tags } = requestedKey(request);
  const limit = optionalCount(request.input, "Limit", { min: 1, max: 50, or: 50 });
  const { items, next } = pageOf(tags, limit, optionalText(request.input, "Marker"), "InvalidMarkerException");
  return { Tags: items, ...kmsPage(next) };
}

function listKeys({ account, region, input, state }: AwsRequest): JsonObject {
  const here = state.keys.all().filter(({ arn }) => scopeOf(arn) === `${account}/${region}`);
  const limit = optionalCount(input, "Limit", { min: 1, max: 1000, or: 100 });
  const { items, next } = pageOf(here, limit, optionalText(input, "Marker"), "InvalidMarkerException");
  return { Keys: items.map(({ arn }) => ({ KeyId: keyIdOf(arn), KeyArn: arn })), ...kmsPage(next) };
}

function kmsPage(next: string | undefined): JsonObject {
  return next === undefined ? { Truncated: false } : { NextMarker: next, Truncated: true };
}

function keyIdOf(arn: SimulatedKey["arn"]): string {
  return knownArn(arn).resource.slice("key/".length);
}

export const kmsOperations = {
  DescribeKey: { target: keyTarget, answer: describeKey },
  GetKeyPolicy: { target: keyTarget, answer: getKeyPolicy },
  ListGrants: { target: keyTarget, answer: listGrants },
  GetKeyRotationStatus: { target: keyTarget, answer: getKeyRotationStatus },
  ListResourceTags: { target: keyTarget, answer: listResourceTags },
  ListKeys: { target: () => null, answer: listKeys },
  ...kmsChanges,
} as const satisfies Record<string, AwsOperation>;
