/** The SDK's clients of each account, with the credentials that the account is read with. Knows no call but `AssumeRole`. */
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { Clock } from "../clock.ts";
import { rememberCredentials } from "../remember-credentials.ts";
import type { Request } from "../request.ts";
import type { AwsCall } from "./calls.ts";
import type { AwsAccountTarget } from "./reader.ts";
import { wholeAnswers } from "./sdk-handler.ts";

/** The role that an account is read with. */
export interface AwsAccountRole {
  readonly role_arn: string;
  readonly external_id: string | null;
}

/** A server that stands in for AWS. An endpoint has credentials of its own, so that no real one goes anywhere else. */
export interface LocalAws {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long an answer may take, in milliseconds. */
  readonly request_timeout?: number | undefined;
}

export interface SdkClientsOptions {
  readonly request: Request;
  readonly clock: Clock;
  /** By account; one that has no role is read with the service's own identity. */
  readonly accounts: Readonly<Record<string, AwsAccountRole>>;
  /** For the simulator and other local servers. */
  readonly local?: LocalAws;
}

export interface AccountClients {
  kms(region: string): KMSClient;
  cloudTrail(region: string): CloudTrailClient;
  readonly organizations: OrganizationsClient;
}

/** The clients of an account, ready to ask. */
export interface ReadyClients {
  readonly clients: AccountClients;
  /** Says that AWS takes their credentials for expired. True where the next to ask for the clients has other ones. */
  expired(): boolean;
}

/** How long one request may take, in milliseconds. */
const longestAnswer = 10_000;

/**
 * Makes the clients of an account, which send nothing but what they are asked to. Where the account has a role, it is
 * taken on first, within the deadline. Throws `Refused` where it may not be.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createSdkClients({ request, clock, accounts, local }: SdkClientsOptions) {
  // Our own loop retries.
  const connection = { maxAttempts: 1, requestHandler: wholeAnswers(local?.request_timeout ?? longestAnswer) };
  const own = local?.credentials ?? fromNodeProviderChain({ clientConfig: connection, maxRetries: 0 });
  const config = local === undefined ? connection : { ...connection, endpoint: local.endpoint };

  function credentialsOf(account: string, { role_arn, external_id }: AwsAccountRole) {
    const assume = fromTemporaryCredentials({
      params: {
        RoleArn: role_arn,
        RoleSessionName: "keyposture",
        ...(external_id === null ? {} : { ExternalId: external_id }),
      },
      masterCredentials: own,
      // Without a region, the SDK takes the one of its environment, else us-east-1.
      clientConfig: { ...config, ...(local === undefined ? {} : { region: "us-east-1" }) },
    });
    const call: AwsCall = "sts:AssumeRole";
    return rememberCredentials(clock, (turn) => request({ call, scope: `sts/${account}`, ...turn }, () => assume()));
  }

  const roles = new Map(
    Object.entries(accounts).map(([account, role]) => [account, credentialsOf(account, role)] as const),
  );
  const clientsOf = remembered((account) => {
    const role = roles.get(account);
    if (role === undefined) return accountClients({ ...config, credentials: own });
    // When they end is our own concern: the SDK is to take what it is given, and to ask for it each time.
    const credentials = () => Promise.resolve({ ...role.latest(), expiration: new Date(0) });
    return accountClients({ ...config, credentials });
  });

  return async function readyClients({ account, ...turn }: AwsAccountTarget): Promise<ReadyClients> {
    const role = roles.get(account);
    if (role === undefined) return { clients: clientsOf(account), expired: () => false };
    await role.ensure(turn);
    const credentials = role.latest();
    return {
      clients: clientsOf(account),
      expired() {
        role.expired(credentials);
        return true;
      },
    };
  };
}

function accountClients(config: ConstructorParameters<typeof KMSClient>[0] & object): AccountClients {
  return {
    kms: remembered((region) => new KMSClient({ ...config, region })),
    cloudTrail: remembered((region) => new CloudTrailClient({ ...config, region })),
    // It has no regions, and is at home in this one.
    organizations: new OrganizationsClient({ ...config, region: "us-east-1" }),
  };
}

function remembered<T>(create: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const one = made.get(name) ?? create(name);
    made.set(name, one);
    return one;
  };
}
