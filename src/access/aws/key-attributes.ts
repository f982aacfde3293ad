import type { Fact } from "../../model/fact.ts";
import { unreadable } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";

/** What a policy can ask about the key itself. What could not be read leaves a condition on it open. */
export interface AwsKeyAttributes {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly spec: Fact<string>;
  readonly usage: Fact<string>;
  readonly origin: Fact<string>;
  readonly multi_region: Fact<boolean>;
  readonly tags: Fact<Readonly<Record<string, string>>>;
  /** Null where the account is in none. */
  readonly organization_id: Fact<string | null>;
}

const notRead = unreadable("not-read-yet", "not read");

function regionOf(arn: string): string {
  const region = arn.split(":")[3];
  if (region === undefined) throw new TypeError(`${arn} is no key's ARN`);
  return region;
}

/** The attributes that a key's ARN tells, with what else was read of it. */
export function keyAttributes(
  key: Pick<KeyResource, "resource" | "account">,
  read: Partial<Omit<AwsKeyAttributes, "arn" | "partition" | "account" | "region">> = {},
): AwsKeyAttributes {
  return {
    arn: key.resource,
    partition: key.resource.split(":")[1] ?? "aws",
    account: key.account,
    region: regionOf(key.resource),
    spec: notRead,
    usage: notRead,
    origin: notRead,
    multi_region: notRead,
    tags: notRead,
    organization_id: notRead,
    ...read,
  };
}
