import type { GcpReads } from "../../model/gcp-kms-key.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import { createScopeRuns } from "../scope-runs.ts";
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
  const during = createScopeRuns<GcpReading>();
  const made = () => createGcpReading(reader, clock);

  return {
    readKey: (key, lane, within) =>
      during(key.scope, made, (reading) => readKey(reading, key, { lane, deadline: clock.steady() + within })),

    async readScope(scope, lane, within) {
      if (lane === "fast") return [];
      return during(scope, made, (reading) =>
        readProject(reading, { scope, lane, deadline: clock.steady() + within }, reads),
      );
    },
  };
}
