/** Since when keys outside AWS must carry a marker of the customer's organization: on the key, or on its current version. */
import type { GuidanceRevision } from "../model/guidance-revision.ts";

export const organizationMarkerRequired = {
  "2026-06": false,
  "2026-07": false,
  "2026-09": true,
} as const satisfies Record<GuidanceRevision, boolean>;

/**
 * What binds a key to an organization of the customer's: in Google Cloud a label of the key, in Azure a tag of its
 * current version.
 */
export function markerOfOrganization(organization: string): { readonly name: string; readonly value: string } {
  return { name: `${organizationMarkerPrefix}${organization.toLowerCase()}`, value: "true" };
}
export const organizationMarkerPrefix = "anthropic-org-";
