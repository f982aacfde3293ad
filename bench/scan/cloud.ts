/** The simulator in a process of its own: `cloud.ts <keys> <ms> <jitter>`, and what it is asked over the channel. */
import { startSimulator } from "../../src/simulator/simulator.ts";
import { benchKeys, simulatedKey, simulatedTrail } from "./keys.ts";

const [count = 0, ms = 0, jitter = 0] = process.argv.slice(2).map(Number);
const simulator = await startSimulator();
for (const [index, key] of benchKeys(count).entries()) simulator.aws.addKey(simulatedKey(key, index));
simulator.aws.addTrail(simulatedTrail());
simulator.control.latency({ ms, jitter });

let before = process.cpuUsage();
/** What was asked of it since the last answer, and the CPU that this took. */
process.on("message", () => {
  const { user, system } = process.cpuUsage(before);
  const { by_call } = simulator.control.calls();
  const calls = Object.fromEntries(Object.entries(by_call).map(([call, { received }]) => [call, received]));
  process.send?.({ cpu_ms: (user + system) / 1000, calls });
  simulator.control.reset({ only: ["calls"] });
  before = process.cpuUsage();
});
process.send?.({ endpoint: simulator.endpoint });
