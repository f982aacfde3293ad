import {
  DescribeTrailsCommand,
  type DescribeTrailsRequest,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { expect, test } from "vitest";
import { sampleOrganization } from "../../src/simulator/aws/organization.ts";
import { sampleTrail } from "../../src/simulator/aws/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { cloudTrailClient, refusal, testSimulator } from "./aws-clients.ts";

const member = "AKIDTEST444455556666";
const stranger = "AKIDTEST777788889999";

function trailArn(region: string, name: string, account = "111122223333"): string {
  return `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
}

const local = trailArn("us-east-2", "local");
const everywhere = trailArn("us-west-2", "everywhere");
const elsewhere = trailArn("us-west-2", "elsewhere");
const shared = trailArn("us-east-1", "shared");

async function simulatorWithTrails(): Promise<Simulator> {
  const simulator = await testSimulator();
  simulator.aws.addTrail(sampleTrail({ arn: local, description: { IsMultiRegionTrail: false } }));
  simulator.aws.addTrail(sampleTrail({ arn: everywhere }));
  simulator.aws.addTrail(sampleTrail({ arn: elsewhere, description: { IsMultiRegionTrail: false } }));
  simulator.aws.addTrail(sampleTrail({ arn: shared, description: { IsOrganizationTrail: true } }));
  simulator.aws.addOrganization(sampleOrganization({ accounts: { "444455556666": "r-exam" } }));
  return simulator;
}

test("DescribeTrails answers what a trail is", async () => {
  const simulator = await testSimulator();
  simulator.aws.addTrail(sampleTrail({ description: { KmsKeyId: "arn:aws:kms:us-east-2:111122223333:key/abc" } }));
  const { trailList } = await cloudTrailClient(simulator).send(new DescribeTrailsCommand({}));
  expect(trailList).toEqual([
    {
      Name: "all-events",
      TrailARN: trailArn("us-east-2", "all-events"),
      HomeRegion: "us-east-2",
      S3BucketName: "example-trail-bucket",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: false,
      LogFileValidationEnabled: true,
      HasCustomEventSelectors: false,
      HasInsightSelectors: false,
      KmsKeyId: "arn:aws:kms:us-east-2:111122223333:key/abc",
    },
  ]);
});

interface Listing {
  readonly of: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly input?: DescribeTrailsRequest;
  readonly trails: readonly string[];
}

test.each<Listing>([
  { of: "its own region, with shadow trails", trails: [local, everywhere, shared] },
  { of: "its own region alone", input: { includeShadowTrails: false }, trails: [local] },
  { of: "another region", region: "eu-west-1", trails: [everywhere, shared] },
  { of: "another home region", region: "us-west-2", trails: [everywhere, elsewhere, shared] },
  { of: "a member of the organization", accessKeyId: member, trails: [shared] },
  { of: "a member, without shadow trails", accessKeyId: member, input: { includeShadowTrails: false }, trails: [] },
  { of: "a stranger", accessKeyId: stranger, trails: [] },
  { of: "a name", input: { trailNameList: ["local"] }, trails: [local] },
  { of: "an ARN", input: { trailNameList: [everywhere] }, trails: [everywhere] },
  { of: "a name of another region", input: { trailNameList: ["everywhere", "nothing"] }, trails: [] },
])("DescribeTrails lists the trails of $of", async ({ trails, input = {}, ...place }) => {
  const client = cloudTrailClient(await simulatorWithTrails(), place);
  const { trailList } = await client.send(new DescribeTrailsCommand(input));
  expect(trailList?.map(({ TrailARN }) => TrailARN)).toEqual(trails);
});

test("GetTrailStatus answers dates as dates and texts as texts", async () => {
  const simulator = await testSimulator();
  simulator.aws.addTrail(sampleTrail({ status: { LatestDeliveryError: "AccessDenied" } }));
  const status = await cloudTrailClient(simulator).send(new GetTrailStatusCommand({ Name: "all-events" }));
  expect(status).toMatchObject({
    IsLogging: true,
    StartLoggingTime: new Date("2026-07-01T00:00:00Z"),
    LatestDeliveryTime: new Date("2026-07-01T00:05:00.250Z"),
    LatestDeliveryError: "AccessDenied",
    LatestDeliveryAttemptTime: "2026-07-01T00:05:00Z",
    TimeLoggingStopped: "",
  });
});

test("a shadow trail is found by its ARN, not by its name", async () => {
  const client = cloudTrailClient(await simulatorWithTrails());
  expect((await client.send(new GetTrailStatusCommand({ Name: everywhere }))).IsLogging).toBe(true);
  expect(await refusal(client.send(new GetTrailStatusCommand({ Name: "everywhere" })))).toEqual({
    name: "TrailNotFoundException",
    message: "Unknown trail: everywhere for the user: 111122223333",
    status: 400,
  });
});

test.each([
  ["of a region that it does not cover", elsewhere, "TrailNotFoundException"],
  ["without a valid name", "a", "InvalidTrailNameException"],
])("GetTrailStatus refuses a trail %s", async (_what, Name, name) => {
  const client = cloudTrailClient(await simulatorWithTrails());
  expect(await refusal(client.send(new GetTrailStatusCommand({ Name })))).toMatchObject({ name, status: 400 });
});

test("GetEventSelectors answers both kinds of selectors, and only the kind that is there", async () => {
  const simulator = await testSimulator();
  const FieldSelectors = [
    { Field: "eventCategory", Equals: ["Management"] },
    { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
  ];
  const AdvancedEventSelectors = [{ Name: "no keys", FieldSelectors }];
  simulator.aws.addTrail(sampleTrail());
  const arn = trailArn("us-east-2", "advanced");
  simulator.aws.addTrail(sampleTrail({ arn, selectors: { EventSelectors: null, AdvancedEventSelectors } }));
  const client = cloudTrailClient(simulator);
  const classic = await client.send(new GetEventSelectorsCommand({ TrailName: "all-events" }));
  expect(classic.TrailARN).toBe(sampleTrail().arn);
  expect(classic.EventSelectors).toEqual(sampleTrail().selectors.EventSelectors);
  expect(classic).not.toHaveProperty("AdvancedEventSelectors");
  const advanced = await client.send(new GetEventSelectorsCommand({ TrailName: arn }));
  expect(advanced.AdvancedEventSelectors).toEqual(AdvancedEventSelectors);
  expect(advanced).not.toHaveProperty("EventSelectors");
});

test("a member account sees that the organization's trail logs, not how it selects", async () => {
  const client = cloudTrailClient(await simulatorWithTrails(), { accessKeyId: member });
  expect((await client.send(new GetTrailStatusCommand({ Name: shared }))).IsLogging).toBe(true);
  const refused = await refusal(client.send(new GetEventSelectorsCommand({ TrailName: shared })));
  expect(refused.name).toBe("TrailNotFoundException");
});
