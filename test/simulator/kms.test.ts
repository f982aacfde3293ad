import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  paginateListGrants,
  paginateListKeys,
  paginateListResourceTags,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import type { SimulatedGrant } from "../../src/simulator/aws/resource-types.ts";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { containing, kmsClient, refusal, testSimulator } from "./aws-clients.ts";

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const otherId = "0987dcba-09fe-87dc-65ba-ab0987654321";
const home = "arn:aws:kms:us-east-2:111122223333";
const arn = `${home}:key/${id}`;

function grant(number: number): SimulatedGrant {
  return {
    GrantId: `grant-${number}`,
    CreationDate: 1780000000.5,
    GranteePrincipal: `arn:aws:iam::111122223333:role/role-${number % 2}`,
    IssuingAccount: "arn:aws:iam::111122223333:root",
    Operations: ["Decrypt", "Encrypt"],
    Constraints: { EncryptionContextEquals: { purpose: "test" } },
  };
}

test("DescribeKey answers the metadata of the key, with dates", async () => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ metadata: { ValidTo: 1800000000.25, Description: "of the test" } }));
  const answer = await kmsClient(simulator).send(new DescribeKeyCommand({ KeyId: arn }));
  expect(answer.KeyMetadata).toEqual({
    AWSAccountId: "111122223333",
    KeyId: id,
    Arn: arn,
    CreationDate: new Date("2026-07-01T00:00:00Z"),
    ValidTo: new Date(1800000000250),
    Enabled: true,
    Description: "of the test",
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: "Enabled",
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: false,
  });
  expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ["the key id", id],
  ["the ARN", arn],
  ["the alias", "alias/cmek"],
  ["the alias ARN", `${home}:alias/cmek`],
])("DescribeKey finds a key by %s", async (_what, KeyId) => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ aliases: ["alias/cmek"] }));
  const { KeyMetadata } = await kmsClient(simulator).send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata?.Arn).toBe(arn);
});

test.each([
  ["a key that does not exist", otherId, "NotFoundException", `Key '${home}:key/${otherId}' does not exist`],
  ["a key of another region", arn.replace("us-east-2", "us-west-2"), "NotFoundException", "Invalid arn us-west-2"],
  ["no key id", "auto", "NotFoundException", "Invalid keyId 'auto'"],
  ["an unknown alias", "alias/gone", "NotFoundException", `Alias ${home}:alias/gone is not found.`],
  ["an ARN of another service", "arn:aws:s3:::bucket", "InvalidArnException", "Invalid ARN: arn:aws:s3:::bucket"],
  ["no ARN", "arn:nonsense", "InvalidArnException", "Invalid ARN: arn:nonsense"],
])("DescribeKey refuses %s", async (_what, KeyId, name, message) => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  const call = kmsClient(simulator).send(new DescribeKeyCommand({ KeyId }));
  expect(await refusal(call)).toEqual({ name, message, status: 400 });
});

test("a key lives in its own account and region", async () => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  const inAnotherRegion = kmsClient(simulator, { region: "us-west-2" });
  const byId = await refusal(inAnotherRegion.send(new DescribeKeyCommand({ KeyId: id })));
  expect(byId.message).toBe(`Key 'arn:aws:kms:us-west-2:111122223333:key/${id}' does not exist`);
  const inAnotherAccount = kmsClient(simulator, { accessKeyId: "AKIDTEST444455556666" });
  expect((await refusal(inAnotherAccount.send(new DescribeKeyCommand({ KeyId: id })))).name).toBe("NotFoundException");
  const byArn = await inAnotherAccount.send(new DescribeKeyCommand({ KeyId: arn }));
  expect(byArn.KeyMetadata?.AWSAccountId).toBe("111122223333");
});

test("GetKeyPolicy answers the text as it is, and knows one policy name", async () => {
  const simulator = await testSimulator();
  const policy = '{\n  "Version": "2012-10-17",\n  "Statement": [ {"Sid": "ünïcode ✓"} ]\n}';
  simulator.aws.addKey(sampleKey({ policy, aliases: ["alias/cmek"] }));
  const client = kmsClient(simulator);
  expect((await client.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy).toBe(policy);
  const named = await client.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }));
  expect(named).toMatchObject({ Policy: policy, PolicyName: "default" });
  const other = await refusal(client.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "other" })));
  expect(other).toMatchObject({ name: "NotFoundException", message: "No such policy exists: other" });
  const byAlias = await refusal(client.send(new GetKeyPolicyCommand({ KeyId: "alias/cmek" })));
  expect(byAlias).toMatchObject({ name: "NotFoundException", message: "Invalid keyId 'alias/cmek'" });
});

test("ListGrants gives pages", async () => {
  const simulator = await testSimulator();
  const grants = Array.from({ length: 7 }, (_, index) => grant(index));
  simulator.aws.addKey(sampleKey({ grants }));
  const client = kmsClient(simulator);
  const pages: (readonly (string | undefined)[])[] = [];
  for await (const page of paginateListGrants({ client, pageSize: 3 }, { KeyId: arn })) {
    pages.push((page.Grants ?? []).map(({ GrantId }) => GrantId));
  }
  expect(pages).toEqual([["grant-0", "grant-1", "grant-2"], ["grant-3", "grant-4", "grant-5"], ["grant-6"]]);
  const first = await client.send(new ListGrantsCommand({ KeyId: arn, Limit: 7 }));
  expect(first).toMatchObject({ Truncated: false });
  expect(first.NextMarker).toBeUndefined();
  expect(first.Grants?.[0]).toEqual({ ...grant(0), KeyId: arn, CreationDate: new Date(1780000000500) });
});

test("ListGrants filters by grant and by grantee", async () => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ grants: [grant(0), grant(1), grant(2)] }));
  const client = kmsClient(simulator);
  const one = await client.send(new ListGrantsCommand({ KeyId: arn, GrantId: "grant-1" }));
  expect(one.Grants?.map(({ GrantId }) => GrantId)).toEqual(["grant-1"]);
  const GranteePrincipal = "arn:aws:iam::111122223333:role/role-0";
  const even = await client.send(new ListGrantsCommand({ KeyId: arn, GranteePrincipal }));
  expect(even.Grants?.map(({ GrantId }) => GrantId)).toEqual(["grant-0", "grant-2"]);
});

test.each([
  [{ Limit: 101 }, "ValidationException", "Value '101' at 'limit'"],
  [{ Limit: 0 }, "ValidationException", "greater than or equal to 1"],
  [{ Marker: "c29tZXRoaW5nIGVsc2U=" }, "InvalidMarkerException", "not valid"],
])("ListGrants refuses %o", async (input, name, message) => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey());
  const refused = await refusal(kmsClient(simulator).send(new ListGrantsCommand({ KeyId: arn, ...input })));
  expect(refused).toMatchObject({ name, message: containing(message), status: 400 });
});

test("GetKeyRotationStatus answers the status with its dates", async () => {
  const simulator = await testSimulator();
  const rotation = { KeyRotationEnabled: true, RotationPeriodInDays: 90, NextRotationDate: 1790000000 };
  simulator.aws.addKey(sampleKey({ rotation }));
  const answer = await kmsClient(simulator).send(new GetKeyRotationStatusCommand({ KeyId: arn }));
  expect(answer).toMatchObject({ ...rotation, KeyId: arn, NextRotationDate: new Date(1790000000000) });
});

test.each([
  [{ Origin: "EXTERNAL" }, `${arn} origin is EXTERNAL which is not valid for this operation.`],
  [{ KeySpec: "RSA_2048" }, `${arn} key spec is RSA_2048 which is not valid for this operation.`],
])("GetKeyRotationStatus is not supported for %o", async (metadata, message) => {
  const simulator = await testSimulator();
  simulator.aws.addKey(sampleKey({ metadata }));
  const refused = await refusal(kmsClient(simulator).send(new GetKeyRotationStatusCommand({ KeyId: arn })));
  expect(refused).toEqual({ name: "UnsupportedOperationException", message, status: 400 });
});

test("ListResourceTags gives pages", async () => {
  const simulator = await testSimulator();
  const tags = ["a", "b", "c"].map((TagKey) => ({ TagKey, TagValue: `of ${TagKey}` }));
  simulator.aws.addKey(sampleKey({ tags }));
  const client = kmsClient(simulator);
  const pages: unknown[] = [];
  for await (const page of paginateListResourceTags({ client, pageSize: 2 }, { KeyId: arn })) {
    pages.push(page.Tags);
  }
  expect(pages).toEqual([tags.slice(0, 2), tags.slice(2)]);
  const refused = await refusal(client.send(new ListResourceTagsCommand({ KeyId: arn, Limit: 51 })));
  expect(refused.name).toBe("ValidationException");
});

test("ListKeys lists the account and region of the caller, in pages", async () => {
  const simulator = await testSimulator();
  const elsewhere = [`arn:aws:kms:us-west-2:111122223333:key/${id}`, `arn:aws:kms:us-east-2:444455556666:key/${id}`];
  for (const known of [arn, `${home}:key/${otherId}`, ...elsewhere]) {
    simulator.aws.addKey(sampleKey({ arn: known }));
  }
  const client = kmsClient(simulator);
  const found: unknown[] = [];
  for await (const page of paginateListKeys({ client, pageSize: 1 }, {})) {
    found.push(page.Keys);
  }
  expect(found).toEqual([[{ KeyId: id, KeyArn: arn }], [{ KeyId: otherId, KeyArn: `${home}:key/${otherId}` }]]);
  const all = await client.send(new ListKeysCommand({}));
  expect(all).toMatchObject({ Truncated: false });
});
