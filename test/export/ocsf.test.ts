import { describe, expect, it } from "vitest";
import { type FindingStatus, findingStatuses } from "../../src/model/finding.ts";
import { type OutcomeName, outcomes, type Severity, severities } from "../../src/model/outcome.ts";
import { arn, asOf, card, exported, failing, hostileTexts, lost, written } from "./material.ts";

type Event = Readonly<Record<string, unknown>>;

async function eventsOf(...portions: Parameters<typeof written>[1][]): Promise<readonly Event[]> {
  return JSON.parse(await written("ocsf", ...portions)) as readonly Event[];
}

async function eventOf(...finding: Parameters<typeof exported>): Promise<Event | undefined> {
  return (await eventsOf([exported(...finding)]))[0];
}

const time = Date.parse(failing.since);

describe("findings as OCSF", () => {
  it("are one array, whatever portions they came in", async () => {
    expect(await eventsOf()).toEqual([]);
    expect(await eventsOf([], [])).toEqual([]);
    expect(await eventsOf([exported()], [], [exported(), exported()])).toHaveLength(3);
  });

  it("tell all of a failure", async () => {
    expect(await eventOf()).toEqual({
      activity_id: 1,
      activity_name: "Create",
      category_uid: 2,
      category_name: "Findings",
      class_uid: 2003,
      class_name: "Compliance Finding",
      type_uid: 200301,
      type_name: "Compliance Finding: Create",
      severity_id: 5,
      severity: "Critical",
      status_id: 1,
      status: "New",
      time,
      time_dt: failing.since,
      message: failing.message,
      metadata: {
        version: "1.8.0",
        product: { name: "Keyposture", vendor_name: "Keyposture", version: "1.2.3" },
        profiles: ["cloud", "datetime"],
        event_code: card.id,
      },
      cloud: { provider: "aws", account: { uid: "111122223333" }, region: "us-east-2" },
      finding_info: {
        uid: "fnd_1",
        title: card.title,
        desc: failing.message,
        modified_time: time,
        modified_time_dt: failing.since,
        first_seen_time: time,
        first_seen_time_dt: failing.since,
        last_seen_time: asOf,
        last_seen_time_dt: new Date(asOf).toISOString(),
      },
      compliance: {
        control: card.id,
        desc: card.title,
        status_id: 3,
        status: "Fail",
        status_details: [failing.message],
        standards: ["CIS AWS 7.0", "FSBP 2026"],
        requirements: ["CIS AWS 7.0 5.7", "CIS AWS 7.0 4.1", "FSBP 2026 KMS.3"],
        checks: [
          {
            uid: card.id,
            name: card.title,
            desc: card.why,
            version: "0.1.0",
            severity_id: 5,
            severity: "Critical",
            status_id: 3,
            status: "Fail",
            standards: ["CIS AWS 7.0", "FSBP 2026"],
          },
        ],
      },
      resources: [
        {
          uid: arn,
          name: "prod",
          type: "aws.kms-key",
          region: "us-east-2",
          tags: [
            { name: "team", value: "search" },
            { name: "env", value: "prod" },
          ],
        },
      ],
      evidences: [{ data: failing.evidence }],
      raw_data_hash: { algorithm_id: 3, algorithm: "SHA-256", value: expect.stringMatching(/^[0-9a-f]{64}$/) },
      remediation: { desc: card.remediation, references: card.references },
      unmapped: {
        outcome: "fail",
        status: "open",
        caused_by: ["aws/key-exists"],
        guidance: "2026-09",
        catalogue: "0.1.0",
      },
    });
  });

  const severityIds = { critical: 5, high: 4, medium: 3, low: 2 } as const satisfies Record<Severity, number>;
  const statusIds = {
    open: 1,
    accepted: 3,
    resolved: 4,
    retired: 5,
    none: 99,
  } as const satisfies Record<FindingStatus, number>;
  const complianceIds = {
    pass: 1,
    unknown: 2,
    error: 2,
    fail: 3,
    "not-applicable": 99,
  } as const satisfies Record<OutcomeName, number>;
  const cases = outcomes.flatMap((outcome) =>
    findingStatuses.flatMap((status) => severities.map((severity) => [outcome, status, severity] as const)),
  );
  it.each(cases)("say of %s, %s, %s what it is", async (outcome, status, severity) => {
    const isFine = outcome === "pass" || outcome === "not-applicable";
    expect(await eventOf({ outcome, status, severity })).toMatchObject({
      status_id: statusIds[status],
      severity_id: isFine ? 1 : severityIds[severity],
      compliance: {
        status_id: complianceIds[outcome],
        checks: [{ status_id: complianceIds[outcome], severity_id: severityIds[severity] }],
      },
    });
  });

  it("keep a failure that is out of sight a failure, seen until then", async () => {
    const until = Date.parse(lost.since);
    expect(await eventOf(lost)).toMatchObject({
      activity_id: 2,
      type_uid: 200302,
      severity_id: 5,
      status_id: 1,
      time: until,
      finding_info: { first_seen_time: time, last_seen_time: until },
      compliance: { status_id: 3, status_details: [failing.message, `cannot be judged now: ${lost.message}`] },
      unmapped: { outcome: "unknown" },
    });
    expect(await eventOf({ ...lost, status: "none", opened_at: null })).toMatchObject({
      severity_id: 4,
      compliance: { status_id: 2, status_details: [lost.message] },
    });
  });

  it.each([
    ["open", { opened_at: failing.since }, 1],
    ["open", { opened_at: "2026-11-22T10:00:00.000Z" }, 2],
    ["accepted", { opened_at: "2026-11-22T10:00:00.000Z" }, 2],
    ["none", { opened_at: null }, 1],
    ["resolved", { resolved_at: failing.since }, 3],
    ["retired", {}, 3],
  ] as const)("say of %s, %j that the activity is %i", async (status, times, activity_id) => {
    expect(await eventOf({ status, ...times })).toMatchObject({ activity_id, type_uid: 200300 + activity_id });
  });

  it("leave out what nobody knows", async () => {
    const nobodys = await eventOf(
      { key: null, title: null, opened_at: null, outcome: "pass" },
      { key: null, card: null },
    );
    expect(nobodys).toMatchObject({
      cloud: { provider: "aws" },
      finding_info: { title: card.id },
      resources: [{ uid: arn, tags: [] }],
    });
    for (const field of ["cloud.account", "cloud.region", "remediation", "finding_info.first_seen_time"]) {
      expect(nobodys).not.toHaveProperty(field);
    }
    const noLocation = await eventOf({}, { key: { account: "a", location: null, labels: {} } });
    expect(noLocation?.["cloud"]).toEqual({ provider: "aws", account: { uid: "a" } });
  });

  it.each(hostileTexts)("carry %j as it is", async (text) => {
    expect((await eventOf({ message: text }))?.["message"]).toBe(text);
  });
});
