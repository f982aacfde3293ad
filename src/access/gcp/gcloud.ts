/** Commands of `gcloud` that mend what checks find: https://cloud.google.com/sdk/gcloud/reference */
import type { GcpRegisteredKey } from "../../model/gcp.ts";

/** `gcloud kms <command> <target> …` about a key: the flags that say which. */
export function gcloudKey(command: string, { key, ring, location, project }: GcpRegisteredKey): string {
  return `gcloud kms keys ${command} ${shellWord(key)} --keyring ${shellWord(ring)} --location ${shellWord(location)} --project ${shellWord(project)}`;
}

/** About one version of a key. */
export function gcloudVersion(
  command: string,
  version: number,
  { key, ring, location, project }: GcpRegisteredKey,
): string {
  return `gcloud kms keys versions ${command} ${version} --key ${shellWord(key)} --keyring ${shellWord(ring)} --location ${shellWord(location)} --project ${shellWord(project)}`;
}

/** A word for a POSIX shell: as it is where that is safe, else in quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
