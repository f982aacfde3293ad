import { accountAdministers, roleDescribes, roleUses } from "../../guidance/aws-documented-statements.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn, anthropicAwsRoleName } from "../../guidance/identifiers.ts";
import { newestGuidance } from "../../model/guidance-revision.ts";
import { sampleKey, sampleTrail } from "../../simulator/aws/resources.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { type DemoKey, type DemoState, demoOrganization } from "./demo-state.ts";

/** An account of AWS's documentation: no such key is anybody's. */
const account = "111122223333";
const region = "us-east-2";
/** A region whose only trail leaves AWS KMS out. */
const unloggedRegion = "us-west-2";
const trailOf = (home: string) => `arn:aws:cloudtrail:${home}:${account}:trail/management-events`;

type Statement = Readonly<Record<string, unknown>>;

interface AwsDemoState extends DemoState {
  /** In what it differs from a documented key. */
  readonly change?: Omit<NonNullable<Parameters<typeof sampleKey>[0]>, "arn">;
  readonly region?: string;
  readonly denied?: string;
  readonly deleted?: true;
}

const administers = accountAdministers("aws", account);
const expected = { organizations: [demoOrganization], compartments: [], in_use_since: null };
const uses: readonly Statement[] = roleUses(newestGuidance, expected);
const describes: Statement = roleDescribes();

function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);
}

/** The documented policy with every grant to the role made to somebody else, or changed otherwise. */
function documentedBut(change: Statement): string {
  return policy(administers, ...uses.map((one) => ({ ...one, ...change })), { ...describes, ...change });
}

const allowed = (principal: unknown, actions: readonly string[]) => ({
  Sid: "Added",
  Effect: "Allow",
  Principal: principal,
  Action: actions,
  Resource: "*",
});
const withStatement = (statement: Statement) => policy(administers, ...uses, describes, statement);
const documented = policy(administers, ...uses, describes);
const otherOrganization = {
  organizations: ["9c3d1f52-7a44-4b0e-8e1d-0f6a2b9c7d10"],
  compartments: [],
  in_use_since: null,
};
const grant = {
  GrantId: "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60",
  GranteePrincipal: anthropicAwsRoleArn,
  IssuingAccount: `arn:aws:iam::${account}:root`,
  Operations: ["Decrypt"],
  CreationDate: 1_782_864_000,
};

/** One key of AWS for each important failure, named after it. */
export const awsDemoStates: Readonly<Record<string, AwsDemoState>> = {
  "as-documented": { shows: null },
  disabled: { shows: "aws/key-enabled", change: { metadata: { KeyState: "Disabled" } } },
  "pending-deletion": {
    shows: "aws/key-not-pending-deletion",
    change: { metadata: { KeyState: "PendingDeletion", DeletionDate: 1_893_456_000 } },
  },
  deleted: { shows: "aws/key-exists", deleted: true },
  "imported-material-expires": {
    shows: "aws/imported-material-does-not-expire",
    change: { metadata: { Origin: "EXTERNAL", ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: 1_893_456_000 } },
  },
  "multi-region": { shows: "aws/key-single-region", change: { metadata: { MultiRegion: true } } },
  "whole-account-trusted": {
    shows: "aws/principal-role-scoped",
    change: { policy: documentedBut({ Principal: { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` } }) },
  },
  public: { shows: "aws/no-public-access", change: { policy: withStatement(allowed("*", ["kms:Decrypt"])) } },
  "lookalike-role": {
    shows: "aws/no-lookalike-principal",
    change: {
      policy: withStatement(
        allowed({ AWS: `arn:aws:iam::915198916901:role/${anthropicAwsRoleName}` }, ["kms:Encrypt", "kms:Decrypt"]),
      ),
    },
  },
  "foreign-account": {
    shows: "aws/no-unexpected-external-principal",
    change: { policy: withStatement(allowed({ AWS: "arn:aws:iam::444455556666:role/analytics" }, ["kms:Decrypt"])) },
  },
  "role-can-do-everything": {
    shows: "aws/role-least-privilege",
    change: { policy: documentedBut({ Action: "kms:*" }) },
  },
  "role-cannot-use-it": {
    shows: "aws/role-can-encrypt-and-decrypt",
    change: { policy: policy(administers, describes) },
  },
  "role-denied": {
    shows: "aws/no-blocking-deny",
    change: {
      policy: withStatement({
        ...allowed("*", ["kms:Decrypt"]),
        Effect: "Deny",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
      }),
    },
  },
  "not-bound-to-organization": {
    shows: "aws/encryption-context-bound",
    change: { policy: policy(administers, ...uses.map(({ Condition: _unbound, ...rest }) => rest), describes) },
  },
  "bound-to-another-organization": {
    shows: "aws/encryption-context-organization-known",
    change: { policy: policy(administers, ...roleUses(newestGuidance, otherOrganization), describes) },
  },
  "placeholder-left": {
    shows: "aws/policy-has-no-placeholder",
    change: {
      policy: policy(
        administers,
        ...roleUses(newestGuidance, { ...expected, organizations: ["<your-org-uuid>"] }),
        describes,
      ),
    },
  },
  "grant-to-anthropic": { shows: "aws/grants-are-expected", change: { grants: [grant] } },
  "use-not-logged": { shows: "aws/cloudtrail-logs-key-use", region: unloggedRegion },
  "policy-unreadable": { shows: "aws/principal-role-scoped", denied: "kms:GetKeyPolicy" },
  "policy-malformed": {
    shows: "aws/principal-role-scoped",
    change: { policy: '{"Version": "2012-10-17", "Statement": [{]}' },
  },
};

/** Fills the simulated AWS, and returns the keys as they are to be registered; one of them is not there at all. */
export function addAwsDemoKeys({ aws, control }: Simulator): readonly DemoKey[] {
  aws.addTrail(sampleTrail({ arn: trailOf(region), description: { IsMultiRegionTrail: false } }));
  aws.addTrail(
    sampleTrail({
      arn: trailOf(unloggedRegion),
      description: { IsMultiRegionTrail: false },
      selectors: {
        EventSelectors: [
          {
            IncludeManagementEvents: true,
            ReadWriteType: "All",
            ExcludeManagementEventSources: ["kms.amazonaws.com"],
            DataResources: [],
          },
        ],
      },
    }),
  );
  return Object.entries(awsDemoStates).map(([name, state], index) => {
    const id = `00000000-0000-4000-8000-${String(index + 1).padStart(12, "0")}`;
    const resource = `arn:aws:kms:${state.region ?? region}:${account}:key/${id}`;
    if (state.deleted !== true) aws.addKey(sampleKey({ arn: resource, policy: documented, ...state.change }));
    if (state.denied !== undefined) control.deny({ call: state.denied, resource });
    return { name, resource };
  });
}
