/** Google Cloud: two projects under a folder and an organization, watched by the real service with every switch on. */
import { markerOfOrganization } from "../../src/guidance/organization-marker.ts";
import { sampleAccessPolicy } from "../../src/simulator/gcp/access-policy.ts";
import {
  sampleCryptoKey,
  sampleFolder,
  sampleGcpOrganization,
  sampleKeyRing,
  sampleProject,
} from "../../src/simulator/gcp/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { documentedGcpBindings, testAnthropicOrganization } from "../support/gcp-kms-key.ts";
import { type Scanned as ScannedOf, type ServiceOfCloud, serviceOf } from "./service-of-cloud.ts";

export const projects = { own: "projects/customer-keys", other: "projects/other-keys" } as const;
export const rings = {
  own: `${projects.own}/locations/us-east5/keyRings/anthropic`,
  other: `${projects.other}/locations/us-east5/keyRings/anthropic`,
} as const;
/** `open` fails two checks from the start, so that there is something that could be resolved by mistake. */
export const keys = {
  healthy: `${rings.own}/cryptoKeys/healthy`,
  open: `${rings.own}/cryptoKeys/open`,
  other: `${rings.other}/cryptoKeys/other`,
} as const;
export type KeyName = keyof typeof keys;
export type Scanned = ScannedOf<KeyName>;
export type CloudedService = ServiceOfCloud<KeyName>;

export const folder = "folders/444444444444";
export const organization = "organizations/555555555555";
/** More keys than one page of a list holds. */
const crowd = 1000;

/** With `crowded`, the ring of the first project has more keys than a page of its list. */
export async function cloudedService(options: { readonly crowded?: boolean } = {}): Promise<CloudedService> {
  const simulator = await startSimulator({ seed: 1 });
  const { gcp } = simulator;
  const label = markerOfOrganization(testAnthropicOrganization);
  const bindings = documentedGcpBindings.map(({ role, members }) => ({ role, members }));
  gcp.addOrganization(sampleGcpOrganization({ name: organization }));
  gcp.addFolder(sampleFolder({ name: folder, parent: organization }));
  gcp.addAccessPolicy(sampleAccessPolicy({ parent: organization }));
  for (const [index, name] of [projects.own, projects.other].entries()) {
    const deny = { deniedPrincipals: ["principal://goog/subject/nobody@example.com"], deniedPermissions: [unrelated] };
    gcp.addProject(
      sampleProject({
        name,
        number: `${100_000_000_001 + index}`,
        parent: folder,
        policy: { bindings: [{ role: "roles/owner", members: ["user:owner@example.com"] }] },
        deny_policies: { strict: { rules: [{ denyRule: deny }] } },
      }),
    );
  }
  for (const name of Object.values(rings)) gcp.addKeyRing(sampleKeyRing({ name }));
  for (const name of Object.values(keys)) {
    const whole = { labels: { [label.name]: label.value }, policy: { bindings } };
    gcp.addKey(sampleCryptoKey({ name, ...whole, ...(name === keys.open ? neglected : {}) }));
  }
  for (let number = 0; options.crowded === true && number < crowd; number += 1) {
    gcp.addKey(sampleCryptoKey({ name: `${rings.own}/cryptoKeys/another-${number}` }));
  }
  return serviceOf({
    simulator,
    local: { gcp: simulator.gcpEndpoints },
    keys,
    config: {
      organizations: [testAnthropicOrganization],
      gcp: { own_domains: ["example.com"] },
      reads: { gcp_ancestors: true, gcp_deny_policies: true, gcp_perimeters: true },
      // The budgets have tests of their own.
      budgets: { ratio: 1, "cloudkms:read": 1000 },
    },
  });
}

const unrelated = "compute.googleapis.com/instances.delete";
const neglected = { labels: {}, destroyScheduledDuration: "86400s" } as const;
