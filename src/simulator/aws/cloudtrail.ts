// The reading operations of AWS CloudTrail. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
import { knownArn, parseArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import { type AwsOperation, type AwsRequest, type JsonObject, optionalText } from "./aws-operation.ts";
import type { AwsState } from "./aws-state.ts";
import type { SimulatedTrail } from "./resource-types.ts";

/**
 * Lists the trails of the caller's region, and its shadow trails: those of other regions that cover this one, and
 * organization trails of another account. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
 */
function describeTrails(request: AwsRequest): JsonObject {
  const { input } = request;
  const shadows = input["includeShadowTrails"] !== false;
  const names = nameList(input["trailNameList"]);
  const trails = request.state.trails
    .all()
    .filter((trail) => isHome(trail, request) || (shadows && isVisible(trail, request)))
    .filter((trail) => names.length === 0 || names.some((name) => isNamed(trail, name, request)));
  return { trailList: trails.map(describe) };
}

function getTrailStatus(request: AwsRequest): JsonObject {
  return { ...requestedTrail(request, "Name").status };
}

function getEventSelectors(request: AwsRequest): JsonObject {
  const trail = requestedTrail(request, "TrailName");
  if (knownArn(trail.arn).account !== request.account) {
    // A member account sees the trail of its organization and may not read how it selects.
    throw unknownTrail(trail.arn, request);
  }
  return { TrailARN: trail.arn, ...trail.selectors };
}

function describe({ arn, description }: SimulatedTrail): JsonObject {
  return { Name: nameOf(arn), HomeRegion: knownArn(arn).region, TrailARN: arn, ...description };
}

function trailTarget(member: string): AwsOperation["target"] {
  return ({ input, account, region }) => {
    const name = optionalText(input, member);
    return name === undefined || name.startsWith("arn:") ? (name ?? null) : trailArn(name, account, region);
  };
}

/** A name means a trail of the caller's region; the trail of another region, or another account, is named by its ARN. */
function requestedTrail(request: AwsRequest, member: string): SimulatedTrail {
  const name = optionalText(request.input, member) ?? "";
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{2,127}$/.test(name) && parseArn(name) === undefined) {
    throw new AwsError("InvalidTrailNameException", `Trail name or ARN is not valid: ${name}`);
  }
  const trail = request.state.trails.all().find((candidate) => isNamed(candidate, name, request));
  if (trail === undefined || !(isHome(trail, request) || isVisible(trail, request))) {
    throw unknownTrail(name, request);
  }
  return trail;
}

function unknownTrail(name: string, { account }: AwsRequest): AwsError {
  return new AwsError("TrailNotFoundException", `Unknown trail: ${name} for the user: ${account}`);
}

function isHome({ arn }: SimulatedTrail, { account, region }: AwsRequest): boolean {
  const home = knownArn(arn);
  return home.account === account && home.region === region;
}

/** Whether a trail that is at home elsewhere is shown here. */
function isVisible({ arn, description }: SimulatedTrail, { account, region, state }: AwsRequest): boolean {
  const home = knownArn(arn);
  const covers = home.region === region || description.IsMultiRegionTrail === true;
  const shared = description.IsOrganizationTrail === true && shareOrganization(state, home.account, account);
  return covers && (home.account === account || shared);
}

function shareOrganization({ organizations }: AwsState, one: string, other: string): boolean {
  return organizations.all().some(({ accounts }) => Object.hasOwn(accounts, one) && Object.hasOwn(accounts, other));
}

function isNamed({ arn }: SimulatedTrail, name: string, { account, region }: AwsRequest): boolean {
  return arn === name || arn === trailArn(name, account, region);
}

function trailArn(name: string, account: string, region: string): string {
  return `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
}

function nameOf(arn: string): string {
  return knownArn(arn).resource.slice("trail/".length);
}

function nameList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

export const cloudTrailOperations = {
  DescribeTrails: { target: () => null, answer: describeTrails },
  GetTrailStatus: { target: trailTarget("Name"), answer: getTrailStatus },
  GetEventSelectors: { target: trailTarget("TrailName"), answer: getEventSelectors },
} as const satisfies Record<string, AwsOperation>;
