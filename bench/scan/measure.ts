import { monitorEventLoopDelay } from "node:perf_hooks";

/** What one run cost the process that it ran in. */
export interface Cost {
  readonly wall_ms: number;
  readonly cpu_ms: number;
  /** Of it, what the thread of the event loop took. */
  readonly loop_ms: number;
  /** How long the event loop was held, in milliseconds. Looking costs something too, so it is looked at in every run. */
  readonly held_p99: number;
  readonly held_max: number;
}

export async function measure(work: () => Promise<void>): Promise<Cost> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpu = process.cpuUsage();
  const loop = process.threadCpuUsage();
  const begun = performance.now();
  delay.enable();
  await work();
  delay.disable();
  const wall_ms = performance.now() - begun;
  const spent = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  return {
    wall_ms,
    cpu_ms: spent(process.cpuUsage(cpu)),
    loop_ms: spent(process.threadCpuUsage(loop)),
    held_p99: delay.percentile(99) / 1e6,
    held_max: delay.max / 1e6,
  };
}

/** Makes a run for each message and tells what it cost; ends when nobody is there any more who could ask. */
export function answerRuns(run: () => Promise<Cost>, end: () => Promise<void>): void {
  process.on("message", () => void run().then((cost) => process.send?.(cost)));
  process.on("disconnect", () => void end());
  process.send?.("ready");
}
