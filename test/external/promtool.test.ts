import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { createWorld } from "../support/running-service.ts";
import { externalSuite } from "./external-suite.ts";

externalSuite("promtool", { needs: ["promtool"] }, () => {
  it("finds the metrics of a running service in order", async () => {
    const world = await createWorld();
    const server = await world.start();
    try {
      const begun = await server.service.schedule.requestScan(null, "full");
      await Promise.all(begun.map(({ done }) => done));
      const text = await (await fetch(`${server.url}/metrics`)).text();

      const promtool = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });

      // prom-client names some gauges of Node.js as counters are named; whatever else promtool says is ours.
      const said = (promtool.stderr + promtool.stdout).split("\n").filter((line) => line !== "");
      expect(said.filter((line) => !line.startsWith("nodejs_active_"))).toEqual([]);
      // 3: only such remarks; 1: it could not be read.
      expect([0, 3]).toContain(promtool.status);
      expect(text).toContain('keyposture_key_state{provider="aws",key="prod",state="enabled"} 1');
    } finally {
      await server.close();
      await world.close();
    }
  });
});
