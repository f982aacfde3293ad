import { type kmsClient, once } from "../../simulator/gcp-clients.ts";
import type { GcloudCommand } from "./parse-gcloud.ts";

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `gcloud kms keys update`: labels are read, changed and written as a whole, the rest is written as it is given. */
export async function updateKey(
  { flags }: GcloudCommand,
  kms: ReturnType<typeof kmsClient>,
  name: string,
): Promise<void> {
  const changes = { ...(await labelsAfter(flags, kms, name)), ...rotationOf(flags) };
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
