import type { GcpCheckSettings } from "../../model/check-settings.ts";
import type { GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpProjectNames } from "./requested-resources.ts";

/** Where a key is at home, and what else is the customer's. */
export interface GcpHome {
  readonly key: GcpRegisteredKey;
  /** Null where it could not be read: id and number are then not known to be one project's. */
  readonly project: GcpProjectNames | null;
  readonly own_domains: readonly string[];
  /** By id or number, the key's own among them. */
  readonly own_projects: readonly string[];
}

export function gcpHome(
  key: GcpRegisteredKey,
  project: GcpProjectNames | null,
  { own_domains, own_projects }: GcpCheckSettings,
): GcpHome {
  const names = [key.project, ...(project === null ? [] : [project.id, project.number])];
  return {
    key,
    project: project === null ? null : { id: project.id, number: project.number },
    own_domains: own_domains.map((domain) => domain.toLowerCase()),
    own_projects: [...new Set([...names, ...own_projects])],
  };
}
