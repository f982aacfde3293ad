import { expect, it } from "vitest";
import { createCorrectionOf } from "../../src/audit/correction-of.ts";
import type { Rules } from "../../src/audit/judge.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { Finding } from "../../src/model/finding.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import { card } from "../support/audit-of-test.ts";
import { testSettings, testTime } from "../support/check-tester.ts";
import { testGcpKey, testGcpRegistration } from "../support/gcp-kms-key.ts";

const check = defineCheck({
  ...card,
  id: "gcp/mended-in-two-steps",
  title: "It is mended",
  resource: "gcp.kms-key",
  reads: [],
  evaluate: () => ({ outcome: "fail", message: "it is not", evidence: null }),
  commands: () => ["give new", "take old"],
});

it("several commands follow on each other only while they work", async () => {
  const registration = testGcpRegistration;
  const key = { ...testGcpKey, name: "prod", source: "api", registration, registered_at: 0, retired_at: null } as const;
  const snapshot = { key: key.name, resource: key.resource, at: testTime, facts: {} };
  const rules: Rules = {
    catalogue: [check],
    version: "1",
    guidance: newestGuidance,
    settings: testSettings,
    reads: {},
  };
  const store = { key: () => Promise.resolve(key), currentSnapshot: () => Promise.resolve(snapshot) };
  const correctionOf = createCorrectionOf({ store, rules, now: () => testTime });
  const finding = { check: check.id, key: key.name, resource: { kind: key.kind, name: key.resource } } as Finding;

  expect(await correctionOf(finding)).toEqual({ policy: null, command: "give new &&\ntake old" });
});
