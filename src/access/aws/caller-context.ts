/** What is known of the requests of different kinds of callers, by condition key in lower case. */
import type { AwsCaller, AwsContextValue, AwsValueOwner } from "../../model/aws-access.ts";
import { ownOrganization } from "./context.ts";
import type { AwsKeyAttributes } from "./key-attributes.ts";

export type Context = AwsCaller["context"];
export type Home = Pick<AwsKeyAttributes, "account" | "partition">;

/** An account number that AWS gives to nobody: it stands for every account that a policy does not name. */
export const anotherAccount = "000000000000";

export const absent: AwsContextValue = { state: "absent" };

/** A principal of this account that calls by itself, its organization a foreign one. `type` as in `aws:PrincipalType`. */
export function insider(account: string, type: string): Context {
  return {
    ...ofAccount(account),
    ...foreignOrganization,
    ...direct,
    ...notAService,
    "aws:principaltype": present(type),
  };
}

export function ofAccount(account: string): Context {
  return {
    "aws:principalaccount": present(account),
    "kms:calleraccount": present(account),
    // AWS KMS answers over TLS only.
    "aws:securetransport": present("true"),
  };
}

/** Present, and not the one that any policy of this key means by its own. */
export const foreignOrganization: Context = {
  "aws:principalorgid": form("o-*", "o-of-another", "value"),
  "aws:principalorgpaths": form("o-*", "o-of-another/r-any/", "path-head"),
};

/** The key's own account is in the key's organization, every other one in a foreign one. */
export function organizationOf(account: string, home: Home): Context {
  return account === home.account ? { "aws:principalorgid": ownOrganization } : foreignOrganization;
}

export const direct: Context = {
  ...absentKeys("kms:viaservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
  "aws:viaawsservice": present("false"),
};

export const notAService: Context = {
  ...absentKeys("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"),
  ...absentKeys("aws:principalservicename", "aws:principalservicenameslist"),
  "aws:principalisawsservice": present("false"),
};

/**
 * Through a VPC or an endpoint of its own, or through none. After its account, the ARN of a VPC holds no colon.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
 */
export const anyVpc: Context = {
  "aws:sourcevpc": form("vpc-*", "vpc-of-a-stranger", "value", true),
  "aws:sourcevpce": form("vpce-*", "vpce-of-a-stranger", "value", true),
  "aws:sourcevpcarn": form(
    "arn:*:vpc/vpc-?????????????????",
    `arn:aws:ec2:us-east-1:${anotherAccount}:vpc/any`,
    "arn-account",
    true,
  ),
  "aws:vpceaccount": form("????????????", anotherAccount, "value", true),
  "aws:vpceorgid": form("o-*", "o-of-another", "value", true),
  "aws:vpceorgpaths": form("o-*", "o-of-another/r-any/", "path-head", true),
};

export function absentKeys(...keys: readonly string[]): Context {
  return Object.fromEntries(keys.map((key) => [key, absent]));
}

export function present(value: string): AwsContextValue {
  return { state: "present", values: [value] };
}

/** Of the caller's own choosing. */
export function chosen(pattern: string, text: string): AwsContextValue {
  return form(pattern, text, "nobody");
}

/** Anything of that form but a value that a policy writes out. */
export function owned(pattern: string, text: string): AwsContextValue {
  return form(pattern, text, "value");
}

/** What the arguments mean is said at the state `form` of `AwsContextValue`. */
export function form(pattern: string, text: string, owner: AwsValueOwner, optional = false): AwsContextValue {
  return { state: "form", form: pattern, text, optional, owner };
}

/** Of a text that is no ARN, the partition is `aws` and the other parts are empty. */
export function arnParts(arn: string): {
  readonly partition: string;
  readonly account: string;
  readonly resource: string;
} {
  const [, partition = "aws", , , account = "", ...resource] = arn.split(":");
  return { partition, account, resource: resource.join(":") };
}
