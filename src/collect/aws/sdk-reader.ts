import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { Request } from "../request.ts";
import type { AwsCall } from "./calls.ts";
import type { AwsReader, AwsTarget } from "./reader.ts";

export interface SdkReaderOptions {
  readonly request: Request;
  /** For the simulator and other local servers; both or neither, so that no real credential goes anywhere else. */
  readonly local?: {
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** Reads AWS with its official SDK. Credentials come from the SDK's default chain. Throws `Refused`. */
export function createAwsSdkReader({ request, local }: SdkReaderOptions): AwsReader {
  const config = {
    ...local,
    // Our own loop retries; a timeout must be an error, and without the flag it is only logged.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  };
  const kms = perRegion((region) => new KMSClient({ ...config, region }));
  const cloudTrail = perRegion((region) => new CloudTrailClient({ ...config, region }));

  function ask<T>(call: AwsCall, { account, region, deadline }: AwsTarget, send: () => Promise<T>): Promise<T> {
    return request({ call, scope: `${account}/${region}`, deadline }, send);
  }

  return {
    describeKey: (target, KeyId) =>
      ask("kms:DescribeKey", target, () => kms(target.region).send(new DescribeKeyCommand({ KeyId }))),
    getKeyPolicy: (target, KeyId) =>
      ask("kms:GetKeyPolicy", target, () =>
        kms(target.region).send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" })),
      ),
    describeTrails: (target) =>
      // Trails of other regions that log this one, and those of the organization, count: shadow trails are included.
      ask("cloudtrail:DescribeTrails", target, () =>
        cloudTrail(target.region).send(new DescribeTrailsCommand({ includeShadowTrails: true })),
      ),
    getTrailStatus: (target, Name) =>
      ask("cloudtrail:GetTrailStatus", target, () =>
        cloudTrail(target.region).send(new GetTrailStatusCommand({ Name })),
      ),
    getEventSelectors: (target, TrailName) =>
      ask("cloudtrail:GetEventSelectors", target, () =>
        cloudTrail(target.region).send(new GetEventSelectorsCommand({ TrailName })),
      ),
  };
}

function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}
