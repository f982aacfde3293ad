// What is there to be read: made through the official clients, as a customer would.
import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccountName, anthropicGcpMember } from "../../src/guidance/identifiers.ts";
import { markerOfOrganization } from "../../src/guidance/organization-marker.ts";
import { testAnthropicOrganization } from "../support/gcp-kms-key.ts";
import type { GcpClients } from "./gcp-emulators-servers.ts";

export const project = "projects/conformance";
export const location = `${project}/locations/us-east5`;
export const ring = `${location}/keyRings/anthropic`;

const second = 1000;
const day = 86_400 * second;
export const rotation = { period: 90 * day, next: Date.UTC(2035, 0, 1) };
export const destroyDelay = 45 * day;
export const template = { protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" } as const;
const label = markerOfOrganization(testAnthropicOrganization);
export const labels = { [label.name]: label.value, team: "payments" };

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: { readonly title: string; readonly expression: string };
}

export function bindingOf(role: string, ...members: readonly string[]): Binding {
  return { role, members };
}

/** What is documented for Anthropic's service account. */
export const documentedBindings = [
  bindingOf(gcpEncrypterDecrypterRole, anthropicGcpMember),
  bindingOf(gcpViewerRole, anthropicGcpMember),
];
/** With somebody more who may use the key. */
export function opened(member: string): readonly Binding[] {
  return [...documentedBindings, bindingOf(gcpEncrypterDecrypterRole, member)];
}
export const condition = { title: "ends", expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' };
export const ringBindings = [bindingOf("roles/cloudkms.admin", "user:admin@example.com", "group:admins@example.com")];
export const projectBindings = [bindingOf("roles/owner", "user:owner@example.com")];

/** Keys in one ring, each with something particular, by name. */
export async function makeKeys(clients: GcpClients): Promise<Record<string, string>> {
  const { kms } = clients;
  await kms.createKeyRing({ parent: location, keyRingId: "anthropic", keyRing: {} });
  const documented = await makeKey(clients, "documented");

  const rotated = await makeKey(clients, "rotated");
  await kms.createCryptoKeyVersion({ parent: rotated });
  await kms.createCryptoKeyVersion({ parent: rotated });
  await kms.updateCryptoKeyPrimaryVersion({ name: rotated, cryptoKeyVersionId: "2" });
  await disable(clients, rotated, 1);
  await kms.destroyCryptoKeyVersion({ name: `${rotated}/cryptoKeyVersions/3` });

  const disabled = await makeKey(clients, "disabled");
  await disable(clients, disabled, 1);
  const destroyed = await makeKey(clients, "destroyed");
  await kms.destroyCryptoKeyVersion({ name: `${destroyed}/cryptoKeyVersions/1` });

  const open = await makeKey(clients, "open", opened("allUsers"));
  const shared = await makeKey(clients, "shared", opened("user:stranger@example.org"));
  const namesake = `serviceAccount:${anthropicGcpAccountName}@somebody-else.iam.gserviceaccount.com`;
  const lookalike = await makeKey(clients, "lookalike", opened(namesake));
  const conditional = await makeKey(
    clients,
    "conditional",
    documentedBindings.map((one) => ({ ...one, condition })),
  );
  const signing = `${ring}/cryptoKeys/signing`;
  const versionTemplate = { protectionLevel: "HSM", algorithm: "EC_SIGN_P256_SHA256" } as const;
  const cryptoKey = { purpose: "ASYMMETRIC_SIGN", versionTemplate, labels } as const;
  await kms.createCryptoKey({ parent: ring, cryptoKeyId: "signing", cryptoKey });
  await clients.policies.setIamPolicy({ resource: signing, policy: { version: 1, bindings: documentedBindings } });
  return { documented, rotated, disabled, destroyed, open, shared, lookalike, conditional, signing };
}

/** A key with a documented policy, rotation, a longer delay, and one version. */
export async function makeKey(
  { kms, policies }: GcpClients,
  cryptoKeyId: string,
  bindings: readonly Binding[] = documentedBindings,
): Promise<string> {
  const name = `${ring}/cryptoKeys/${cryptoKeyId}`;
  const cryptoKey = { purpose: "ENCRYPT_DECRYPT", versionTemplate: template, labels } as const;
  await kms.createCryptoKey({ parent: ring, cryptoKeyId, cryptoKey });
  await kms.updateCryptoKey({
    cryptoKey: {
      name,
      rotationPeriod: { seconds: rotation.period / second },
      nextRotationTime: { seconds: rotation.next / second },
      destroyScheduledDuration: { seconds: destroyDelay / second },
    },
    updateMask: { paths: ["rotation_period", "next_rotation_time", "destroy_scheduled_duration"] },
  });
  await policies.setIamPolicy({ resource: name, policy: { version: 3, bindings } });
  return name;
}

async function disable({ kms }: GcpClients, key: string, version: number): Promise<void> {
  const cryptoKeyVersion = { name: `${key}/cryptoKeyVersions/${version}`, state: "DISABLED" } as const;
  await kms.updateCryptoKeyVersion({ cryptoKeyVersion, updateMask: { paths: ["state"] } });
}

/** Policies of the ring and the project; all use of keys is logged. */
export async function makeLevels({ policies, projects }: GcpClients): Promise<void> {
  await policies.setIamPolicy({ resource: ring, policy: { version: 1, bindings: ringBindings } });
  const auditLogConfigs = [
    { logType: "DATA_READ", exemptedMembers: ["user:loud@example.com"] },
    { logType: "DATA_WRITE" },
  ];
  const auditConfigs = [{ service: "cloudkms.googleapis.com", auditLogConfigs }];
  await projects.setIamPolicy({ resource: project, policy: { version: 1, bindings: projectBindings, auditConfigs } });
}
