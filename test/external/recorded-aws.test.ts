import { afterAll, beforeAll, expect, it } from "vitest";
import { awsCalls } from "../../src/collect/aws/calls.ts";
import type { KeyResource } from "../../src/model/key.ts";
import type { Reading } from "../../src/model/reading.ts";
import { type LocalAwsOptions, localAwsCollector } from "../support/aws-collector.ts";
import { externalSuite } from "./external-suite.ts";
import {
  type RecordedServer,
  type Recording,
  recordedCalls,
  recordingsOf,
  startRecordedServer,
} from "./recorded-answers.ts";

const account = "644160558196";
const key: KeyResource = {
  provider: "aws",
  kind: "aws.kms-key",
  resource: `arn:aws:kms:us-east-1:${account}:key/44d25a5c-7efa-44ed-8436-b9511ea921b3`,
  scope: `${account}/us-east-1`,
  account,
  location: "us-east-1",
};

const services = ["kms", "cloudtrail", "organizations", "sts"];

/** Recorded calls of these services that are none of ours, and why. */
const notAsked: Readonly<Record<string, readonly string[]>> = {
  "it changes something, and nothing is ever changed": [
    "cloudtrail:CreateTrail",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StartLogging",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "kms:CreateAlias",
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
  ],
  "keys and accounts are registered, and not looked for": [
    "kms:ListAliases",
    "kms:ListKeys",
    "organizations:ListAccounts",
  ],
  "no check asks for it": ["kms:GetKeyLastUsage", "kms:ListKeyRotations", "sts:GetCallerIdentity"],
};

/** Calls of ours that nobody recorded: those up an organization are answered by the simulator and by moto alone. */
const notRecorded = [
  "organizations:DescribePolicy",
  "organizations:ListParents",
  "organizations:ListPoliciesForTarget",
];

const trail = {
  TrailARN: `arn:aws:cloudtrail:us-east-1:${account}:trail/recorded`,
  HomeRegion: "us-east-1",
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  LogFileValidationEnabled: true,
};
/** Answers that lead to another call. */
const oneTrail: Recording = { status_code: 200, data: { trailList: [trail] } };
const policyThatAsksForTags: Recording = { status_code: 200, data: { Policy: '{"aws:ResourceTag/team":"a"}' } };

externalSuite("recorded-aws", { needs: ["KEYPOSTURE_RECORDED"] }, () => {
  let server: RecordedServer;
  beforeAll(async () => {
    server = await startRecordedServer();
  });
  afterAll(() => server.close());

  const within = 20_000;
  const readKey = (options?: LocalAwsOptions) => localAwsCollector(server.url, options).readKey(key, "full", within);
  const readScope = (options?: LocalAwsOptions) =>
    localAwsCollector(server.url, options).readScope(key.scope, "full", within);

  async function replay(
    call: string,
    recording: Recording,
    read: () => Promise<readonly Reading[]>,
    others: Readonly<Record<string, Recording>> = {},
  ) {
    server.answers.clear();
    for (const [name, other] of Object.entries(others)) server.answers.set(name, other);
    server.answers.set(call.split(":")[1] ?? "", recording);
    return (await read()).find((reading) => reading.call === call);
  }

  /** Every fact is known, or says why not: by file, what was not known. */
  function holes(reading: Reading | undefined): Record<string, string> {
    if (reading === undefined) return { reading: "none" };
    if (reading.answer.state === "unreadable") return { call: reading.answer.reason };
    const facts = Object.entries(reading.answer.facts);
    return Object.fromEntries(facts.flatMap(([name, fact]) => (fact.state === "known" ? [] : [[name, fact.reason]])));
  }

  it("leaves out no recorded call without a reason", () => {
    const asked = Object.keys(awsCalls).filter((call) => !notRecorded.includes(call));
    expect(recordedCalls(services)).toEqual([...asked, ...Object.values(notAsked).flat()].toSorted());
  });

  it("tells every fact of every key that was ever described, or why not", async () => {
    const seen: Record<string, number> = {};
    for (const { recording } of recordingsOf("kms:DescribeKey")) {
      const found = holes(await replay("kms:DescribeKey", recording, readKey));
      const error = (recording.data["Error"] as { readonly Code: string } | undefined)?.Code ?? "described";
      const told = `${error}: ${Object.entries(found)
        .map(([name, why]) => `${name} ${why}`)
        .join(", ")}`;
      seen[told] = (seen[told] ?? 0) + 1;
    }

    // Old recordings have no KeySpec and no MultiRegion, and some were cut down to the ARN: that is what they do not tell.
    const fields = "(state|deletion_date|spec|usage|manager|origin|material_expires|multi_region) not-reported";
    const allowed = new RegExp(`^described: (${fields}(, ${fields})*)?$`);
    for (const told of Object.keys(seen)) {
      if (told.startsWith("described")) expect(told).toMatch(allowed);
      else expect(told).toMatch(/^AccessDeniedException: call access-denied$|^NotFoundException: .*not-found/);
    }
    expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(90);
    expect(Object.keys(seen)).toContain("described: ");
  });

  it.each([
    ["kms:GetKeyPolicy", 10, readKey, {}],
    ["kms:ListGrants", 3, readKey, {}],
    ["kms:GetKeyRotationStatus", 4, readKey, {}],
    ["kms:ListResourceTags", 2, readKey, { GetKeyPolicy: policyThatAsksForTags }],
    ["cloudtrail:DescribeTrails", 36, readScope, {}],
    ["cloudtrail:GetTrailStatus", 23, readScope, { DescribeTrails: oneTrail }],
    ["cloudtrail:GetEventSelectors", 16, readScope, { DescribeTrails: oneTrail }],
  ])("decodes every %s", async (call, least, read, others) => {
    const all = recordingsOf(call);
    expect(all.length).toBeGreaterThanOrEqual(least);
    for (const { file, recording } of all) {
      const reading = await replay(call, recording, read, others);
      const expected =
        recording.status_code === 200 ? {} : { call: expect.stringMatching(/^(access-denied|not-found|unsupported)$/) };
      expect({ file, holes: holes(reading) }).toEqual({ file, holes: expected });
    }
  });

  it("tells of every organization whether there is one, and who manages it", async () => {
    const told: Record<string, unknown> = {};
    for (const { file, recording } of recordingsOf("organizations:DescribeOrganization")) {
      server.answers.clear();
      server.answers.set("DescribeOrganization", recording);
      const reading = (await readScope({ readsOrganization: true })).find(({ call }) => call.startsWith("organ"));
      const answer = reading?.answer;
      told[file.split("/")[0] ?? ""] =
        answer?.state === "seen" ? answer.facts["organization_policies"] : answer?.reason;
    }
    expect(told).toEqual({
      test_account_org_info: {
        state: "known",
        value: { organization_id: "o-vjtynx2e3h", management_account: true, levels: [] },
      },
      test_account_org_info_denied: "access-denied",
      test_account_org_no_org: { state: "known", value: null },
    });
  });

  it("reads with the credentials of every role that was ever taken on", async () => {
    const [{ recording: description } = {}] = recordingsOf("kms:DescribeKey");
    const all = recordingsOf("sts:AssumeRole");
    expect(all.length).toBeGreaterThan(0);
    for (const { recording } of all) {
      const role = { role_arn: `arn:aws:iam::${account}:role/keyposture`, external_id: null };
      const read = () => readKey({ accounts: { [account]: role } });
      const others = { AssumeRole: recording };
      const reading = await replay("kms:DescribeKey", description ?? oneTrail, read, others);
      expect(reading?.answer.state).toBe("seen");
      const { AccessKeyId } = recording.data["Credentials"] as { readonly AccessKeyId: string };
      expect(server.signedBy.get("DescribeKey")).toBe(AccessKeyId);
    }
  });
});
