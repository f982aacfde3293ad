/** What one run cost the process that it ran in. */
export interface Cost {
  readonly wall_ms: number;
  readonly cpu_ms: number;
}

export async function measure(work: () => Promise<void>): Promise<Cost> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wall_ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { wall_ms, cpu_ms: (user + system) / 1000 };
}
