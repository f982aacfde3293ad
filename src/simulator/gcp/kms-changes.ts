// The operations of Cloud KMS that change what can be read, as `gcloud kms keys …` makes them.
import type { Change } from "../merge-patch.ts";
import type { JsonObject } from "../shape.ts";
import { wordText } from "./enum-words.ts";
import { GcpError } from "./gcp-error.ts";
import { type GcpOperation, type GcpRequest, objectOf, textOf, textsOf } from "./gcp-operation.ts";
import { durationMs, durationText, timestampText, timeText } from "./gcp-time.ts";
import { requestedKey, requestedVersion } from "./kms-lookup.ts";
import { keyMessage, versionMessage } from "./kms-messages.ts";
import type { SimulatedCryptoKey, SimulatedCryptoKeyVersion } from "./resource-types.ts";

/** What each path of an update mask does. */
const keyChanges: Readonly<
  Record<string, (key: JsonObject, before: SimulatedCryptoKey) => Change<SimulatedCryptoKey>>
> = {
  labels: (key, before) => ({
    labels: { ...Object.fromEntries(Object.keys(before.labels).map((name) => [name, null])), ...labelsOf(key) },
  }),
  rotation_period: ({ rotationPeriod }) => ({ rotationPeriod: messageText(rotationPeriod, durationText) }),
  next_rotation_time: ({ nextRotationTime }) => ({ nextRotationTime: messageText(nextRotationTime, timestampText) }),
  version_template: (key) => {
    const template = objectOf(key, "versionTemplate");
    return {
      versionTemplate: {
        algorithm: wordText(template["algorithm"]),
        protectionLevel: wordText(template["protectionLevel"]),
      },
    };
  },
  key_access_justifications_policy: ({ keyAccessJustificationsPolicy: policy }) => ({
    keyAccessJustificationsPolicy: isMessage(policy) ? { allowedAccessReasons: wordsOf(policy) } : null,
  }),
};

function updateCryptoKey(request: GcpRequest): JsonObject {
  const named = { ...request, input: objectOf(request.input, "cryptoKey") };
  const before = requestedKey(named, "name");
  const paths = textsOf(objectOf(request.input, "updateMask"), "paths");
  const wrong = paths.find((path) => keyChanges[path] === undefined);
  if (paths.length === 0 || wrong !== undefined) {
    throw new GcpError(
      "INVALID_ARGUMENT",
      `The update mask must name fields that can be changed, not '${wrong ?? ""}'.`,
    );
  }
  for (const path of paths) {
    request.state.keys.patch(before.name, keyChanges[path]?.(named.input, before));
  }
  return keyMessage(requestedKey(named, "name"));
}

function updatePrimaryVersion(request: GcpRequest): JsonObject {
  const { name, versions } = requestedKey(request, "name");
  const primary = textOf(request.input, "cryptoKeyVersionId");
  const state = Object.hasOwn(versions, primary) ? versions[primary]?.state : undefined;
  if (state !== "ENABLED") {
    throw wrongState(`${name}/cryptoKeyVersions/${primary}`, state ?? "missing", "ENABLED");
  }
  request.state.keys.patch(name, { primary });
  return keyMessage(requestedKey(request, "name"));
}

function createVersion(request: GcpRequest): JsonObject {
  const key = requestedKey(request, "parent");
  const number = String(Math.max(0, ...Object.keys(key.versions).map(Number)) + 1);
  const made = timeText(request.now());
  const { algorithm, protectionLevel } = key.versionTemplate ?? {
    algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
    protectionLevel: "SOFTWARE",
  };
  const version = { state: "ENABLED", algorithm, protectionLevel, createTime: made, generateTime: made };
  return changeVersion(request, { key, number }, version);
}

/** Only between enabled and disabled. https://cloud.google.com/kms/docs/key-states */
function updateVersion(request: GcpRequest): JsonObject {
  const version = objectOf(request.input, "cryptoKeyVersion");
  const found = requestedVersion({ ...request, input: version }, "name");
  const state = wordText(version["state"]);
  if (!["ENABLED", "DISABLED"].includes(state)) {
    throw new GcpError("INVALID_ARGUMENT", `A version cannot be updated to the state ${state}.`);
  }
  expectState(found, ["ENABLED", "DISABLED"]);
  return changeVersion(request, found, { state });
}

function destroyVersion(request: GcpRequest): JsonObject {
  const found = requestedVersion(request, "name");
  expectState(found, ["ENABLED", "DISABLED"]);
  const destroyTime = timeText(request.now() + durationMs(found.key.destroyScheduledDuration));
  return changeVersion(request, found, { state: "DESTROY_SCHEDULED", destroyTime });
}

/** The version comes back disabled. https://cloud.google.com/kms/docs/destroy-restore */
function restoreVersion(request: GcpRequest): JsonObject {
  const found = requestedVersion(request, "name");
  expectState(found, ["DESTROY_SCHEDULED"]);
  return changeVersion(request, found, { state: "DISABLED", destroyTime: null });
}

interface FoundVersion {
  readonly key: SimulatedCryptoKey;
  readonly number: string;
}

function expectState({ key, number }: FoundVersion, states: readonly string[]): void {
  const state = key.versions[number]?.state ?? "missing";
  if (!states.includes(state)) {
    throw wrongState(`${key.name}/cryptoKeyVersions/${number}`, state, states.join(" or "));
  }
}

function wrongState(name: string, state: string, expected: string): GcpError {
  return new GcpError("FAILED_PRECONDITION", `${name} is in the state ${state}; expected ${expected}.`);
}

function changeVersion(
  { state }: GcpRequest,
  { key, number }: FoundVersion,
  change: Change<SimulatedCryptoKeyVersion>,
): JsonObject {
  state.keys.patch(key.name, { versions: { [number]: change } });
  return versionMessage(state.keys.get(key.name) ?? key, number) ?? {};
}

function labelsOf(key: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(key, "labels")).map(([name, value]) => [name, String(value)]));
}

/** A message that may be missing, as text; null deletes the field. */
function messageText(value: unknown, text: (message: JsonObject) => string): string | null {
  return isMessage(value) ? text(value) : null;
}

function isMessage(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}

function wordsOf(policy: JsonObject): readonly string[] {
  const reasons = policy["allowedAccessReasons"];
  return Array.isArray(reasons) ? reasons.map(wordText) : [];
}

export const kmsChanges = {
  "cloudkms:UpdateCryptoKey": {
    permission: "cloudkms.cryptoKeys.update",
    target: ({ cryptoKey }) => (isMessage(cryptoKey) ? textOf(cryptoKey, "name") : null),
    answer: updateCryptoKey,
  },
  "cloudkms:UpdateCryptoKeyPrimaryVersion": {
    permission: "cloudkms.cryptoKeys.update",
    target: (input) => textOf(input, "name"),
    answer: updatePrimaryVersion,
  },
  "cloudkms:CreateCryptoKeyVersion": {
    permission: "cloudkms.cryptoKeyVersions.create",
    target: (input) => textOf(input, "parent"),
    answer: createVersion,
  },
  "cloudkms:UpdateCryptoKeyVersion": {
    permission: "cloudkms.cryptoKeyVersions.update",
    target: ({ cryptoKeyVersion }) => (isMessage(cryptoKeyVersion) ? textOf(cryptoKeyVersion, "name") : null),
    answer: updateVersion,
  },
  "cloudkms:DestroyCryptoKeyVersion": {
    permission: "cloudkms.cryptoKeyVersions.destroy",
    target: (input) => textOf(input, "name"),
    answer: destroyVersion,
  },
  "cloudkms:RestoreCryptoKeyVersion": {
    permission: "cloudkms.cryptoKeyVersions.restore",
    target: (input) => textOf(input, "name"),
    answer: restoreVersion,
  },
} as const satisfies Record<string, GcpOperation>;
