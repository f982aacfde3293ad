import { DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import {
  AWSOrganizationsNotInUseException,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
} from "@aws-sdk/client-organizations";
import { Refused } from "../refusal.ts";
import type { AwsCall } from "./calls.ts";
import type { AwsAccountTarget, AwsReader, AwsTarget } from "./reader.ts";
import { type AccountClients, createSdkClients, type ReadyClients, type SdkClientsOptions } from "./sdk-clients.ts";

/** The most that one page can hold. */
const grantsOfAPage = 100;
const tagsOfAPage = 50;

type Ask<Target> = <T>(call: AwsCall, target: Target, send: (clients: AccountClients) => Promise<T>) => Promise<T>;

/** Reads AWS with its official SDK: an account with its role where it has one, else with the SDK's default credentials. */
export function createAwsSdkReader(options: SdkClientsOptions): AwsReader {
  const readyClients = createSdkClients(options);
  const ask: Ask<AwsAccountTarget & { readonly scope: string }> = async (call, { scope, ...target }, send) => {
    const { lane, deadline } = target;
    const first = await readyClients(target);
    const request = ({ clients }: ReadyClients) =>
      options.request({ call, scope, lane, deadline }, () => send(clients));
    try {
      return await request(first);
    } catch (error) {
      // Ended before their time: revoked, or by a clock that is not ours. Others are had once.
      const ended = error instanceof Refused && error.refusal.credentials === "expired";
      if (!ended || !first.expired()) throw error;
    }
    return request(await readyClients(target));
  };
  return {
    ...regionalCalls((call, target, send) =>
      ask(call, { ...target, scope: `${target.account}/${target.region}` }, send),
    ),
    ...organizationCalls((call, target, send) =>
      ask(call, { ...target, scope: `organizations/${target.account}` }, send),
    ),
  };
}

function regionalCalls(ask: Ask<AwsTarget>) {
  return {
    describeKey: (target, KeyId) =>
      ask("kms:DescribeKey", target, ({ kms }) => kms(target.region).send(new DescribeKeyCommand({ KeyId }))),
    getKeyPolicy: (target, KeyId) =>
      ask("kms:GetKeyPolicy", target, ({ kms }) =>
        kms(target.region).send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" })),
      ),
    listGrants: (target, KeyId, Marker) =>
      ask("kms:ListGrants", target, ({ kms }) =>
        kms(target.region).send(new ListGrantsCommand({ KeyId, Marker, Limit: grantsOfAPage })),
      ),
    getKeyRotationStatus: (target, KeyId) =>
      ask("kms:GetKeyRotationStatus", target, ({ kms }) =>
        kms(target.region).send(new GetKeyRotationStatusCommand({ KeyId })),
      ),
    listResourceTags: (target, KeyId, Marker) =>
      ask("kms:ListResourceTags", target, ({ kms }) =>
        kms(target.region).send(new ListResourceTagsCommand({ KeyId, Marker, Limit: tagsOfAPage })),
      ),
    describeTrails: (target) =>
      // Trails of other regions that log this one, and those of the organization, count: shadow trails are included.
      ask("cloudtrail:DescribeTrails", target, ({ cloudTrail }) =>
        cloudTrail(target.region).send(new DescribeTrailsCommand({ includeShadowTrails: true })),
      ),
    getTrailStatus: (target, Name) =>
      ask("cloudtrail:GetTrailStatus", target, ({ cloudTrail }) =>
        cloudTrail(target.region).send(new GetTrailStatusCommand({ Name })),
      ),
    getEventSelectors: (target, TrailName) =>
      ask("cloudtrail:GetEventSelectors", target, ({ cloudTrail }) =>
        cloudTrail(target.region).send(new GetEventSelectorsCommand({ TrailName })),
      ),
  } satisfies Partial<AwsReader>;
}

function organizationCalls(ask: Ask<AwsAccountTarget>) {
  return {
    describeOrganization: (target) =>
      ask("organizations:DescribeOrganization", target, ({ organizations }) =>
        organizations.send(new DescribeOrganizationCommand()).catch(noOrganization),
      ),
    listParents: (target, ChildId, NextToken) =>
      ask("organizations:ListParents", target, ({ organizations }) =>
        organizations.send(new ListParentsCommand({ ChildId, NextToken })),
      ),
    listPoliciesForTarget: (target, TargetId, NextToken) =>
      ask("organizations:ListPoliciesForTarget", target, ({ organizations }) =>
        organizations.send(
          new ListPoliciesForTargetCommand({ TargetId, NextToken, Filter: "RESOURCE_CONTROL_POLICY" }),
        ),
      ),
    describePolicy: (target, PolicyId) =>
      ask("organizations:DescribePolicy", target, ({ organizations }) =>
        organizations.send(new DescribePolicyCommand({ PolicyId })),
      ),
  } satisfies Partial<AwsReader>;
}

/** AWS says by an error what is an answer: the account is in no organization. */
function noOrganization(error: unknown) {
  if (error instanceof AWSOrganizationsNotInUseException) return { Organization: null };
  throw error;
}
