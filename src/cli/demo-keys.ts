import { anthropicAwsAccount, anthropicAwsRoleArn } from "../guidance/identifiers.ts";
import { sampleKey, sampleTrail } from "../simulator/aws/resources.ts";
import type { Simulator } from "../simulator/simulator.ts";

/** An account of AWS's documentation: no such key is anybody's. */
const account = "111122223333";
const region = "us-east-2";
const organization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";

/** In what a demo key differs from a healthy one. */
interface DemoState {
  readonly policy: string;
  readonly metadata?: { readonly KeyState: string; readonly DeletionDate?: number };
}

export interface DemoKey {
  readonly name: string;
  readonly resource: string;
}

const administer = {
  Sid: "AccountAdministers",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
};

function policy(principal: unknown): string {
  const bound = { StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": organization } };
  const use = { Sid: "AnthropicUses", Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt"], Resource: "*" };
  const describe = { Sid: "AnthropicDescribes", Effect: "Allow", Action: "kms:DescribeKey", Resource: "*" };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [administer, { ...use, Principal: principal, Condition: bound }, { ...describe, Principal: principal }],
  });
}

const documented = policy({ AWS: anthropicAwsRoleArn });

/** One key for each important failure, named after it, beside one that is as documented. */
const keys: Readonly<Record<string, DemoState>> = {
  "as-documented": { policy: documented },
  disabled: { policy: documented, metadata: { KeyState: "Disabled" } },
  "pending-deletion": { policy: documented, metadata: { KeyState: "PendingDeletion", DeletionDate: 1_893_456_000 } },
  "whole-account-trusted": { policy: policy({ AWS: `arn:aws:iam::${anthropicAwsAccount}:root` }) },
  public: { policy: policy("*") },
  "policy-unreadable": { policy: documented },
  "policy-malformed": { policy: '{"Version": "2012-10-17", "Statement": [{]}' },
};

/** Fills the simulator, and returns the keys as they are to be registered; one of them is not there at all. */
export function addDemoKeys({ aws, control }: Simulator): readonly DemoKey[] {
  const arnOf = (index: number) =>
    `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-${String(index + 1).padStart(12, "0")}`;
  const demoKeys = [...Object.keys(keys), "deleted"].map((name, index) => ({ name, resource: arnOf(index) }));
  for (const { name, resource } of demoKeys) {
    const key = keys[name];
    if (key !== undefined) aws.addKey(sampleKey({ arn: resource, ...key }));
    if (name === "policy-unreadable") control.deny({ call: "kms:GetKeyPolicy", resource });
  }
  aws.addTrail(sampleTrail({ arn: `arn:aws:cloudtrail:${region}:${account}:trail/management-events` }));
  return demoKeys;
}
