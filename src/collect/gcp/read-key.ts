import { known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Reading } from "../../model/reading.ts";
import { absentKeyFacts } from "../absent-key-facts.ts";
import { allPages } from "../all-pages.ts";
import type { Told } from "../attempt.ts";
import { Refused } from "../refusal.ts";
import type { Turn } from "../turn.ts";
import { gcpCalls } from "./calls.ts";
import type { GcpReading, KeyList } from "./gcp-reading.ts";
import { absence, type KeyPlace, listKeys } from "./list-keys.ts";
import { readBoundRoles } from "./read-roles.ts";
import type { GcpTarget } from "./reader.ts";
import { keyPolicyFact } from "./schema/iam-policy.ts";
import { keyFacts, versionsPage } from "./schema/key.ts";

/**
 * Everything that a lane reads of one key. A full run also tells the policy of its ring and what the roles bound there
 * mean: readings of the scope, which the keys that are read at the same time share.
 */
export async function readKey(
  reading: GcpReading,
  { resource, scope }: KeyResource,
  turn: Turn,
): Promise<readonly Reading[]> {
  const { reader, ask } = reading;
  const target = { scope, ...turn };
  const place = placeOf(resource, scope);
  const listed = readListed(reading, target, place);
  const policy = ask("cloudkms:GetCryptoKeyIamPolicy", async () => ({
    facts: { key_policy: keyPolicyFact(await reader.getCryptoKeyIamPolicy(target, resource)) },
  }));
  if (turn.lane === "fast") return Promise.all([listed, policy]);

  const versions = ask("cloudkms:ListCryptoKeyVersions", () => listVersions(reading, target, resource));
  const ringPolicy = readRingPolicy(reading, target, place.ring);
  const roles = Promise.all([policy, ringPolicy]).then((policies) => readBoundRoles(reading, target, policies));
  const [bound, ...readings] = await Promise.all([roles, listed, policy, versions, ringPolicy]);
  return [...readings, ...bound];
}

function placeOf(resource: string, scope: string): KeyPlace {
  const [ring, id] = resource.split("/cryptoKeys/");
  if (ring === undefined || id === undefined) throw new TypeError(`${resource} is no Cloud KMS key`);
  return { scope, ring, id };
}

/** That a key is not there is too grave an answer to believe at once: it is asked for twice. */
async function readListed(reading: GcpReading, target: GcpTarget, place: KeyPlace): Promise<Reading> {
  const first = listKeys(reading, target, place.ring);
  const twice = absence(await first, place) !== undefined;
  const list = twice ? listKeys(reading, target, place.ring, first) : first;
  const made = await reading.ask("cloudkms:ListCryptoKeys", async () => tell(await list, place));
  return { ...made, at: (await list).at };
}

function tell(list: KeyList, place: KeyPlace): Told {
  const absent = absence(list, place);
  if (absent !== undefined) return { facts: absentKeyFacts(gcpCalls["cloudkms:ListCryptoKeys"].facts, absent) };
  if (list.keys instanceof Refused) throw list.keys;
  return { facts: keyFacts(list.keys.get(place.id)) };
}

async function listVersions({ reader }: GcpReading, target: GcpTarget, key: string): Promise<Told> {
  const versions = await allPages(async (next) => versionsPage(await reader.listCryptoKeyVersions(target, key, next)));
  return { facts: { versions: known(versions.toSorted((a, b) => a.number - b.number)) } };
}

function readRingPolicy({ reader, shared, ask }: GcpReading, target: GcpTarget, ring: string): Promise<Reading> {
  const call = "cloudkms:GetKeyRingIamPolicy";
  return shared.get(`${call} ${ring}`, () =>
    ask(
      call,
      async () => ({ facts: { ring_policy: keyPolicyFact(await reader.getKeyRingIamPolicy(target, ring)) } }),
      ring,
    ),
  );
}
