/** AWS: a simulated cloud of three accounts, watched by the real service. */
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { documentedPolicy, testAccount, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";
import { type Scanned as ScannedOf, type ServiceOfCloud, serviceOf } from "./service-of-cloud.ts";

/** `open` fails two checks from the start, so that there is something that could be resolved by mistake. */
export const keys = {
  healthy: testKeyArn,
  open: testKeyArn.replace("1234abcd", "5678abcd"),
  other: testKeyArn.replace("1234abcd", "9876abcd").replace(testAccount, "444455556666"),
  third: testKeyArn.replace("1234abcd", "4321abcd").replace(testAccount, "777788889999"),
} as const;
export type KeyName = keyof typeof keys;
export const names = Object.keys(keys) as KeyName[];
export type Scanned = ScannedOf<KeyName>;
export type CloudedService = ServiceOfCloud<KeyName>;

export const scopeOf = (name: KeyName) => `${accountOf(name)}/us-east-2`;
const accountOf = (name: KeyName) => keys[name].split(":")[4] ?? "";
export const roleOf = (name: KeyName) => `arn:aws:iam::${accountOf(name)}:role/keyposture`;
export const trailOf = (name: KeyName) => `arn:aws:cloudtrail:us-east-2:${accountOf(name)}:trail/management-events`;

export async function cloudedService(options: { readonly request_timeout?: number } = {}): Promise<CloudedService> {
  const simulator = await startSimulator({ seed: 1 });
  for (const name of names) {
    const rotation = { KeyRotationEnabled: name !== "open" };
    const policy = name === "open" ? documentedPolicy("99999999-0000-4000-8000-000000000000") : documentedPolicy();
    simulator.aws.addKey(
      sampleKey({ arn: keys[name], policy: policy.replaceAll(testAccount, accountOf(name)), rotation }),
    );
    simulator.aws.addTrail(sampleTrail({ arn: trailOf(name) }));
    if (accountOf(name) !== testAccount) simulator.aws.addRole({ arn: roleOf(name) });
  }
  const accounts = {
    [accountOf("other")]: { role_arn: roleOf("other") },
    [accountOf("third")]: { role_arn: roleOf("third") },
  };
  return serviceOf({
    simulator,
    local: { aws: { endpoint: simulator.endpoint, ...options } },
    keys,
    config: { organizations: [testOrganization], aws: { accounts } },
  });
}
