import type { Reading } from "../../model/reading.ts";
import type { AwsReading } from "./aws-reading.ts";
import type { AwsTarget } from "./reader.ts";
import { eventSelectorsFacts, trailListFacts, trailStatusFacts } from "./schema/trail.ts";

/** The trails that an account and region are logged by, with the status and the selectors of each. */
export async function readTrails({ reader, ask }: AwsReading, target: AwsTarget): Promise<readonly Reading[]> {
  let arns: readonly string[] = [];
  const list = await ask("cloudtrail:DescribeTrails", async () => {
    const told = trailListFacts(await reader.describeTrails(target));
    if (told.arns === null) return { facts: told.facts };
    arns = told.arns;
    return {
      facts: told.facts,
      parts: { "cloudtrail:GetTrailStatus": arns, "cloudtrail:GetEventSelectors": arns },
    };
  });
  const each = arns.flatMap((arn) => [
    ask(
      "cloudtrail:GetTrailStatus",
      async () => ({ facts: trailStatusFacts(await reader.getTrailStatus(target, arn)) }),
      arn,
    ),
    ask(
      "cloudtrail:GetEventSelectors",
      async () => ({ facts: eventSelectorsFacts(await reader.getEventSelectors(target, arn)) }),
      arn,
    ),
  ]);
  return [list, ...(await Promise.all(each))];
}
