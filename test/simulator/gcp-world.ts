import { sampleCryptoKey } from "../../src/simulator/gcp/resources.ts";
import { testSimulator } from "./aws-clients.ts";
import { addSamples, keyName, kmsClient, once, rest, ringName } from "./gcp-clients.ts";

export const otherKey = `${ringName}/cryptoKeys/other`;

/** The samples with a second key, and a call or two of each wire. Its clock goes on by `pass` alone. */
export async function gcpWorld() {
  let now = 1_000_000;
  const simulator = await testSimulator({ now: () => now });
  addSamples(simulator);
  simulator.gcp.addKey(sampleCryptoKey({ name: otherKey }));
  const kms = kmsClient(simulator);
  return {
    simulator,
    control: simulator.control,
    pass: (ms: number) => {
      now += ms;
    },
    kms,
    getKey: (name = keyName) => kms.getCryptoKey({ name }, once()),
    policy: (resource = keyName) => kms.getIamPolicy({ resource }, once()),
    list: () => kms.listCryptoKeys({ parent: ringName }, once()),
    role: (role = "roles/owner") => rest(simulator, `/v1/${role}`),
  };
}
