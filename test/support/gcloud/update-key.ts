import { protos } from "@google-cloud/kms";
import { type kmsClient, once } from "../../simulator/gcp-clients.ts";
import type { GcloudCommand } from "./parse-gcloud.ts";

/** https://cloud.google.com/assured-workloads/key-access-justifications/docs/justification-codes */
const reasons = [
  "CUSTOMER_INITIATED_SUPPORT",
  "GOOGLE_INITIATED_SERVICE",
  "THIRD_PARTY_DATA_REQUEST",
  "GOOGLE_INITIATED_REVIEW",
  "CUSTOMER_INITIATED_ACCESS",
  "GOOGLE_INITIATED_SYSTEM_OPERATION",
  "REASON_NOT_EXPECTED",
  "MODIFIED_CUSTOMER_INITIATED_ACCESS",
  "MODIFIED_GOOGLE_INITIATED_SYSTEM_OPERATION",
  "GOOGLE_RESPONSE_TO_PRODUCTION_ALERT",
  "CUSTOMER_AUTHORIZED_WORKFLOW_SERVICING",
] as const;

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `gcloud kms keys update`: labels are read, changed and written as a whole, the rest is written as it is given. */
export async function updateKey(
  { flags }: GcloudCommand,
  kms: ReturnType<typeof kmsClient>,
  name: string,
): Promise<void> {
  const changes = { ...(await labelsAfter(flags, kms, name)), ...rotationOf(flags), ...reasonsOf(flags) };
  const paths = Object.keys(changes).map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  await kms.updateCryptoKey({ cryptoKey: { name, ...changes }, updateMask: { paths } }, once());
}

async function labelsAfter(flags: GcloudCommand["flags"], kms: ReturnType<typeof kmsClient>, name: string) {
  const updated = listOf(flags["update-labels"]).map((pair) => {
    const [, label = "", value = ""] = /^([a-z][a-z0-9_-]{0,62})=([a-z0-9_-]{0,63})$/.exec(pair) ?? [];
    if (label === "") throw new Error(`no label that Google takes: ${pair}`);
    return [label, value] as const;
  });
  const removed = listOf(flags["remove-labels"]);
  if (updated.length === 0 && removed.length === 0) return {};
  const [key] = await kms.getCryptoKey({ name }, once());
  const kept = Object.entries(key.labels ?? {}).filter(([label]) => !removed.includes(label));
  return { labels: Object.fromEntries([...kept, ...updated]) };
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",");
}

function rotationOf(flags: GcloudCommand["flags"]) {
  const period = flags["rotation-period"];
  const next = flags["next-rotation-time"];
  return {
    ...(period === undefined ? {} : { rotationPeriod: { seconds: periodSeconds(period) } }),
    ...(next === undefined ? {} : { nextRotationTime: { seconds: timeSeconds(next) } }),
  };
}

function reasonsOf(flags: GcloudCommand["flags"]) {
  const words = listOf(flags["allowed-access-reasons"]);
  if (words.length === 0) return {};
  return { keyAccessJustificationsPolicy: { allowedAccessReasons: words.map(reasonOf) } };
}

/** gcloud writes them small, and with dashes. */
function reasonOf(word: string): protos.google.cloud.kms.v1.AccessReason {
  const reason = reasons.find((one) => one.toLowerCase().replaceAll("_", "-") === word);
  if (reason === undefined) throw new Error(`gcloud knows no access reason ${word}`);
  return protos.google.cloud.kms.v1.AccessReason[reason];
}

function periodSeconds(text: string): number {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const length = Number(count) * (seconds[unit] ?? Number.NaN);
  if (!(length >= 86_400)) throw new Error(`a rotation period is a day at least: ${text}`);
  return length;
}

function timeSeconds(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) throw new Error(`no time: ${text}`);
  return Date.parse(text) / 1000;
}
