// What is there to be read: made through the official SDK, as a customer would.
import {
  CreateTrailCommand,
  type EventSelector,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from "@aws-sdk/client-organizations";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import { testOrganization } from "../support/aws-kms-key.ts";
import { motoAccount, motoClients } from "./moto-server.ts";

export const region = "us-east-2";
export const stranger = "arn:aws:iam::444455556666:role/stranger";

type Statement = Readonly<Record<string, unknown>>;

/** The policy that is documented for Anthropic's role, with more statements where a test wants them. */
export function documentedPolicy(account: string, ...more: readonly Statement[]): string {
  const allow = (Principal: unknown, Action: unknown, rest: Statement = {}) => {
    return { Effect: "Allow", Principal, Action, Resource: "*", ...rest };
  };
  const bound = { StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": testOrganization } };
  const Statement = [
    allow({ AWS: `arn:aws:iam::${account}:root` }, "kms:*"),
    allow({ AWS: anthropicAwsRoleArn }, ["kms:Encrypt", "kms:Decrypt"], { Condition: bound }),
    allow({ AWS: anthropicAwsRoleArn }, "kms:DescribeKey"),
    ...more,
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** The ARN of a new key with a documented policy and rotation. */
export async function makeKey(endpoint: string, account = motoAccount, input: CreateKeyCommandInput = {}) {
  const { kms } = motoClients(endpoint, region, account);
  const Policy = documentedPolicy(account);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: "ENCRYPT_DECRYPT", Policy, ...input }));
  const KeyId = KeyMetadata?.KeyId ?? "";
  if (input.Origin === undefined && input.KeySpec === undefined)
    await kms.send(new EnableKeyRotationCommand({ KeyId }));
  return { KeyId, arn: KeyMetadata?.Arn ?? "" };
}

/** Keys in moto's own account, each with something particular, by name. */
export async function makeKeys(endpoint: string): Promise<Record<string, string>> {
  const { kms } = motoClients(endpoint, region);
  const key = (input?: CreateKeyCommandInput) => makeKey(endpoint, motoAccount, input);
  const documented = await key();
  await kms.send(new CreateAliasCommand({ AliasName: "alias/documented", TargetKeyId: documented.KeyId }));
  const disabled = await key();
  await kms.send(new DisableKeyCommand({ KeyId: disabled.KeyId }));
  const deleted = await key();
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: deleted.KeyId, PendingWindowInDays: 7 }));
  const open = await key();
  const everybody = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
  const Policy = documentedPolicy(motoAccount, everybody);
  await kms.send(new PutKeyPolicyCommand({ KeyId: open.KeyId, PolicyName: "default", Policy }));
  const granted = await key();
  await kms.send(
    new CreateGrantCommand({
      KeyId: granted.KeyId,
      Name: "for the stranger",
      GranteePrincipal: stranger,
      Operations: ["GenerateDataKey", "Decrypt"],
      Constraints: { EncryptionContextSubset: { purpose: "backup" } },
    }),
  );
  const byTag = { StringEquals: { "aws:ResourceTag/team": "payments" } };
  const tagged = await key({
    Tags: [{ TagKey: "team", TagValue: "payments" }],
    Policy: documentedPolicy(motoAccount, { ...everybody, Principal: { AWS: stranger }, Condition: byTag }),
  });
  const external = await key({ Origin: "EXTERNAL" });
  const signing = await key({ KeyUsage: "SIGN_VERIFY", KeySpec: "RSA_2048" });
  const made = { documented, disabled, deleted, open, granted, tagged, external, signing };
  return Object.fromEntries(Object.entries(made).map(([name, { arn }]) => [name, arn]));
}

/** A trail over all Regions, and one of this Region that leaves AWS KMS out. */
export async function makeTrails(endpoint: string): Promise<void> {
  const { cloudTrail } = motoClients(endpoint, region);
  await fetch(`${endpoint}/trails`, { method: "PUT" });
  const bucket = { S3BucketName: "trails", EnableLogFileValidation: true };
  await cloudTrail.send(new CreateTrailCommand({ Name: "everything", IsMultiRegionTrail: true, ...bucket }));
  await cloudTrail.send(new StartLoggingCommand({ Name: "everything" }));
  const FieldSelectors = [{ Field: "eventCategory", Equals: ["Management"] }];
  const AdvancedEventSelectors = [{ Name: "management", FieldSelectors }];
  await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: "everything", AdvancedEventSelectors }));
  await cloudTrail.send(new CreateTrailCommand({ Name: "others", ...bucket }));
  const without: EventSelector = {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    ExcludeManagementEventSources: ["kms.amazonaws.com"],
  };
  await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: "others", EventSelectors: [without] }));
}

export interface MadeOrganization {
  readonly id: string;
  readonly root: string;
  readonly unit: string;
  readonly member: string;
  readonly policy: { readonly id: string; readonly text: string };
}

/** moto's own account manages it; the unit of its member is kept from letting anybody else decrypt. */
export async function makeOrganization(endpoint: string): Promise<MadeOrganization> {
  const { organizations } = motoClients(endpoint, region);
  const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const root = (await organizations.send(new ListRootsCommand())).Roots?.[0]?.Id ?? "";
  const created = await organizations.send(new CreateAccountCommand({ AccountName: "member", Email: "m@example.com" }));
  const member = created.CreateAccountStatus?.AccountId ?? "";
  const unit = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name: "keys" }));
  const unitId = unit.OrganizationalUnit?.Id ?? "";
  await organizations.send(
    new MoveAccountCommand({ AccountId: member, SourceParentId: root, DestinationParentId: unitId }),
  );
  await organizations.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: "RESOURCE_CONTROL_POLICY" }));
  const outside = { StringNotEqualsIfExists: { "aws:PrincipalAccount": member } };
  const deny = { Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: outside };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
  const details = { Name: "nobody else decrypts", Description: "", Type: "RESOURCE_CONTROL_POLICY" } as const;
  const policy = await organizations.send(new CreatePolicyCommand({ ...details, Content: text }));
  const id = policy.Policy?.PolicySummary?.Id ?? "";
  await organizations.send(new AttachPolicyCommand({ PolicyId: id, TargetId: unitId }));
  return { id: Organization?.Id ?? "", root, unit: unitId, member, policy: { id, text } };
}
