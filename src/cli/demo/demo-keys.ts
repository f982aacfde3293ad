import type { Simulator } from "../../simulator/simulator.ts";
import { addAwsDemoKeys, awsDemoStates } from "./aws-demo-keys.ts";
import { addAzureDemoKeys, azureDemoStates } from "./azure-demo-keys.ts";
import type { DemoKey, DemoState } from "./demo-state.ts";
import { addGcpDemoKeys, gcpDemoStates } from "./gcp-demo-keys.ts";

/** One key for each important failure, named after it. */
export const demoStates: Readonly<Record<string, DemoState>> = {
  ...awsDemoStates,
  ...gcpDemoStates,
  ...azureDemoStates,
};

/** Fills the simulated clouds, and returns the keys as they are to be registered. */
export function addDemoKeys(simulator: Simulator): readonly DemoKey[] {
  return [...addAwsDemoKeys(simulator), ...addGcpDemoKeys(simulator), ...addAzureDemoKeys(simulator)];
}
