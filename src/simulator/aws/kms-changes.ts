// The changing operations of AWS KMS, as far as they change what can be read.

import type { Change } from "../merge-patch.ts";
import { AwsError, validationError } from "./aws-error.ts";
import {
  type AwsOperation,
  type AwsRequest,
  type JsonObject,
  optionalCount,
  optionalText,
  requiredText,
} from "./aws-operation.ts";
import { keyTarget, requestedKey } from "./kms-key-lookup.ts";
import type { SimulatedKey } from "./resource-types.ts";

const secondsOfDay = 86_400;

function putKeyPolicy(request: AwsRequest): JsonObject {
  const key = requestedKey(request);
  const policy = requiredText(request.input, "Policy");
  const name = optionalText(request.input, "PolicyName") ?? "default";
  if (name !== "default") {
    throw validationError(name, "policyName", "satisfy enum value set: [default]");
  }
  if (!isJson(policy)) {
    throw new AwsError("MalformedPolicyDocumentException", "Policy contains invalid JSON");
  }
  return change(request, key, { policy });
}

function enableKey(request: AwsRequest): JsonObject {
  return change(request, keyInState(request, ["Enabled", "Disabled"]), { metadata: { KeyState: "Enabled" } });
}

function disableKey(request: AwsRequest): JsonObject {
  return change(request, keyInState(request, ["Enabled", "Disabled"]), { metadata: { KeyState: "Disabled" } });
}

function scheduleKeyDeletion(request: AwsRequest): JsonObject {
  const key = keyInState(request, ["Enabled", "Disabled", "PendingImport", "Unavailable"]);
  const days = optionalCount(request.input, "PendingWindowInDays", { min: 7, max: 30, or: 30 });
  const deletion = request.now() / 1000 + days * secondsOfDay;
  change(request, key, { metadata: { KeyState: "PendingDeletion", DeletionDate: deletion } });
  return { KeyId: key.arn, DeletionDate: deletion, KeyState: "PendingDeletion", PendingWindowInDays: days };
}

/** The key comes back disabled. https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html */
function cancelKeyDeletion(request: AwsRequest): JsonObject {
  const key = keyInState(request, ["PendingDeletion", "PendingReplicaDeletion"]);
  change(request, key, { metadata: { KeyState: "Disabled", DeletionDate: null } });
  return { KeyId: key.arn };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
function keyInState(request: AwsRequest, states: readonly string[]): SimulatedKey {
  const key = requestedKey(request);
  const state = key.metadata.KeyState ?? "";
  if (!states.includes(state)) {
    throw new AwsError("KMSInvalidStateException", `${key.arn} ${stateInWords(state)}.`);
  }
  return key;
}

function stateInWords(state: string): string {
  return state === "PendingDeletion"
    ? "is pending deletion"
    : `is ${state || "in no state"}, which is not valid for this operation`;
}

function change({ state }: AwsRequest, { arn }: SimulatedKey, difference: Change<SimulatedKey>): JsonObject {
  state.keys.patch(arn, difference);
  return {};
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const kmsChanges = {
  PutKeyPolicy: { target: keyTarget, answer: putKeyPolicy },
  EnableKey: { target: keyTarget, answer: enableKey },
  DisableKey: { target: keyTarget, answer: disableKey },
  ScheduleKeyDeletion: { target: keyTarget, answer: scheduleKeyDeletion },
  CancelKeyDeletion: { target: keyTarget, answer: cancelKeyDeletion },
} as const satisfies Record<string, AwsOperation>;
