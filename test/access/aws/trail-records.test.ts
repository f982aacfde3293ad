import { describe, expect, it } from "vitest";
import { keyChange, keyUse, recordsEvent, unreadPartsOf } from "../../../src/access/aws/trail-records.ts";
import type { AwsTrailWithLogging } from "../../../src/model/aws.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testTrail } from "../../support/aws-kms-key.ts";

const denied = unreadable("access-denied", "no");
const readsOnly = [{ management_events: true, read_write: "ReadOnly", excluded_sources: [] }] as const;

function trail(changes: Partial<AwsTrailWithLogging> = {}): AwsTrailWithLogging {
  return {
    ...testTrail,
    covers_region: true,
    status: known({ logging: true, delivery_error: null }),
    selectors: known({ classic: readsOnly, advanced: null }),
    ...changes,
  };
}
const stopped = known({ logging: false, delivery_error: null });
const failing = known({ logging: true, delivery_error: "AccessDenied" });

describe("recordsEvent", () => {
  it.each([
    ["what its selectors take", trail(), true, false],
    ["nothing while it is stopped", trail({ status: stopped }), false, false],
    ["nothing while it cannot deliver", trail({ status: failing }), false, false],
    ["nothing of another region", trail({ covers_region: false, selectors: denied }), false, false],
    ["nobody knows what, without its selectors", trail({ selectors: denied }), undefined, undefined],
    ["nothing, stopped, whatever its selectors", trail({ status: stopped, selectors: denied }), false, false],
    ["nobody knows whether, without its status", trail({ status: denied }), undefined, false],
  ])("%s", (_, one, use, change) => {
    expect(recordsEvent(one, keyUse)).toBe(use);
    expect(recordsEvent(one, keyChange)).toBe(change);
  });
});

describe("unreadPartsOf", () => {
  it("names what could not be read, and why", () => {
    expect(unreadPartsOf(trail())).toEqual([]);
    expect(unreadPartsOf(trail({ status: denied }))).toEqual([{ name: `status of ${testTrail.arn}`, why: denied }]);
    expect(unreadPartsOf(trail({ selectors: denied }))).toEqual([
      { name: `selectors of ${testTrail.arn}`, why: denied },
    ]);
  });
});
