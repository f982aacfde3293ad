/** What the service does with one healthy key of a cloud that is disabled and enabled again, whichever cloud it is. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Server } from "../../src/cli/server.ts";
import type { World } from "../support/running-service.ts";

export interface WatchedKey {
  readonly cloud: string;
  readonly provider: string;
  createWorld(): Promise<World>;
  /** The one check that fails of a disabled key. */
  readonly check: string;
  disable(world: World): void;
  enable(world: World): void;
  /** What the facts say of a key that is disabled, and of one that is not. */
  stateIn(facts: Readonly<Record<string, { readonly fact: { readonly value?: unknown } }>>): unknown;
  readonly states: { readonly disabled: unknown; readonly enabled: unknown };
  /** What is missing first where all is denied. */
  readonly permission: string;
}

interface Finding {
  readonly check: string;
  readonly outcome: string;
  readonly status: string;
  readonly evidence: unknown;
}

export function describeWatchedKey({ cloud, provider, check, permission, ...key }: WatchedKey): void {
  let world: World;
  let server: Server;
  beforeEach(async () => {
    world = await key.createWorld();
    server = await world.start();
    await expect.poll(() => findings(`?check=${check}&outcome=pass`), { timeout: 30_000 }).toHaveLength(1);
  });
  afterEach(async () => {
    await server.close();
    await world.close();
  });

  async function get<T>(path: string): Promise<T> {
    const response = await fetch(server.url + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async function findings(query: string): Promise<readonly Finding[]> {
    return (await get<{ findings: readonly Finding[] }>(`/findings${query}`)).findings;
  }

  const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
  const becomes = (status: string) =>
    expect.poll(() => findings(`?status=${status}&check=${check}`), { timeout: 30_000 }).toHaveLength(1);

  const failing = `keyposture_check_failing{provider="${provider}",key="prod",check="${check}",severity="critical"} 1`;
  const stateOf = (state: string) => `keyposture_key_state{provider="${provider}",key="prod",state="${state}"} 1`;

  describe(`the service, watching a simulated ${cloud}`, { timeout: 30_000 }, () => {
    it("passes a documented key, and everything of it can be judged", async () => {
      // The fast lane may have been there first.
      await expect.poll(() => findings("?outcome=unknown,error"), { timeout: 30_000 }).toEqual([]);
      expect(await findings("?status=open")).toEqual([]);
      expect(await metrics()).toContain(stateOf("enabled"));
    });

    it("opens one finding when the primary version is disabled, shows it to Prometheus, and resolves it", async () => {
      key.disable(world);
      await becomes("open");

      expect((await findings("?status=open")).map((one) => one.check)).toEqual([check]);
      const text = await metrics();
      expect(text).toContain(stateOf("disabled"));
      expect(text).toContain(failing);

      key.enable(world);
      await becomes("resolved");
      expect(await findings("?status=open")).toEqual([]);
    });

    it("answers as of before, during and after a change what was known then", async () => {
      interface Snapshot {
        readonly as_of: string;
        readonly facts: Parameters<typeof key.stateIn>[0];
      }
      /** A moment at which the state is known: on a busy machine it is stale from time to time. */
      const seenAs = async (state: unknown) => {
        let as_of = "";
        const seen = async () => {
          const snapshot = await get<Snapshot>("/keys/prod/snapshot");
          as_of = snapshot.as_of;
          return key.stateIn(snapshot.facts);
        };
        await expect.poll(seen, { timeout: 30_000 }).toEqual(state);
        await sleep(10);
        return as_of;
      };
      const before = await seenAs(key.states.enabled);
      key.disable(world);
      await becomes("open");
      const during = await seenAs(key.states.disabled);
      key.enable(world);
      await becomes("resolved");
      const after = await seenAs(key.states.enabled);

      const at = async (time: string) => {
        const [finding] = await findings(`?check=${check}&as_of=${time}`);
        const { facts } = await get<Snapshot>(`/keys/prod/snapshot?as_of=${time}`);
        return [finding?.outcome, finding?.status, key.stateIn(facts)];
      };
      expect(await at(before)).toEqual(["pass", "none", key.states.enabled]);
      expect(await at(during)).toEqual(["fail", "open", key.states.disabled]);
      expect(await at(after)).toEqual(["pass", "resolved", key.states.enabled]);
    });

    it("improves no metric by a restart, nor by what cannot be read after it", async () => {
      key.disable(world);
      await becomes("open");
      await server.close();
      world.simulator.control.deny({ call: "*" });
      server = await world.start();

      for (const text of [await metrics(), await blindMetrics()]) {
        expect(text).toContain(stateOf("disabled"));
        expect(text).toContain(failing);
      }
      // The metrics may say so first: on a busy machine the state is stale from time to time.
      const blind = async () => (await findings(`?status=open&check=${check}`))[0];
      await expect.poll(blind, { timeout: 30_000 }).toMatchObject({ outcome: "unknown" });
      expect(JSON.stringify((await blind())?.evidence)).toContain(`"permission":"${permission}"`);

      world.simulator.control.allow();
      key.enable(world);
      await becomes("resolved");
    });
  });

  /** The metrics when the service has seen that it is blind. */
  async function blindMetrics(): Promise<string> {
    await expect.poll(metrics, { timeout: 30_000 }).toContain(stateOf("unknown"));
    return metrics();
  }
}
