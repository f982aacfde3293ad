import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Server } from "../../src/cli/server.ts";
import { change as changeDatabase } from "../store/support/database-file.ts";
import { testAccount, testKeyArn } from "../support/aws-kms-key.ts";
import { createWorld, type World } from "../support/running-service.ts";

let world: World;
let server: Server;
beforeEach(async () => {
  world = await createWorld();
  server = await world.start();
  await scanned();
});
afterEach(async () => {
  await server.close();
  await world.close();
});

interface Finding {
  readonly id: string;
  readonly check: string;
  readonly outcome: string;
  readonly status: string;
  readonly evidence: unknown;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(server.url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function findings(query = ""): Promise<readonly Finding[]> {
  return (await get<{ findings: readonly Finding[] }>(`/findings${query}`)).findings;
}

const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
const byCheck = (all: readonly Finding[]) => Object.fromEntries(all.map((one) => [one.check, one]));

/** Until it holds; a test that waits in vain ends by its own time-out, with what was seen last. */
async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (let answer = await ask(); ; answer = await ask()) {
    if (holds(answer)) return answer;
    await sleep(50);
  }
}

/** A scan that began after this moment has ended. */
async function scanned(): Promise<void> {
  const asked = Date.now();
  interface Scans {
    scans: readonly { state: string; started_at: string }[];
  }
  await until(
    () => get<Scans>("/scans"),
    ({ scans }) => scans.some(({ state, started_at }) => state === "done" && Date.parse(started_at) >= asked),
  );
}

const change = (metadata: object) => world.simulator.control.patch({ resource: testKeyArn, change: { metadata } });

describe("the service, watching a simulated cloud", { timeout: 30_000 }, () => {
  it("opens one finding when a key is disabled, shows it to Prometheus, and resolves it when it is enabled", async () => {
    expect(await findings("?status=open&check=aws/key-enabled")).toEqual([]);

    change({ KeyState: "Disabled" });
    const open = await until(
      () => findings("?status=open"),
      (all) => all.length > 0,
    );

    expect(byCheck(open)["aws/key-enabled"]).toMatchObject({ outcome: "fail", status: "open" });
    expect(open.filter(({ check }) => check === "aws/key-enabled")).toHaveLength(1);
    const text = await metrics();
    expect(text).toContain('keyposture_key_state{provider="aws",key="prod",state="disabled"} 1');
    expect(text).toContain(
      'keyposture_check_failing{provider="aws",key="prod",check="aws/key-enabled",severity="critical"} 1',
    );

    change({ KeyState: "Enabled" });
    await until(
      () => findings("?status=open&check=aws/key-enabled"),
      (all) => all.length === 0,
    );
    expect(await findings("?status=resolved&check=aws/key-enabled")).toHaveLength(1);
  });

  it("says unknown, and resolves nothing, where the policy cannot be read; and names the missing permission", async () => {
    const wide = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    };
    world.simulator.control.patch({ resource: testKeyArn, change: { policy: JSON.stringify(wide) } });
    await until(
      () => findings("?status=open&check=aws/principal-role-scoped"),
      (all) => all.length === 1,
    );
    const before = byCheck(await findings("?status=open"));
    const judged = byCheck(await findings("?outcome=pass,fail"));

    world.simulator.control.deny({ call: "kms:GetKeyPolicy", reason: "access-denied" });
    const unknown = await until(
      () => findings("?outcome=unknown"),
      (all) => all.some(({ check }) => check === "aws/principal-role-scoped"),
    );

    const blind = byCheck(unknown)["aws/principal-role-scoped"];
    expect(blind).toMatchObject({ status: "open" });
    expect(JSON.stringify(blind?.evidence)).toContain('"permission":"kms:GetKeyPolicy"');
    expect(byCheck(await findings("?status=open"))).toMatchObject(
      Object.fromEntries(Object.keys(before).map((check) => [check, { status: "open" }])),
    );
    // What does not rest on the policy goes on being judged.
    for (const check of ["aws/key-enabled", "aws/key-exists", "aws/cloudtrail-logs-key-use"]) {
      expect(byCheck(unknown)[check]).toBeUndefined();
      expect(judged[check]).toMatchObject({ outcome: "pass" });
    }
    const text = await metrics();
    expect(text).toContain('check="aws/principal-role-scoped",severity="critical"} 1');
    expect(text).toMatch(
      /keyposture_unreadable_facts_total\{provider="aws",scope="[^"]+",call="kms:GetKeyPolicy",reason="access-denied"\} [1-9]/,
    );
  });

  it("goes on failing a public statement beside a source that cannot be read", async () => {
    world.simulator.control.deny({ call: "kms:ListGrants", reason: "access-denied" });
    world.simulator.control.deny({ call: "cloudtrail:DescribeTrails", reason: "access-denied" });
    const statement = { Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
    world.simulator.control.patch({
      resource: testKeyArn,
      change: { policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) },
    });

    const open = await until(
      () => findings("?status=open&check=aws/no-public-access"),
      (all) => all.length === 1,
    );

    expect(open[0]).toMatchObject({ outcome: "fail" });
  });

  it("keeps the last known state, and says that it is blind, where the state cannot be read", async () => {
    change({ KeyState: "Disabled" });
    await until(
      () => findings("?status=open&check=aws/key-enabled"),
      (all) => all.length === 1,
    );

    world.simulator.control.deny({ call: "kms:DescribeKey", reason: "access-denied" });
    const text = await until(metrics, (all) => all.includes('state="unknown"} 1'));

    expect(text).toContain('keyposture_key_state{provider="aws",key="prod",state="disabled"} 1');
    expect(text).toContain('check="aws/key-enabled",severity="critical"} 1');
  });

  it("improves no metric by a restart, and shows the down time as a gap", async () => {
    change({ KeyState: "Disabled" });
    await until(
      () => findings("?status=open&check=aws/key-enabled"),
      (all) => all.length === 1,
    );
    const [finding] = await findings("?check=aws/key-enabled");
    await server.close();
    const down = Date.now();
    await sleep(3500);
    world.simulator.control.deny({ call: "*", reason: "unavailable" });
    server = await world.start();

    const text = await metrics();
    expect(text).toContain('keyposture_key_state{provider="aws",key="prod",state="disabled"} 1');
    expect(text).toContain('check="aws/key-enabled",severity="critical"} 1');

    world.simulator.control.allow();
    await scanned();
    interface History {
      gaps: readonly { call: string; from: string; until: string | null }[];
    }
    const { gaps } = await get<History>(`/findings/${finding?.id}/history`);
    const gap = gaps.find(({ call }) => call === "kms:DescribeKey");
    expect(Date.parse(gap?.from ?? "")).toBeLessThanOrEqual(down);
    expect(Date.parse(gap?.until ?? "")).toBeGreaterThan(down + 3000);
  });

  it("takes no scan that broke for a good one after a restart", async () => {
    await server.close();
    await world.close();
    // So seldom that the restart makes none up.
    world = await createWorld({ fast: "1h", full: "2h" });
    server = await world.start();
    await scanned();
    const series = /^keyposture_scan_last_success_timestamp_seconds\{.*lane="full"\} (\S+)$/m;
    const lastGood = async () => series.exec(await until(metrics, (text) => series.test(text)))?.[1];
    await until(lastGood, (at) => Number(at) > 0);
    await server.close();
    changeDatabase(world.database, "update scan set failed_keys = 1");
    server = await world.start();
    expect(await lastGood()).toBe("0");
  });

  it("answers as of before, during and after a change what was known then", async () => {
    interface Snapshot {
      as_of: string;
      facts: Readonly<Record<string, { fact: { value?: unknown } }>>;
    }
    /** A moment at which the state is known: on a busy machine it is stale from time to time. */
    const seenAs = async (state: string) => {
      const { as_of } = await until(
        () => get<Snapshot>("/keys/prod/snapshot"),
        ({ facts }) => facts["state"]?.fact.value === state,
      );
      await sleep(10);
      return as_of;
    };
    const before = await seenAs("Enabled");
    change({ KeyState: "Disabled" });
    await until(
      () => findings("?status=open&check=aws/key-enabled"),
      (all) => all.length === 1,
    );
    const during = await seenAs("Disabled");
    change({ KeyState: "Enabled" });
    await until(
      () => findings("?status=resolved&check=aws/key-enabled"),
      (all) => all.length === 1,
    );
    const after = await seenAs("Enabled");

    const at = async (time: string) => {
      const [finding] = await findings(`?check=aws/key-enabled&as_of=${time}`);
      const { facts } = await get<Snapshot>(`/keys/prod/snapshot?as_of=${time}`);
      return [finding?.outcome, finding?.status, facts["state"]?.fact.value];
    };

    expect(await at(before)).toEqual(["pass", "none", "Enabled"]);
    expect(await at(during)).toEqual(["fail", "open", "Disabled"]);
    expect(await at(after)).toEqual(["pass", "resolved", "Enabled"]);
    expect(await findings("?as_of=2020-01-01T00:00:00Z")).toEqual([]);
  });

  it("says that a key is gone only when the provider says so, and asks nothing else of it then", async () => {
    world.simulator.control.patch({ resource: testKeyArn, change: null });

    await until(
      () => findings("?status=open&check=aws/key-exists"),
      (all) => all.length === 1,
    );
    const others = await findings("?key=prod&outcome=pass,fail,unknown,error");

    expect(others.map(({ check }) => check)).toEqual(["aws/key-exists"]);
    expect(await metrics()).toContain('keyposture_key_state{provider="aws",key="prod",state="deleted"} 1');
  });

  it("registers a key, scans it at once, and forgets its series when it is retired", async () => {
    const resource = testKeyArn.replace(testAccount, "444455556666");
    const post = await fetch(`${server.url}/keys`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "second", resource }),
    });
    expect(post.status).toBe(201);

    await until(
      () => findings("?key=second&check=aws/key-exists"),
      (all) => all.length === 1,
    );
    expect(await metrics()).toContain('key="second"');

    expect((await fetch(`${server.url}/keys/second`, { method: "DELETE" })).status).toBe(204);
    expect(await metrics()).not.toContain('key="second"');
    expect(await findings("?key=second&status=retired")).not.toEqual([]);
  });
});
