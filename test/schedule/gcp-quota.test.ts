/** Many keys of Google Cloud on its quota of 300 reads a minute, by a clock that needs no time. */
import { describe, expect, it } from "vitest";
import type { gcpCalls } from "../../src/collect/gcp/calls.ts";
import { classifyGcpError } from "../../src/collect/gcp/classify-error.ts";
import type { GcpReader } from "../../src/collect/gcp/reader.ts";
import { answeringReader, cryptoKey } from "../support/gcp-answers.ts";
import { gcpCollectorOf } from "../support/gcp-collector.ts";
import { busiestMinute, configured, longestGap, minute, ratio, watchedQuota } from "./watched-quota.ts";

/** https://cloud.google.com/kms/quotas: of which the service takes a quarter. */
const floor = 300;
/** What was saved up in a second goes at once, and so does the request that is due. */
const burst = (floor * ratio) / 60 + 1;

const keyCalls = {
  listCryptoKeys: "cloudkms:ListCryptoKeys",
  getCryptoKeyIamPolicy: "cloudkms:GetCryptoKeyIamPolicy",
  listCryptoKeyVersions: "cloudkms:ListCryptoKeyVersions",
  getKeyRingIamPolicy: "cloudkms:GetKeyRingIamPolicy",
} as const satisfies Partial<Record<keyof GcpReader, keyof typeof gcpCalls>>;

interface Options {
  readonly projects: number;
  readonly keys: number;
  readonly quota_project?: string;
}

function watched({ projects, keys, quota_project }: Options) {
  const all = Array.from({ length: keys }, (_, number) => {
    const project = `project-${number % projects}`;
    return {
      name: `k${number}`,
      provider: "gcp",
      kind: "gcp.kms-key",
      resource: `projects/${project}/locations/us-east5/keyRings/r/cryptoKeys/k${number}`,
      scope: `projects/${project}`,
      account: project,
      location: "us-east5",
    } as const;
  });
  const quotaOf = (scope: string) => (quota_project === undefined ? scope : `projects/${quota_project}`);
  const told = answeringReader({
    listCryptoKeys: (ring) => ({
      cryptoKeys: all
        .filter(({ resource }) => resource.startsWith(`${ring}/`))
        .map(({ resource }) => cryptoKey(resource)),
      nextPageToken: "",
    }),
  });
  return watchedQuota({
    keys: all,
    classify: classifyGcpError,
    quotaScopeOf: ({ scope }) => quotaOf(scope),
    collector: (counted, clock) =>
      gcpCollectorOf(
        counted(told, keyCalls, ({ scope = "" }) => quotaOf(scope)),
        { clock },
      ),
  });
}

describe("100 keys of Google Cloud on one quota", { timeout: 60_000 }, () => {
  it.each<[string, Options, number]>([
    // The keys of a ring are read in seven parts, each with a list of its own.
    ["in one project", { projects: 1, keys: 100 }, 7],
    ["in four projects whose reads another one pays for", { projects: 4, keys: 100, quota_project: "scanner" }, 8],
    ["in as many projects", { projects: 100, keys: 100, quota_project: "scanner" }, 100],
  ])("%s are read within a quarter of it, and none is lost", async (_, options, lists) => {
    const { run, schedule, clock, sent, scans, lines, store, metrics } = await watched(options);
    const start = clock.steady();

    await run(45 * minute);

    expect(new Set(sent.map(({ quota }) => quota)).size).toBe(1);
    expect(busiestMinute(sent)).toBeLessThanOrEqual(floor * ratio + burst);
    expect(new Set(scans.map(({ lane }) => lane))).toEqual(new Set(["fast", "full"]));
    expect(scans.filter(({ failed_keys, refused }) => failed_keys > 0 || refused.length > 0)).toEqual([]);
    // The lists and the policies, at 60 % of 1.25 requests a second.
    const fast = 1000 * Math.ceil((lists + options.keys) / (0.6 * 1.25));
    for (let project = 0; project < options.projects; project += 1) {
      expect(schedule.intervalsOf(`projects/project-${project}`)).toMatchObject({ fast });
    }
    expect(longestGap(sent, keyCalls.getCryptoKeyIamPolicy, start + 10 * minute)).toBeLessThan(2 * fast);
    for (const { name } of await store.read.keys()) {
      const { facts } = (await store.read.currentSnapshot(name, clock.now())) ?? expect.fail(name);
      for (const fact of ["existence", "key_policy", "versions", "registration"]) {
        expect(facts[fact]?.fact.state, `${name} ${fact}`).toBe("known");
      }
    }

    const stretched = lines.filter(({ message }) => message.includes("stretches its intervals"));
    expect(stretched).toHaveLength(options.projects);
    expect(stretched[0]).toMatchObject({ level: "warn", fields: { intervals: { fast }, configured } });
    const text = await metrics();
    expect(text).toContain(`keyposture_key_scan_interval_seconds{provider="gcp",key="k0"} ${fast / 1000}\n`);
  });

  it("in projects that each have their own are read as often as configured", async () => {
    const { run, schedule, sent, lines } = await watched({ projects: 4, keys: 100 });

    await run(20 * minute);

    expect(schedule.intervalsOf("projects/project-0")).toEqual(configured);
    expect(lines.filter(({ level }) => level === "warn")).toEqual([]);
    for (const [quota, ofQuota] of Map.groupBy(sent, (one) => one.quota)) {
      expect(busiestMinute(ofQuota), quota).toBeLessThanOrEqual(floor * ratio + burst);
    }
  });
});
