import type { Fact } from "../../model/fact.ts";
import type { Json } from "../../model/json.ts";
import type { Reading } from "../../model/reading.ts";
import { attempt, type Told } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import { Refused } from "../refusal.ts";
import { type AwsCall, awsCalls } from "./calls.ts";
import type { AwsReader, AwsTarget } from "./reader.ts";
import {
  absentKeyFacts,
  describeKeyFacts,
  eventSelectorsFacts,
  keyPolicyFacts,
  trailListFacts,
  trailStatusFacts,
} from "./schema.ts";

/** Reads KMS keys, and the trails of their accounts and regions. */
export function createAwsCollector(reader: AwsReader, clock: Clock): Collector {
  const ask = (call: AwsCall, read: () => Promise<Told>, part?: string) =>
    attempt(awsCalls, clock, part === undefined ? { call } : { call, part }, read);
  const tell = async (answer: Promise<unknown>, facts: (answer: unknown) => Record<string, Fact<Json>>) => ({
    facts: facts(await answer),
  });

  async function readTrails(target: AwsTarget): Promise<Reading[]> {
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
      ask("cloudtrail:GetTrailStatus", () => tell(reader.getTrailStatus(target, arn), trailStatusFacts), arn),
      ask("cloudtrail:GetEventSelectors", () => tell(reader.getEventSelectors(target, arn), eventSelectorsFacts), arn),
    ]);
    return [list, ...(await Promise.all(each))];
  }

  return {
    readKey({ account, location, resource }, _lane, deadline) {
      const target = { account, region: location, deadline };
      return Promise.all([
        ask("kms:DescribeKey", () => describeKey(reader, target, resource)),
        ask("kms:GetKeyPolicy", () => tell(reader.getKeyPolicy(target, resource), keyPolicyFacts)),
      ]);
    },

    async readScope(scope, lane, deadline) {
      if (lane === "fast") return [];
      const [account = "", region = ""] = scope.split("/");
      return readTrails({ account, region, deadline });
    },
  };
}

/** "There is no such key" is an answer, and too grave a one to believe at once: it is asked for twice. */
async function describeKey(reader: AwsReader, target: AwsTarget, keyArn: string): Promise<Told> {
  const notFound = (error: unknown) => error instanceof Refused && error.refusal.reason === "not-found";
  try {
    return { facts: describeKeyFacts(await reader.describeKey(target, keyArn)) };
  } catch (error) {
    if (!notFound(error)) throw error;
  }
  try {
    return { facts: describeKeyFacts(await reader.describeKey(target, keyArn)) };
  } catch (error) {
    if (!(error instanceof Refused) || !notFound(error)) throw error;
    return { facts: absentKeyFacts(awsCalls["kms:DescribeKey"].facts, error.refusal.detail) };
  }
}
