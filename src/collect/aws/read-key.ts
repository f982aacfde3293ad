import { known, unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import type { Reading } from "../../model/reading.ts";
import { absentKeyFacts } from "../absent-key-facts.ts";
import { allPages } from "../all-pages.ts";
import type { Told } from "../attempt.ts";
import { Refused } from "../refusal.ts";
import type { Turn } from "../turn.ts";
import type { AwsReading } from "./aws-reading.ts";
import { awsCalls } from "./calls.ts";
import type { AwsReader, AwsTarget } from "./reader.ts";
import { describeKeyFacts, grantsPage, keyPolicyFacts, rotationFacts, tagsPage } from "./schema/key.ts";

/** Everything that a lane reads of one key. */
export async function readKey(
  { reader, clock, ask }: AwsReading,
  { scope, resource }: KeyResource,
  turn: Turn,
): Promise<readonly Reading[]> {
  const [account = "", region = ""] = scope.split("/");
  const target = { account, region, ...turn };
  const description = ask("kms:DescribeKey", () => describeKey(reader, target, resource));
  const policy = ask("kms:GetKeyPolicy", async () => ({
    facts: keyPolicyFacts(await reader.getKeyPolicy(target, resource)),
  }));
  if (turn.lane === "fast") return Promise.all([description, policy]);

  const tags = async () => {
    const asked = asksForTags(await policy);
    if (asked === null) return [];
    if (!asked) return [tagsLeftOut(clock.now())];
    return [await ask("kms:ListResourceTags", () => listTags(reader, target, resource))];
  };
  const readings = await Promise.all([
    description,
    policy,
    ask("kms:ListGrants", () => listGrants(reader, target, resource)),
    ask("kms:GetKeyRotationStatus", async () => ({
      facts: rotationFacts(await reader.getKeyRotationStatus(target, resource)),
    })),
    tags(),
  ]);
  return readings.flat();
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

async function listGrants(reader: AwsReader, target: AwsTarget, keyArn: string): Promise<Told> {
  const grants = await allPages(async (next) => grantsPage(await reader.listGrants(target, keyArn, next)));
  // AWS promises no order: without one of our own, the same grants would look like a change.
  return { facts: { grants: known(grants.toSorted((a, b) => (a.id < b.id ? -1 : 1))) } };
}

async function listTags(reader: AwsReader, target: AwsTarget, keyArn: string): Promise<Told> {
  const tags = await allPages(async (next) => tagsPage(await reader.listResourceTags(target, keyArn, next)));
  return { facts: { tags: known(Object.fromEntries(tags)) } };
}

/**
 * Whether the policy that was just read asks for tags of the key, as a condition key or a variable; null where it could
 * not be read. Names of condition keys have no case, and JSON may write a slash with a backslash before it.
 */
function asksForTags({ answer }: Reading): boolean | null {
  const policy = answer.state === "seen" ? answer.facts["policy_text"] : undefined;
  if (policy?.state !== "known" || typeof policy.value !== "string") return null;
  return /aws:resourcetag\\?\//i.test(policy.value);
}

/** Said each time, so that tags which were read for an earlier policy are told to be left out, and not to be stale. */
function tagsLeftOut(at: number): Reading {
  const answer = unreadable("not-read-yet", "the key policy tests no tag of the key, so that none is read");
  return { call: "kms:ListResourceTags", part: null, at, answer };
}
