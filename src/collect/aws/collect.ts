import { known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import type { Turn } from "../turn.ts";
import { createAwsReading } from "./aws-reading.ts";
import { readKey } from "./read-key.ts";
import { readOrganization } from "./read-organization.ts";
import { readTrails } from "./read-trails.ts";
import type { AwsReader } from "./reader.ts";

export interface AwsCollectorOptions {
  readonly reader: AwsReader;
  readonly clock: Clock;
  /** Whether the policies of the organization above an account may be read: `reads.aws_organization`. */
  readonly readsOrganization: boolean;
}

/** Reads KMS keys, and of their accounts and regions the trails and, where it may, what the organization sets them. */
export function createAwsCollector({ reader, clock, readsOrganization }: AwsCollectorOptions): Collector<KeyResource> {
  const reading = createAwsReading(reader, clock);
  return {
    readKey: (key, lane, within) => readKey(reading, key, { lane, deadline: clock.steady() + within }),

    async readScope(scope, lane, within) {
      if (lane === "fast") return [];
      const [account = "", region = ""] = scope.split("/");
      const turn: Turn = { lane, deadline: clock.steady() + within };
      const trails = readTrails(reading, { account, region, ...turn });
      if (!readsOrganization) return trails;
      const organization = reading.ask("organizations:DescribePolicy", async () => ({
        facts: { organization_policies: known(await readOrganization(reader, { account, ...turn })) },
      }));
      return [...(await trails), await organization];
    },
  };
}
