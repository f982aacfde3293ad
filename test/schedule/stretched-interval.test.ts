import { expect, it, onTestFinished } from "vitest";
import { createWorld } from "../support/running-service.ts";

it("an interval that the budget stretches is exported as it is", { timeout: 30_000 }, async () => {
  // One key, and 60 % of a request in two seconds for its fast lane.
  const world = await createWorld({ fast: "1s", full: "2s" }, { "kms:GetKeyPolicy": 0.5 });
  const server = await world.start();
  onTestFinished(async () => {
    await server.close();
    await world.close();
  });
  const interval = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return /^keyposture_key_scan_interval_seconds\{provider="aws",key="prod"\} (.*)$/m.exec(text)?.[1];
  };

  await expect.poll(interval, { timeout: 10_000 }).toBe("4");
});
