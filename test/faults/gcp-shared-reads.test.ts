/** What the keys of a ring and of a project share is asked for once, however many keys are read together. */
import { expect, it } from "vitest";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { sampleCryptoKey, sampleKeyRing, sampleProject } from "../../src/simulator/gcp/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { documentedGcpBindings } from "../support/gcp-kms-key.ts";
import { serviceOf } from "./service-of-cloud.ts";

const project = "projects/customer-keys";
const ring = `${project}/locations/us-east5/keyRings/anthropic`;
const count = 20;

async function manyKeys() {
  const simulator = await startSimulator({ seed: 1 });
  const { gcp, control } = simulator;
  const bindings = documentedGcpBindings.map(({ role, members }) => ({ role, members }));
  // One of the keys' roles is bound in the project as well.
  gcp.addProject(sampleProject({ name: project, policy: { bindings: bindings.slice(0, 1) } }));
  gcp.addKeyRing(sampleKeyRing({ name: ring }));
  const keys = Object.fromEntries(
    Array.from({ length: count }, (_, number) => [`key-${number}`, `${ring}/cryptoKeys/key-${number}`]),
  );
  for (const name of Object.values(keys)) gcp.addKey(sampleCryptoKey({ name, policy: { bindings } }));
  const config = { budgets: { "cloudkms:read": 1000 } };
  const service = await serviceOf({ simulator, local: { gcp: simulator.gcpEndpoints }, keys, config });
  const received = async (lane: "fast" | "full") => {
    control.reset({ only: ["calls"] });
    const { scans } = await service.scan(lane);
    expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0 }]);
    const calls = Object.entries(control.calls().by_call).map(([call, counts]) => [call, counts.received]);
    return Object.fromEntries(calls) as Record<string, number>;
  };
  return { control, keys, received };
}

const perKey = { "cloudkms:ListCryptoKeys": 1, "cloudkms:GetCryptoKeyIamPolicy": count };

it("of 20 keys of a ring: one list, one policy of the ring, each role and each fact of the project", {
  timeout: 30_000,
}, async () => {
  const { received } = await manyKeys();
  const once = Object.entries(gcpCalls)
    .filter(([, call]) => call.subject === "scope" && !("switch" in call) && call.facts.length > 0)
    .map(([name]) => [name, 1]);

  expect(await received("full")).toEqual({
    ...Object.fromEntries(once),
    ...perKey,
    "cloudkms:ListCryptoKeyVersions": count,
    // The two of the keys, and the project's own with what is read of the project before.
    "iam:GetRole": 3,
    "orgpolicy:GetEffectivePolicy": 2,
  });
  expect(await received("fast")).toEqual(perKey);
});

it("a key that is not in the list has it asked for once more, for all keys together", {
  timeout: 30_000,
}, async () => {
  const { control, keys, received } = await manyKeys();
  for (const name of ["key-3", "key-7"]) control.patch({ resource: keys[name] ?? "", change: null });

  expect(await received("fast")).toEqual({ ...perKey, "cloudkms:ListCryptoKeys": 2 });
});
