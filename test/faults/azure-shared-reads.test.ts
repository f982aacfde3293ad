/** What the keys of a vault share is asked for once, however many keys are read together, and throttling loses none. */
import { expect, it } from "vitest";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import {
  sampleRoleAssignment,
  sampleServicePrincipal,
  sampleVault,
  sampleVaultKey,
} from "../../src/simulator/azure/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { assignmentId, subscription, vaults } from "./azure-clouded-service.ts";
import { serviceOf } from "./service-of-cloud.ts";

const count = 20;

async function manyKeys() {
  const simulator = await startSimulator({ seed: 1 });
  const { azure, control } = simulator;
  azure.addServicePrincipal(sampleServicePrincipal());
  azure.addVault(sampleVault({ id: vaults.own }));
  const names = Array.from({ length: count }, (_, number) => `key-${number}`);
  for (const name of names) {
    const id = `${vaults.own}/keys/${name}`;
    azure.addKey(sampleVaultKey({ id }));
    azure.addRoleAssignment(sampleRoleAssignment({ id: assignmentId(id) }));
  }
  const keys = Object.fromEntries(names.map((name) => [name, `https://customer-keys.vault.azure.net/keys/${name}`]));
  const config = { azure: { subscriptions: [subscription] }, budgets: { "arm:read": 1000, "graph:read": 1000 } };
  const service = await serviceOf({ simulator, local: { azure: simulator.azureEndpoints }, keys, config });
  return {
    simulator,
    service,
    async received(lane: "fast" | "full") {
      control.reset({ only: ["calls"] });
      const { scans } = await service.scan(lane);
      expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0 }]);
      return Object.fromEntries(
        Object.entries(control.calls().by_call).map(([call, { received }]) => [call, received]),
      );
    },
  };
}

/** Of each of the calls that tell something, so many. */
function times(calls: readonly (readonly [string, (typeof azureCalls)[keyof typeof azureCalls]])[]) {
  const telling = calls.filter(([, { facts }]) => facts.length > 0);
  return Object.fromEntries(telling.map(([name, { subject }]) => [name, subject === "key" ? count : 1]));
}

it("of 20 keys of a vault: each fact of the vault, each role and the directory are read once", {
  timeout: 30_000,
}, async () => {
  const { received } = await manyKeys();
  const all = Object.entries(azureCalls);

  expect(await received("full")).toEqual({ ...times(all), "keyvault:ListVaults": 1 });
  expect(await received("fast")).toEqual(times(all.filter(([, { lane }]) => lane === "fast")));
});

it("loses no key and no fact where Azure throttles most of what could be sent", { timeout: 60_000 }, async () => {
  const { simulator, service } = await manyKeys();
  simulator.control.throttle({ call: "*", per_second: 20 });

  const { facts, refused, exitCode, scans } = await service.scan();

  expect(simulator.control.calls().total.throttled).toBeGreaterThan(0);
  expect(scans).toMatchObject([{ state: "done", keys: count, failed_keys: 0 }]);
  expect(refused).toEqual([]);
  expect(exitCode).toBe(0);
  const states = Object.values(facts).flatMap((of) => Object.values(of).map(({ state }) => state));
  expect(new Set(states)).toEqual(new Set(["known"]));
});
