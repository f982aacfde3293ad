/** The bare loop, once for each message: the calls of a full lane through the same SDK. `loop.ts <endpoint> <keys> <concurrency>` */
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import { benchKeys, region, simulatedTrail, testsTags } from "./keys.ts";
import { answerRuns, measure } from "./measure.ts";

const [endpoint = "", ...numbers] = process.argv.slice(2);
const [count = 0, concurrency = 1] = numbers.map(Number);
const options = {
  endpoint,
  region,
  credentials: { accessKeyId: "AKIALOCAL", secretAccessKey: "local" },
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};
const kms = new KMSClient(options);
const cloudTrail = new CloudTrailClient(options);

function* calls(): Generator<() => Promise<unknown>> {
  const { arn } = simulatedTrail();
  yield () => cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  yield () => cloudTrail.send(new GetTrailStatusCommand({ Name: arn }));
  yield () => cloudTrail.send(new GetEventSelectorsCommand({ TrailName: arn }));
  for (const [index, { resource: KeyId }] of benchKeys(count).entries()) {
    yield () => kms.send(new DescribeKeyCommand({ KeyId }));
    yield () => kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    yield () => kms.send(new ListGrantsCommand({ KeyId, Limit: 100 }));
    yield () => kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    if (testsTags(index)) yield () => kms.send(new ListResourceTagsCommand({ KeyId, Limit: 50 }));
  }
}

async function all(): Promise<void> {
  const waiting = calls();
  const worker = async () => {
    for (const call of waiting) await call();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

answerRuns(
  () => measure(all),
  () => Promise.resolve(),
);
