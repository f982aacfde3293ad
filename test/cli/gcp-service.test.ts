import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Server } from "../../src/cli/server.ts";
import { testGcpKeyName } from "../support/gcp-kms-key.ts";
import { createGcpWorld, type World } from "../support/running-service.ts";

interface Finding {
  readonly check: string;
  readonly outcome: string;
  readonly status: string;
  readonly evidence: unknown;
}

let world: World;
let server: Server;
beforeEach(async () => {
  world = await createGcpWorld();
  server = await world.start();
  await expect.poll(() => findings(`?check=${check}&outcome=pass`), { timeout: 10_000 }).toHaveLength(1);
});
afterEach(async () => {
  await server.close();
  await world.close();
});

const check = "gcp/primary-version-enabled";

async function get<T>(path: string): Promise<T> {
  const response = await fetch(server.url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function findings(query: string): Promise<readonly Finding[]> {
  return (await get<{ findings: readonly Finding[] }>(`/findings${query}`)).findings;
}

const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
const changeState = (state: string) =>
  world.simulator.control.patch({ resource: testGcpKeyName, change: { versions: { "1": { state } } } });
const becomes = (status: string) =>
  expect.poll(() => findings(`?status=${status}&check=${check}`), { timeout: 10_000 }).toHaveLength(1);

const failing = `keyposture_check_failing{provider="gcp",key="prod",check="${check}",severity="critical"} 1`;
const stateOf = (state: string) => `keyposture_key_state{provider="gcp",key="prod",state="${state}"} 1`;

describe("the service, watching a simulated Google Cloud", { timeout: 30_000 }, () => {
  it("passes a documented key, and everything of it can be judged", async () => {
    // The fast lane may have been there first.
    await expect.poll(() => findings("?outcome=unknown,error"), { timeout: 10_000 }).toEqual([]);
    expect(await findings("?status=open")).toEqual([]);
    expect(await metrics()).toContain(stateOf("enabled"));
  });

  it("opens one finding when the primary version is disabled, shows it to Prometheus, and resolves it", async () => {
    changeState("DISABLED");
    await becomes("open");

    expect((await findings("?status=open")).map((one) => one.check)).toEqual([check]);
    const text = await metrics();
    expect(text).toContain(stateOf("disabled"));
    expect(text).toContain(failing);

    changeState("ENABLED");
    await becomes("resolved");
    expect(await findings("?status=open")).toEqual([]);
  });

  it("answers as of before, during and after a change what was known then", async () => {
    await sleep(10);
    const before = new Date().toISOString();
    await sleep(10);
    changeState("DISABLED");
    await becomes("open");
    const during = new Date().toISOString();
    await sleep(10);
    changeState("ENABLED");
    await becomes("resolved");
    await sleep(10);
    const after = new Date().toISOString();
    await sleep(10);

    const at = async (time: string) => {
      const [finding] = await findings(`?check=${check}&as_of=${time}`);
      interface Snapshot {
        facts: Readonly<Record<string, { fact: { value?: { state: string } } }>>;
      }
      const { facts } = await get<Snapshot>(`/keys/prod/snapshot?as_of=${time}`);
      return [finding?.outcome, finding?.status, facts["primary"]?.fact.value?.state];
    };
    expect(await at(before)).toEqual(["pass", "none", "ENABLED"]);
    expect(await at(during)).toEqual(["fail", "open", "DISABLED"]);
    expect(await at(after)).toEqual(["pass", "resolved", "ENABLED"]);
  });

  it("improves no metric by a restart, nor by what cannot be read after it", async () => {
    changeState("DISABLED");
    await becomes("open");
    await server.close();
    world.simulator.control.deny({ call: "*" });
    server = await world.start();

    for (const text of [await metrics(), await blindMetrics()]) {
      expect(text).toContain(stateOf("disabled"));
      expect(text).toContain(failing);
    }
    const [blind] = await findings(`?status=open&check=${check}`);
    expect(blind).toMatchObject({ outcome: "unknown" });
    expect(JSON.stringify(blind?.evidence)).toContain('"permission":"cloudkms.cryptoKeys.list"');

    world.simulator.control.allow();
    changeState("ENABLED");
    await becomes("resolved");
  });
});

/** The metrics when the service has seen that it is blind. */
async function blindMetrics(): Promise<string> {
  await expect.poll(metrics, { timeout: 10_000 }).toContain(stateOf("unknown"));
  return metrics();
}
