/** Commands of `gcloud` that mend what checks find: https://cloud.google.com/sdk/gcloud/reference */
import type { GcpRegisteredKey } from "../../model/gcp.ts";
import { shellWord } from "../shell-word.ts";

/** `gcloud kms keys <command>` about a key. */
export function gcloudKey(command: string, { name, key, ring, location, project }: GcpRegisteredKey): string {
  const parents = [flag("keyring", ring), flag("location", location), flag("project", project)];
  return `gcloud kms keys ${command} ${named(key, name, parents)}`;
}

/** `gcloud kms keyrings <command>` about a key's ring. */
export function gcloudKeyRing(command: string, { ring_name, ring, location, project }: GcpRegisteredKey): string {
  const parents = [flag("location", location), flag("project", project)];
  return `gcloud kms keyrings ${command} ${named(ring, ring_name, parents)}`;
}

/** About one version of a key. */
export function gcloudVersion(
  command: string,
  version: number,
  { key, ring, location, project }: GcpRegisteredKey,
): string {
  const parents = [flag("key", key), flag("keyring", ring), flag("location", location), flag("project", project)];
  return `gcloud kms keys versions ${command} ${version} ${parents.join(" ")}`;
}

/** A flag with its value. */
export function flag(name: string, value: string): string {
  // What begins with a dash would be taken for the next flag.
  return `--${name}${value.startsWith("-") ? "=" : " "}${shellWord(value)}`;
}

/** By its id and its parents; an id that begins with a dash would be taken for a flag, a full name is not. */
function named(id: string, name: string, parents: readonly string[]): string {
  return id.startsWith("-") ? shellWord(name) : [shellWord(id), ...parents].join(" ");
}
