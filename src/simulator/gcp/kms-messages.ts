// Keys and versions as messages of Cloud KMS. https://cloud.google.com/kms/docs/reference/rpc/google.cloud.kms.v1
import type { JsonObject } from "../shape.ts";
import { wordValue } from "./enum-words.ts";
import { present } from "./gcp-operation.ts";
import { durationMessage, timestampMessage } from "./gcp-time.ts";
import type { SimulatedCryptoKey, SimulatedKeyRing } from "./resource-types.ts";

/** A CryptoKey. Only a key that encrypts and decrypts has a primary version. */
export function keyMessage(key: SimulatedCryptoKey): JsonObject {
  const { versionTemplate, keyAccessJustificationsPolicy, primary } = key;
  return present({
    name: key.name,
    primary: primary !== undefined && key.purpose === "ENCRYPT_DECRYPT" ? versionMessage(key, primary) : undefined,
    purpose: wordValue(key.purpose),
    createTime: timestampMessage(key.createTime),
    nextRotationTime: timestampMessage(key.nextRotationTime),
    rotationPeriod: durationMessage(key.rotationPeriod),
    versionTemplate: versionTemplate && {
      protectionLevel: wordValue(versionTemplate.protectionLevel),
      algorithm: wordValue(versionTemplate.algorithm),
    },
    labels: key.labels,
    importOnly: key.importOnly,
    destroyScheduledDuration: durationMessage(key.destroyScheduledDuration),
    cryptoKeyBackend: key.cryptoKeyBackend,
    keyAccessJustificationsPolicy: keyAccessJustificationsPolicy && {
      allowedAccessReasons: keyAccessJustificationsPolicy.allowedAccessReasons.map(wordValue),
    },
  });
}

/** The CryptoKeyVersion with this number; undefined where there is none. */
export function versionMessage({ name, versions }: SimulatedCryptoKey, number: string): JsonObject | undefined {
  const version = Object.hasOwn(versions, number) ? versions[number] : undefined;
  return (
    version &&
    present({
      name: `${name}/cryptoKeyVersions/${number}`,
      state: wordValue(version.state),
      protectionLevel: wordValue(version.protectionLevel),
      algorithm: wordValue(version.algorithm),
      createTime: timestampMessage(version.createTime),
      generateTime: timestampMessage(version.generateTime),
      destroyTime: timestampMessage(version.destroyTime),
      destroyEventTime: timestampMessage(version.destroyEventTime),
      importJob: version.importJob,
      importTime: timestampMessage(version.importTime),
      reimportEligible: version.reimportEligible,
    })
  );
}

export function ringMessage({ name, createTime }: SimulatedKeyRing): JsonObject {
  return { name, createTime: timestampMessage(createTime) };
}
