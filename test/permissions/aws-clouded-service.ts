/** AWS: keys of two accounts below an organization, watched by the real service with every switch on. */
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { sampleOrganization } from "../../src/simulator/aws/organization.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { type ServiceOfCloud, serviceOf } from "../faults/service-of-cloud.ts";
import { documentedPolicy, testAccount, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";

const otherAccount = "444455556666";
/** Its own keys are under no policy of the organization. */
const management = "999988887777";
/** `open` fails two checks from the start; the role that reads `other` has to be taken on. */
export const keys = {
  healthy: testKeyArn,
  open: testKeyArn.replace("1234abcd", "5678abcd"),
  other: testKeyArn.replace("1234abcd", "9876abcd").replace(testAccount, otherAccount),
} as const;
export type KeyName = keyof typeof keys;
const accounts = { own: testAccount, other: otherAccount } as const;
const role = `arn:aws:iam::${otherAccount}:role/keyposture`;

const ofOrganization = Object.keys(awsCalls).filter((call) => call.startsWith("organizations:"));

export async function cloudedService(): Promise<ServiceOfCloud<KeyName>> {
  const simulator = await startSimulator({ seed: 1 });
  const { aws } = simulator;
  for (const name of Object.keys(keys) as KeyName[]) {
    const policy = documentedPolicy(name === "open" ? "99999999-0000-4000-8000-000000000000" : testOrganization);
    const account = name === "other" ? otherAccount : testAccount;
    aws.addKey(
      sampleKey({
        arn: keys[name],
        policy: policy.replaceAll(testAccount, account),
        rotation: { KeyRotationEnabled: name !== "open" },
      }),
    );
  }
  for (const account of Object.values(accounts)) {
    aws.addTrail(sampleTrail({ arn: `arn:aws:cloudtrail:us-east-2:${account}:trail/management-events` }));
  }
  aws.addRole({ arn: role });
  const organization = {
    arn: `arn:aws:organizations::${management}:organization/o-exampleorgid`,
    accounts: { [management]: "r-exam", [testAccount]: "r-exam", [otherAccount]: "r-exam" },
    // Only such accounts, and the management account, may read it.
    delegated_administrators: Object.values(accounts),
  };
  aws.addOrganization(sampleOrganization(organization));
  return serviceOf({
    simulator,
    local: { aws: { endpoint: simulator.endpoint } },
    keys,
    config: {
      organizations: [testOrganization],
      aws: { accounts: { [otherAccount]: { role_arn: role } } },
      reads: { aws_organization: true },
      // The budgets have tests of their own.
      budgets: { ratio: 1, ...Object.fromEntries(ofOrganization.map((call) => [call, 1000])) },
    },
  });
}
