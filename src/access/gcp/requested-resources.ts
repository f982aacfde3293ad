/** What a request about a key may be about, as conditions see it. */
import type { GcpProject, GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpLevel } from "../../model/gcp-access.ts";
import type { GcpRequestedResource } from "./judge-condition.ts";

const service = "cloudkms.googleapis.com";
const manager = "cloudresourcemanager.googleapis.com";

/** Id and number of the key's project, as far as they are known. */
export type GcpProjectNames = Pick<GcpProject, "id" | "number">;

/**
 * What Anthropic's requests are about: Encrypt, Decrypt and GetCryptoKey name the key.
 * https://cloud.google.com/kms/docs/reference/permissions-and-roles
 */
export function keyRequested(key: GcpRegisteredKey, project: GcpProjectNames | null): readonly GcpRequestedResource[] {
  const id = project === null ? idIn(key) : project.id;
  return [{ service, type: `${service}/CryptoKey`, name: id === null ? null : inProject(key.name, id) }];
}

/** Whatever somebody may ask of the key: it, any of its versions that `expression` speaks of, another one, its ring. */
export function anythingRequested(
  key: GcpRegisteredKey,
  project: GcpProjectNames | null,
  expression: string,
): readonly GcpRequestedResource[] {
  const versions = new Set(["1", ...(expression.match(/\d+/g) ?? []).slice(0, 20)]);
  const of = (type: string, name: string, projects: readonly (string | null)[]): readonly GcpRequestedResource[] =>
    projects.map((one) => ({ service, type: `${service}/${type}`, name: one === null ? null : inProject(name, one) }));
  const projects = project === null ? [idIn(key)] : [project.id, project.number];
  return [
    ...of("CryptoKey", key.name, projects),
    ...of("KeyRing", key.ring_name, projects),
    ...[...versions].flatMap((number) => of("CryptoKeyVersion", `${key.name}/cryptoKeyVersions/${number}`, projects)),
  ];
}

/** Of what is above the key: a condition on whoever may set the policy there is about that. */
export function policyRequested(
  { kind, name }: GcpLevel,
  project: GcpProjectNames | null,
): readonly GcpRequestedResource[] {
  if (kind === "key" || kind === "key-ring") return [];
  const of = (type: string, named: string | null) => ({ service: manager, type: `${manager}/${type}`, name: named });
  const projects = project === null ? [null] : [`projects/${project.id}`, `projects/${project.number}`];
  return [
    ...projects.map((one) => of("Project", one)),
    ...(kind === "folder" ? [of("Folder", name)] : []),
    ...(kind === "organization" ? [of("Organization", name)] : []),
  ];
}

/** Google names the project by its id: a number says nothing of that. */
function idIn({ project }: GcpRegisteredKey): string | null {
  return /^\d+$/.test(project) ? null : project;
}

function inProject(name: string, project: string): string {
  return name.replace(/^projects\/[^/]+/, `projects/${project}`);
}
