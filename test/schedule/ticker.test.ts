import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTicker, type Ticker } from "../../src/schedule/ticker.ts";
import { start } from "../store/support/material.ts";
import { recordingLog } from "../support/recording-log.ts";

let ticker: Ticker;
let ticks = 0;
const { lines, log } = recordingLog();

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  ticks = 0;
  lines.length = 0;
  ticker = startTicker(async () => {
    ticks += 1;
  }, log);
});
afterEach(async () => {
  await ticker.stop();
  vi.useRealTimers();
});

async function ticksIn(seconds: number): Promise<number> {
  const before = ticks;
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  return ticks - before;
}

describe("the ticker", () => {
  it("ticks once a second until it is stopped", async () => {
    expect(await ticksIn(10)).toBe(10);
    expect(lines).toEqual([]);
    await ticker.stop();
    expect(await ticksIn(10)).toBe(0);
  });

  it("says nothing of a tick that takes longer than a second, and writes no line of its own", async () => {
    const written = vi.spyOn(console, "warn").mockReturnValue();
    await ticker.stop();
    ticker = startTicker(() => new Promise((resolve) => setTimeout(resolve, 3500)), log);
    await ticksIn(10);
    expect(written).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
    written.mockRestore();
  });

  it.each([-3_600_000, -86_400_000, 3_600_000])("goes on when the clock is set by %i ms", async (by) => {
    await ticksIn(5.1);
    vi.setSystemTime(Date.now() + by);
    expect(await ticksIn(10)).toBeGreaterThanOrEqual(8);
    expect(lines).toMatchObject([{ level: "info", fields: { by_ms: by } }]);
  });
});
