import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labelValuesOf, queriesOf, readDashboard } from "../rules/dashboard-file.ts";
import { readAlerts, ruleFile, ruleTestFile } from "../rules/rule-file.ts";
import { externalSuite } from "./external-suite.ts";
import { type FiringAlert, type Prometheus, pace, startPrometheus } from "./prometheus.ts";
import { breakKeys, mendKeys, startWatchedClouds, type WatchedClouds, watchedKeys } from "./watched-clouds.ts";

/** What is broken, and the alert about it. */
const broken = {
  "switched-off": "KeyPostureKeyDisabled",
  opened: "KeyPostureKeyPublicAccess",
  "gcp-opened": "KeyPostureKeyPublicAccess",
};
const expected = Object.entries(broken).map(([key, alert]) => `${alert} ${key} firing`);

externalSuite("alerts", { needs: ["prometheus", "promtool"] }, () => {
  it.each([
    ["check", ruleFile],
    ["test", ruleTestFile],
  ])("promtool %s rules finds nothing wrong", (verb, file) => {
    const { status, stdout, stderr } = spawnSync("promtool", [verb, "rules", file], { encoding: "utf8" });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  // One story, told in the order of its parts. The rules are loaded as they are, with what they wait for.
  describe("with a Prometheus that scrapes the running service", { timeout: 180_000 }, () => {
    let folder: string;
    let watched: WatchedClouds;
    let prometheus: Prometheus;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "keyposture-alerts-"));
      watched = await startWatchedClouds(folder);
      prometheus = await startPrometheus({ folder, target: new URL(watched.server.url).host, ruleFile });
    });
    afterAll(async () => {
      await prometheus.close();
      await watched.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** The names of the keys whose series an expression has. */
    async function valuesOf(expression: string): Promise<string[]> {
      return (await prometheus.query(expression)).map(({ metric }) => metric["key"] ?? "").toSorted();
    }

    /** Critical alerts, pending ones included, as `alert key state`. */
    async function pages(): Promise<string[]> {
      const all = (await prometheus.alerts()).filter(({ labels }) => labels["severity"] === "critical");
      return all.map(({ labels, state }: FiringAlert) => `${labels["alertname"]} ${labels["key"]} ${state}`).toSorted();
    }

    function eventually<T>(ask: () => Promise<T>) {
      return expect.poll(ask, { timeout: 120_000, interval: 500 });
    }

    it("sees every key enabled, and a call throttled", async () => {
      const { simulator, server } = watched;
      await eventually(() => valuesOf('keyposture_key_state{state="enabled"} == 1')).toEqual(
        Object.keys(watchedKeys).toSorted(),
      );
      simulator.control.throttle({ call: "kms:ListGrants", per_second: 0 });
      const begun = await server.service.schedule.requestScan(null, "full");
      await eventually(async () => (await prometheus.query("keyposture_provider_throttles_total > 0")).length).toBe(1);
      simulator.control.throttle({ call: "kms:ListGrants", per_second: null });
      await Promise.all(begun.map(({ done }) => done));
    });

    it("fires within two minutes for a key that is disabled and for those that are opened, and pages for nothing else", async () => {
      expect(await pages()).toEqual([]);
      breakKeys(watched.simulator);
      await eventually(pages).toEqual(expected.toSorted());
    });

    it("resolves none of them when the service may not look any more, and says that it may not", async () => {
      watched.simulator.control.deny({ call: "*" });
      await eventually(() => valuesOf('keyposture_key_state{state="unknown"} == 1')).toEqual(
        Object.keys(watchedKeys).toSorted(),
      );
      const blindSince = Date.now();
      const told: string[][] = [];
      await eventually(async () => {
        told.push(await pages());
        return prometheus.evaluatedAt();
      }).toBeGreaterThan(blindSince + 3 * pace * 1000);
      expect(told.filter((one) => !expected.every((page) => one.includes(page)))).toEqual([]);

      // That they go on firing could be their keep_firing_for; that what they ask for still holds cannot.
      for (const [key, name] of Object.entries(broken)) {
        const expression = readAlerts().find(({ alert }) => alert === name)?.expr ?? "";
        expect(await valuesOf(expression)).toContain(key);
      }
      const denied = (await prometheus.alerts()).filter(
        ({ labels }) => labels["alertname"] === "KeyPostureScannerAccessDenied",
      );
      expect(new Set(denied.map(({ labels }) => labels["provider"]))).toEqual(new Set(["aws", "gcp"]));
      expect(denied[0]?.annotations["description"]).toMatch(/these calls were refused: \w+:\w+/);
    });

    describe("the dashboard", () => {
      const dashboard = readDashboard();
      // Long enough for all that has happened; a variable that is not replaced is no PromQL.
      const variables: Readonly<Record<string, string>> = {
        provider: ".*",
        account: ".*",
        key: ".*",
        __rate_interval: "10m",
        __range: "10m",
      };
      const replaced = (text: string, values = variables) =>
        text.replaceAll(/\$(\w+)/g, (all, name: string) => values[name] ?? all);

      it.each(queriesOf(dashboard))("has data for $name", async ({ expr }) => {
        const series = await prometheus.query(replaced(expr));
        expect(series.filter(({ value }) => Number.isFinite(value)).length).toBeGreaterThan(0);
      });

      it.each(dashboard.templating.list.filter(({ type }) => type === "query"))(
        "offers values of $name",
        async (variable) => {
          const { label, selector } = labelValuesOf(variable);
          expect((await prometheus.labelValues(label, replaced(selector))).length).toBeGreaterThan(0);
        },
      );

      it("shows one key alone where one is chosen", async () => {
        const chosen = { ...variables, provider: "aws", key: "steady" };
        const tables = queriesOf(dashboard).filter(({ name }) => name.startsWith("Keys "));
        const shown = await Promise.all(tables.map(({ expr }) => prometheus.query(replaced(expr, chosen))));
        const keys = new Set(shown.flat().map(({ metric }) => metric["key"] ?? "steady"));
        expect([...keys]).toEqual(["steady"]);
      });
    });

    it("sees that the keys are mended once it may look again", async () => {
      mendKeys(watched.simulator);
      watched.simulator.control.allow();
      const expressions = readAlerts().filter(({ alert }) => Object.values(broken).includes(alert));
      await eventually(async () => (await Promise.all(expressions.map(({ expr }) => valuesOf(expr)))).flat()).toEqual(
        [],
      );
    });
  });
});
