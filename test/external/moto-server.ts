// moto, which answers like AWS for the official SDK: https://docs.getmoto.org/en/latest/docs/server_mode.html
import { spawn } from "node:child_process";
import { once } from "node:events";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { localCredentials } from "../support/aws-collector.ts";

/** The account of whoever has not taken on a role of another one. */
export const motoAccount = "123456789012";

export interface Moto {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts a moto that has nothing in it, on a port that the system chooses. Rejects with what it said where it ends. */
export async function startMoto(): Promise<Moto> {
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  let said = "";
  const endpoint = await new Promise<string>((resolve, reject) => {
    const listen = (data: Buffer) => {
      said += String(data);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`moto ended: ${said}`)));
  });
  return {
    endpoint,
    async close() {
      child.kill();
      await ended;
    },
  };
}

/** The role that an account is taken on with: moto lets everybody do so. */
export function roleOf(account: string): string {
  return `arn:aws:iam::${account}:role/keyposture`;
}

/** Clients of the official SDK, of moto's own account or, through STS, of another one. */
export function motoClients(endpoint: string, region: string, account = motoAccount) {
  const assumed = fromTemporaryCredentials({
    params: { RoleArn: roleOf(account), RoleSessionName: "keyposture" },
    masterCredentials: localCredentials,
    clientConfig: { endpoint, region: "us-east-1" },
  });
  const config = { endpoint, region, credentials: account === motoAccount ? localCredentials : assumed };
  return {
    kms: new KMSClient(config),
    cloudTrail: new CloudTrailClient(config),
    organizations: new OrganizationsClient({ ...config, region: "us-east-1" }),
  };
}
