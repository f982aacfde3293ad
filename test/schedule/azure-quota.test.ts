/** Many keys of Azure on the Resource Manager's quota of 25 reads a second, by a clock that needs no time. */
import { describe, expect, it } from "vitest";
import { type AzureCall, azureCalls } from "../../src/collect/azure/calls.ts";
import { classifyAzureError } from "../../src/collect/azure/classify-error.ts";
import { allCalls, quotaNames } from "../../src/collect/call-tables.ts";
import { quotaScopeOf } from "../../src/collect/registry.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { laneShares } from "../../src/model/lane.ts";
import { answeringReader, answers, armVault, list } from "../support/azure-answers.ts";
import { azureCollectorOf } from "../support/azure-collector.ts";
import { busiestMinute, configured, longestGap, minute, ratio, type Sent, watchedQuota } from "./watched-quota.ts";

/** https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/request-limits-and-throttling: a second; of which the service takes a quarter. */
const floor = 25;
/** What was saved up in a second goes at once, and so does the request that is due. */
const burst = floor * ratio + 1;
/** Requests of each run: of a key, and of a vault, with five roles that are assigned around it. */
const requests = { fast: { key: 3, vault: 1 }, full: { key: 7, vault: 11 } } as const;
/** In milliseconds: how often a lane can be had, by its share of 6.25 requests a second. */
function shortest(lane: keyof typeof requests, { keys, vaults }: Options): number {
  const { key, vault } = requests[lane];
  return 1000 * Math.ceil((key * keys + vault * vaults) / (laneShares[lane] * floor * ratio));
}
const subscriptions = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"] as const;
const assignments = "authorization:ListRoleAssignments";

/** Every method of the reader, by the call of the same name. */
const calls = Object.fromEntries(
  (Object.keys(azureCalls) as AzureCall[]).map((call) => {
    const [, name = ""] = call.split(":");
    return [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, call];
  }),
) as Record<keyof typeof answers, AzureCall>;

interface Options {
  readonly vaults: number;
  readonly keys: number;
  readonly subscriptions: readonly string[];
}

function watched({ vaults, keys, ...azure }: Options) {
  const all = Array.from({ length: keys }, (_, number) => {
    const host = `vault-${number % vaults}.vault.azure.net`;
    return {
      name: `k${number}`,
      provider: "azure",
      kind: "azure.vault-key",
      resource: `https://${host}/keys/k${number}`,
      scope: `vaults/${host}`,
      account: host,
      location: null,
    } as const;
  });
  const listed = Array.from({ length: vaults }, (_, number) => {
    const id = answers.getVault.id.replace("acme-keys", `vault-${number}`);
    return armVault({ vaultUri: `https://vault-${number}.vault.azure.net/` }, { id });
  });
  const told = answeringReader({
    listVaults: (_kind, subscription) => (subscription === subscriptions[0] ? list(...listed) : list()),
  });
  const text = JSON.stringify({ azure });
  const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: quotaNames });
  if (!parsed.ok) return expect.fail(text);
  const { config } = parsed;
  return watchedQuota({
    keys: all,
    classify: classifyAzureError,
    quotaScopeOf: (key) => quotaScopeOf(key, config),
    // Of whichever key: what Azure counts by is in no name.
    collector: (counted, clock) =>
      azureCollectorOf(
        counted(told, calls, () => quotaScopeOf(all[0] ?? expect.fail("no keys"), config)),
        { ...azure, clock },
      ),
  });
}

const isOfArm = ({ call }: Sent) => allCalls[call]?.quota_of === "arm:read";

describe("100 keys of Azure on one quota", { timeout: 60_000 }, () => {
  it.each<[string, Options, string]>([
    [
      "in one vault",
      { vaults: 1, keys: 100, subscriptions: subscriptions.slice(0, 1) },
      `subscriptions/${subscriptions[0]}`,
    ],
    [
      "in as many vaults",
      { vaults: 100, keys: 100, subscriptions: subscriptions.slice(0, 1) },
      `subscriptions/${subscriptions[0]}`,
    ],
    ["in as many vaults of any of several subscriptions", { vaults: 100, keys: 100, subscriptions }, "subscriptions"],
  ])("%s are read within a quarter of it, and none is lost", async (_, options, quota) => {
    const { run, schedule, clock, sent, scans, lines, store, metrics } = await watched(options);
    const start = clock.steady();

    await run(45 * minute);

    expect(new Set(sent.map((one) => one.quota))).toEqual(new Set([quota]));
    expect(busiestMinute(sent.filter(isOfArm))).toBeLessThanOrEqual(60 * floor * ratio + burst);
    expect(new Set(scans.map(({ lane }) => lane))).toEqual(new Set(["fast", "full"]));
    expect(scans.filter(({ failed_keys, refused }) => failed_keys > 0 || refused.length > 0)).toEqual([]);
    const fast = shortest("fast", options);
    expect(fast).toBeGreaterThan(configured.fast);
    const intervals = { fast, full: Math.max(configured.full, shortest("full", options)) };
    for (let vault = 0; vault < options.vaults; vault += 1) {
      expect(schedule.intervalsOf(`vaults/vault-${vault}.vault.azure.net`)).toEqual(intervals);
    }
    expect(longestGap(sent, assignments, start + 10 * minute)).toBeLessThan(2 * fast);
    for (const { name } of await store.read.keys()) {
      const { facts } = (await store.read.currentSnapshot(name, clock.now())) ?? expect.fail(name);
      const unread = Object.entries(facts).filter(([, { fact }]) => fact.state !== "known");
      expect(unread, name).toEqual([]);
    }

    const stretched = lines.filter(({ message }) => message.includes("stretches its intervals"));
    expect(stretched).toHaveLength(options.vaults);
    expect(stretched[0]).toMatchObject({ level: "warn", fields: { intervals, configured } });
    const text = await metrics();
    expect(text).toContain(`keyposture_key_scan_interval_seconds{provider="azure",key="k0"} ${fast / 1000}\n`);
  });

  it("that are few are read as often as configured", async () => {
    const { run, schedule, lines, sent } = await watched({ vaults: 10, keys: 50, subscriptions });

    await run(20 * minute);

    expect(schedule.intervalsOf("vaults/vault-0.vault.azure.net")).toEqual(configured);
    expect(lines.filter(({ level }) => level === "warn")).toEqual([]);
    expect(busiestMinute(sent.filter(isOfArm))).toBeLessThanOrEqual(60 * floor * ratio + burst);
  });
});
