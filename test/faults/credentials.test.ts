import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { sampleKey } from "../../src/simulator/aws/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { runCli } from "../support/run-cli.ts";

const roleArn = "arn:aws:iam::111122223333:role/keyposture";

/** The command line as on a machine that has nothing of AWS on it, led to the simulator. */
async function machine(account?: object) {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-credentials-"));
  const simulator = await startSimulator({ seed: 1 });
  simulator.aws.addKey(sampleKey({ arn: testKeyArn }));
  onTestFinished(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, "keyposture.yaml");
  const accounts = account === undefined ? {} : { "111122223333": account };
  writeFileSync(
    file,
    JSON.stringify({
      keys: [{ name: "prod", resource: testKeyArn }],
      aws: { accounts },
      database: join(folder, "keyposture.db"),
    }),
  );
  const env = {
    HOME: folder,
    KEYPOSTURE_CONFIG: file,
    AWS_ENDPOINT_URL: simulator.endpoint,
    // No request to the metadata service of a machine in the cloud.
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return {
    simulator,
    scan: (more: NodeJS.ProcessEnv = {}) => runCli(["scan"], { env: { ...env, ...more }, cwd: folder }),
  };
}

it.each([
  ["the service's own", undefined],
  ["a role to take on", { role_arn: roleArn }],
])(
  "without any credentials, with %s, a scan says so once, names no permission, and ends with 3",
  { timeout: 30_000 },
  async (_, account) => {
    const { simulator, scan } = await machine(account);

    const { code, stdout } = await scan();

    expect(code).toBe(3);
    const told = stdout.split("\n").filter((line) => line.startsWith("111122223333/us-east-2: "));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /^111122223333\/us-east-2: no AWS credentials were found: tried the environment, .*; give the process one of these \(CredentialsProviderError: .*\) \(5x\)$/,
    );
    expect(stdout).not.toContain("permission");
    expect(stdout).toMatch(/cannot be judged without credentials \(access-denied\)/);
    expect(simulator.control.calls().total.received).toBe(0);
  },
);

it("credentials that AWS does not know are told apart from a missing permission", { timeout: 30_000 }, async () => {
  const { simulator, scan } = await machine();
  simulator.control.fail({ call: "*", times: 1000, how: "expired-token" });

  const { code, stdout } = await scan({ AWS_ACCESS_KEY_ID: "ASIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" });

  expect(code).toBe(3);
  expect(stdout).toMatch(/^111122223333\/us-east-2: the AWS credentials have expired: .* \(5x\)$/m);
  expect(stdout).not.toContain("it needs the permission");
});
