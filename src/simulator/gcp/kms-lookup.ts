// Which key, version or ring a request means.
import { GcpError } from "./gcp-error.ts";
import { type GcpRequest, textOf } from "./gcp-operation.ts";
import { canonicalName } from "./gcp-state.ts";
import type { SimulatedCryptoKey, SimulatedKeyRing } from "./resource-types.ts";

const patterns = {
  location: "projects/[^/]+/locations/[^/]+",
  ring: "projects/[^/]+/locations/[^/]+/keyRings/[^/]+",
  key: "projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+",
  version: "projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[^/]+",
} as const;
export type KmsName = keyof typeof patterns;

/** Whether a name has the form of a kind, whether or not it exists. */
export function isKmsName(kind: KmsName, name: string): boolean {
  return new RegExp(`^${patterns[kind]}$`).test(name);
}

/** The name in a field, with the project's id in it. */
export function requestedName({ input, state }: GcpRequest, field: string, kind: KmsName): string {
  const name = textOf(input, field);
  if (!isKmsName(kind, name)) {
    const pattern = patterns[kind].replaceAll("[^/]+", "*");
    throw new GcpError("INVALID_ARGUMENT", `Resource name [${name}] in field ${field} does not match '${pattern}'.`);
  }
  return canonicalName(state, name);
}

export function requestedKey(request: GcpRequest, field: string): SimulatedCryptoKey {
  return existingKey(request, requestedName(request, field, "key"));
}

/** The key of a version, and the version's number. */
export function requestedVersion(request: GcpRequest, field: string): { key: SimulatedCryptoKey; number: string } {
  const name = requestedName(request, field, "version");
  const [keyName = "", number = ""] = name.split("/cryptoKeyVersions/");
  const key = existingKey(request, keyName);
  if (!Object.hasOwn(key.versions, number)) {
    throw new GcpError("NOT_FOUND", `CryptoKeyVersion ${name} not found.`);
  }
  return { key, number };
}

/** A ring that was added, or that holds a key. */
export function requestedRing(request: GcpRequest, field: string): SimulatedKeyRing {
  const name = requestedName(request, field, "ring");
  const ring = allRings(request).find((candidate) => candidate.name === name);
  if (ring === undefined) {
    throw new GcpError("NOT_FOUND", `KeyRing ${name} not found.`);
  }
  return ring;
}

export function allRings({ state }: GcpRequest): readonly SimulatedKeyRing[] {
  const rings = new Map(state.rings.all().map((ring) => [ring.name, ring]));
  for (const { name, createTime } of state.keys.all()) {
    const ring = ringOf(name);
    rings.set(ring, rings.get(ring) ?? { name: ring, createTime, policy: { bindings: [] } });
  }
  return [...rings.values()];
}

/** The name of a key's ring. */
export function ringOf(key: string): string {
  return key.slice(0, key.indexOf("/cryptoKeys/"));
}

function existingKey({ state }: GcpRequest, name: string): SimulatedCryptoKey {
  const key = state.keys.get(name);
  if (key === undefined) {
    throw new GcpError("NOT_FOUND", `CryptoKey ${name} not found.`);
  }
  return key;
}
