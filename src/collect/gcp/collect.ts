import type { GcpReads } from "../../model/gcp-kms-key.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import { createGcpReading, type GcpReading } from "./gcp-reading.ts";
import { readKey } from "./read-key.ts";
import { readProject } from "./read-project.ts";
import type { GcpReader } from "./reader.ts";

export interface GcpCollectorOptions {
  readonly reader: GcpReader;
  readonly clock: Clock;
  /** What beyond a project may be looked at: `reads` in the configuration. */
  readonly reads: GcpReads;
}

/** Reads Cloud KMS keys, and of their projects and what is above them what decides over the keys. */
export function createGcpCollector({ reader, clock, reads }: GcpCollectorOptions): Collector<KeyResource> {
  /** What is shared lives while somebody reads of the scope: a run that begins later sees what is then. */
  const runs = new Map<string, { readonly reading: GcpReading; readers: number }>();

  async function during<T>(scope: string, read: (reading: GcpReading) => Promise<T>): Promise<T> {
    const run = runs.get(scope) ?? { reading: createGcpReading(reader, clock), readers: 0 };
    runs.set(scope, run);
    run.readers += 1;
    try {
      return await read(run.reading);
    } finally {
      run.readers -= 1;
      if (run.readers === 0) runs.delete(scope);
    }
  }

  return {
    readKey: (key, lane, within) =>
      during(key.scope, (reading) => readKey(reading, key, { lane, deadline: clock.steady() + within })),

    async readScope(scope, lane, within) {
      if (lane === "fast") return [];
      return during(scope, (reading) =>
        readProject(reading, { scope, lane, deadline: clock.steady() + within }, reads),
      );
    },
  };
}
