import type { Reading } from "../../model/reading.ts";
import { attempt, type Told } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import { type AwsCall, awsCalls } from "./calls.ts";
import type { AwsReader } from "./reader.ts";

/** What it takes to make readings of AWS's answers. */
export interface AwsReading {
  readonly reader: AwsReader;
  readonly clock: Clock;
  /** The reading of one call, for one of several things where `part` says so. */
  ask(call: AwsCall, read: () => Promise<Told>, part?: string): Promise<Reading>;
}

export function createAwsReading(reader: AwsReader, clock: Clock): AwsReading {
  return {
    reader,
    clock,
    ask: (call, read, part) => attempt(awsCalls, clock, part === undefined ? { call } : { call, part }, read),
  };
}
