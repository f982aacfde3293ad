import type { Check } from "../../src/check/define-check.ts";
import { offerCommands } from "../../src/check/offer-correction.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import type { ResourceKind } from "../../src/model/resource.ts";
import { type TestResource, testSettings, testTime } from "./check-tester.ts";

/** The commands that a check offers for a resource, at the time and with the settings of the tables. */
export function offeredCommands<K extends ResourceKind>(
  check: Check<K>,
  { facts }: TestResource<NoInfer<K>>,
): readonly string[] | undefined {
  return offerCommands(check, facts, { at: testTime, guidance: newestGuidance, settings: testSettings });
}
