import { testGcpKeyName } from "../support/gcp-kms-key.ts";
import { createGcpWorld, type World } from "../support/running-service.ts";
import { describeWatchedKey } from "./watched-key.ts";

const changeState = ({ simulator }: World, state: string) =>
  simulator.control.patch({ resource: testGcpKeyName, change: { versions: { "1": { state } } } });

describeWatchedKey({
  cloud: "Google Cloud",
  provider: "gcp",
  createWorld: createGcpWorld,
  check: "gcp/primary-version-enabled",
  disable: (world) => changeState(world, "DISABLED"),
  enable: (world) => changeState(world, "ENABLED"),
  stateIn: ({ primary }) => (primary?.fact.value as { state: string } | undefined)?.state,
  states: { disabled: "DISABLED", enabled: "ENABLED" },
  permission: "cloudkms.cryptoKeys.list",
});
