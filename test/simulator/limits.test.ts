import { DescribeKeyCommand, GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { seededRandom } from "../../src/simulator/random.ts";
import { Rules } from "../../src/simulator/rules.ts";
import { answered } from "./answered.ts";
import { kmsClient, refusal, testSimulator } from "./aws-clients.ts";

const arn = sampleKey().arn;
const westArn = arn.replace("us-east-2", "us-west-2");

async function prepared() {
  let now = 1_000_000;
  const simulator = await testSimulator({ now: () => now });
  simulator.aws.addKey(sampleKey());
  simulator.aws.addKey(sampleKey({ arn: westArn }));
  const east = kmsClient(simulator);
  const west = kmsClient(simulator, { region: "us-west-2" });
  return {
    control: simulator.control,
    pass: (ms: number) => {
      now += ms;
    },
    describe: () => east.send(new DescribeKeyCommand({ KeyId: arn })),
    policy: () => east.send(new GetKeyPolicyCommand({ KeyId: arn })),
    describeWest: () => west.send(new DescribeKeyCommand({ KeyId: westArn })),
  };
}

test("throttle answers so many calls and refuses the others, until time passes", async () => {
  const { control, describe, pass } = await prepared();
  control.throttle({ call: "kms:DescribeKey", per_second: 5 });
  expect(await answered(12, describe)).toBe(5);
  expect(await refusal(describe())).toMatchObject({ name: "ThrottlingException", status: 400 });
  expect(control.calls().by_call["kms:DescribeKey"]).toMatchObject({ received: 13, throttled: 8 });
  pass(400);
  expect(await answered(5, describe)).toBe(2);
  pass(60_000);
  expect(await answered(10, describe)).toBe(5);
});

test("each call and scope has a bucket of its own", async () => {
  const { control, describe, policy, describeWest } = await prepared();
  control.throttle({ per_second: 1 });
  expect(await answered(3, describe)).toBe(1);
  expect(await answered(3, policy)).toBe(1);
  expect(await answered(3, describeWest)).toBe(1);
});

test("the closer limit goes before the wider one, and null ends a limit", async () => {
  const { control, describe, policy } = await prepared();
  control.throttle({ per_second: 0 });
  control.throttle({ call: "kms:*", per_second: 1 });
  control.throttle({ call: "kms:DescribeKey", per_second: 2 });
  expect(await answered(4, describe)).toBe(2);
  expect(await answered(4, policy)).toBe(1);
  control.throttle({ call: "kms:DescribeKey", per_second: null });
  expect(await answered(4, describe)).toBe(1);
  control.throttle({ call: "kms:*", per_second: null });
  expect(await answered(4, describe)).toBe(0);
  control.throttle({ per_second: null });
  expect(await answered(4, describe)).toBe(4);
});

test("a limit below one a second lets one call through at a time", async () => {
  const { control, describe, pass } = await prepared();
  control.throttle({ call: "kms:DescribeKey", per_second: 0.5 });
  expect(await answered(3, describe)).toBe(1);
  pass(1999);
  expect(await answered(1, describe)).toBe(0);
  pass(1);
  expect(await answered(1, describe)).toBe(1);
});

test("latency holds a call back and no other; a client that leaves is forgotten", async () => {
  const { control, describe, policy } = await prepared();
  control.latency({ call: "kms:DescribeKey", ms: 3_600_000 });
  const slow = describe().then(() => "slow");
  expect(await Promise.race([slow, policy().then(() => "fast")])).toBe("fast");
  control.latency({ call: "kms:DescribeKey", ms: 0 });
  await describe();
  expect(control.calls().by_call["kms:DescribeKey"]?.received).toBe(2);
  slow.catch(() => "the simulator was closed");
});

test("jitter spreads evenly between its bounds, the same with the same seed", () => {
  const rules = new Rules();
  rules.setLatency("*", { ms: 100, jitter: 50 });
  rules.setLatency("kms:DescribeKey", { ms: 5, jitter: 0 });
  const run = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 1000 }, () => rules.delayOf("kms:ListGrants", random));
  };
  const delays = run(7);
  expect(run(7)).toEqual(delays);
  expect(run(8)).not.toEqual(delays);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...delays)).toBeLessThan(150);
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  expect(mean).toBeGreaterThan(122);
  expect(mean).toBeLessThan(128);
  expect(rules.delayOf("kms:DescribeKey", seededRandom(7))).toBe(5);
});
