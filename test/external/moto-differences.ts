// Where moto is known to answer otherwise than AWS, each with what AWS documents.
import { CreateTrailCommand, GetEventSelectorsCommand, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { region, stranger } from "./moto-resources.ts";
import { motoClients } from "./moto-server.ts";

export interface MotoDifference {
  readonly what: string;
  /** Where AWS says otherwise. */
  readonly documented: string;
  /** Whether moto still does so. */
  holds(endpoint: string): Promise<boolean>;
}

const api = "https://docs.aws.amazon.com/kms/latest/APIReference";
const trailApi = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference";

async function newKey(endpoint: string, input: CreateKeyCommandInput = {}) {
  const { kms } = motoClients(endpoint, region);
  const { KeyMetadata: metadata } = await kms.send(new CreateKeyCommand(input));
  return { kms, metadata, KeyId: metadata?.KeyId ?? "" };
}

async function fails(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  );
}

export const motoDifferences: readonly MotoDifference[] = [
  {
    what: "a key of one Region does not say that it is one",
    documented: `${api}/API_KeyMetadata.html#KMS-Type-KeyMetadata-MultiRegion`,
    async holds(endpoint) {
      const { kms, KeyId } = await newKey(endpoint);
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      return KeyMetadata?.MultiRegion === undefined;
    },
  },
  {
    what: "a key has no usage unless it was given one",
    documented: `${api}/API_CreateKey.html#KMS-CreateKey-request-KeyUsage`,
    holds: async (endpoint) => (await newKey(endpoint)).metadata?.KeyUsage === undefined,
  },
  {
    what: "a key without material is enabled, and not pending import",
    documented: `${api}/API_CreateKey.html#KMS-CreateKey-request-Origin`,
    holds: async (endpoint) => (await newKey(endpoint, { Origin: "EXTERNAL" })).metadata?.KeyState === "Enabled",
  },
  {
    what: "the id of a multi-Region key has dashes after mrk-, so that it cannot be registered",
    documented: "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    holds: async (endpoint) => !/^mrk-[0-9a-f]{32}$/.test((await newKey(endpoint, { MultiRegion: true })).KeyId),
  },
  {
    what: "DisableKey takes the id of a key and no ARN",
    documented: `${api}/API_DisableKey.html#KMS-DisableKey-request-KeyId`,
    async holds(endpoint) {
      const { kms, metadata } = await newKey(endpoint);
      return fails(kms.send(new DisableKeyCommand({ KeyId: metadata?.Arn })));
    },
  },
  {
    what: "GetKeyPolicy wants the name of the policy",
    documented: `${api}/API_GetKeyPolicy.html#KMS-GetKeyPolicy-request-PolicyName`,
    async holds(endpoint) {
      const { kms, KeyId } = await newKey(endpoint);
      return fails(kms.send(new GetKeyPolicyCommand({ KeyId })));
    },
  },
  {
    what: "PutKeyPolicy takes what is no policy",
    documented: `${api}/API_PutKeyPolicy.html#API_PutKeyPolicy_Errors`,
    async holds(endpoint) {
      const { kms, KeyId } = await newKey(endpoint);
      return !(await fails(kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: "{no policy" }))));
    },
  },
  {
    what: "GetKeyRotationStatus does not tell the period",
    documented: `${api}/API_GetKeyRotationStatus.html#API_GetKeyRotationStatus_ResponseElements`,
    async holds(endpoint) {
      const { kms, KeyId } = await newKey(endpoint);
      await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
      return (await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).RotationPeriodInDays === undefined;
    },
  },
  {
    what: "ListGrants has one page of any length, and does not tell the issuing account",
    documented: `${api}/API_ListGrants.html`,
    async holds(endpoint) {
      const { kms, KeyId } = await newKey(endpoint);
      const grant = { KeyId, GranteePrincipal: stranger, Operations: ["Decrypt" as const] };
      for (let made = 0; made < 3; made += 1) await kms.send(new CreateGrantCommand(grant));
      const { Grants = [], Truncated } = await kms.send(new ListGrantsCommand({ KeyId, Limit: 2 }));
      return Grants.length === 3 && Truncated === false && Grants.every((one) => one.IssuingAccount === undefined);
    },
  },
  {
    what: "ListGrants of a key that is not there is a fault of the server",
    documented: `${api}/API_ListGrants.html#API_ListGrants_Errors`,
    async holds(endpoint) {
      const { kms } = motoClients(endpoint, region);
      const KeyId = "00000000-0000-4000-8000-000000000001";
      const error: unknown = await kms.send(new ListGrantsCommand({ KeyId })).catch((one: unknown) => one);
      return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 500;
    },
  },
  {
    what: "a new trail has no selectors",
    documented: `${trailApi}/API_GetEventSelectors.html`,
    async holds(endpoint) {
      const { cloudTrail } = motoClients(endpoint, region);
      await cloudTrail.send(new CreateTrailCommand({ Name: "new", S3BucketName: "trails" }));
      const { EventSelectors } = await cloudTrail.send(new GetEventSelectorsCommand({ TrailName: "new" }));
      return EventSelectors?.length === 0;
    },
  },
  {
    what: "LookupEvents is missing",
    documented: `${trailApi}/API_LookupEvents.html`,
    holds: async (endpoint) => fails(motoClients(endpoint, region).cloudTrail.send(new LookupEventsCommand())),
  },
];
