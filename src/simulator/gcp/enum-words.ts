// Words of closed lists. In gRPC they are numbers: a word that Google does not define could not be sent.
import { ControlError } from "../control-error.ts";
import { type EnumPlace, enumNames } from "./proto-definitions.ts";

/** Where each is defined: by itself, or inside a message. */
const enums = {
  purpose: { file: "kms", name: "google.cloud.kms.v1.CryptoKey", inner: "CryptoKeyPurpose" },
  versionState: { file: "kms", name: "google.cloud.kms.v1.CryptoKeyVersion", inner: "CryptoKeyVersionState" },
  algorithm: { file: "kms", name: "google.cloud.kms.v1.CryptoKeyVersion", inner: "CryptoKeyVersionAlgorithm" },
  protectionLevel: { file: "kms", name: "google.cloud.kms.v1.ProtectionLevel" },
  accessReason: { file: "kms", name: "google.cloud.kms.v1.AccessReason" },
  projectState: { file: "resourceManager", name: "google.cloud.resourcemanager.v3.Project", inner: "State" },
  logType: { file: "resourceManager", name: "google.iam.v1.AuditLogConfig", inner: "LogType" },
} as const satisfies Record<string, EnumPlace>;
export type EnumName = keyof typeof enums;

/**
 * Checks a word, or the number of a value that no client knows yet, as text.
 * @throws ControlError with the words that are known.
 */
export function checkWord(name: EnumName, word: string | undefined, where: string): void {
  if (word === undefined || isNumber(word)) {
    return;
  }
  const known = enumNames(enums[name]);
  if (!known.includes(word)) {
    throw new ControlError(
      "wrong-value",
      where,
      `${JSON.stringify(word)} is no such word, and no number of one`,
      known,
    );
  }
}

/** A word as a message takes it. */
export function wordValue(word: string): string | number {
  return isNumber(word) ? Number(word) : word;
}

/** A word as it came in a message: a value that the definitions do not know comes as its number. */
export function wordText(value: unknown): string {
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : "";
}

function isNumber(word: string): boolean {
  return /^\d{1,9}$/.test(word);
}
