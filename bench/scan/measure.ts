/** What one run cost the process that it ran in. */
export interface Cost {
  readonly wall_ms: number;
  readonly cpu_ms: number;
  /** Of it, what the thread of the event loop took. */
  readonly loop_ms: number;
}

export async function measure(work: () => Promise<void>): Promise<Cost> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const loop = process.threadCpuUsage();
  const begun = performance.now();
  await work();
  const wall_ms = performance.now() - begun;
  const spent = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  return { wall_ms, cpu_ms: spent(process.cpuUsage(cpu)), loop_ms: spent(process.threadCpuUsage(loop)) };
}
