// The organization and the roles of the simulated AWS.
import type { Change } from "../merge-patch.ts";
import { mergePatch } from "../merge-patch.ts";
import { assertShape, type ShapeOf } from "../shape.ts";
import { sampleAccount } from "./resources.ts";

export interface SimulatedOrganizationPolicy {
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string;
  /** `RESOURCE_CONTROL_POLICY`, `SERVICE_CONTROL_POLICY`. */
  readonly Type: string;
  readonly AwsManaged: boolean;
  /** The text of the policy. */
  readonly Content: string;
  /** Ids of the root, units and accounts that it is attached to. */
  readonly targets: readonly string[];
}

export interface SimulatedOrganization {
  /** Its account is the management account. */
  readonly arn: string;
  readonly root: string;
  /** Each organizational unit with its parent. */
  readonly units: Readonly<Record<string, string>>;
  /** Each account, the management account among them, with its parent. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly delegated_administrators: readonly string[];
  /** The types that are enabled at the root. */
  readonly policy_types: readonly string[];
  readonly policies: readonly SimulatedOrganizationPolicy[];
}

export interface SimulatedRole {
  readonly arn: string;
  /** Where its trust policy asks for one. */
  readonly external_id?: string;
}

export const organizationShape = {
  fields: {
    arn: "string",
    root: "string",
    units: { map: "string" },
    accounts: { map: "string" },
    delegated_administrators: { list: "string" },
    policy_types: { list: "string" },
    policies: {
      list: {
        fields: {
          Id: "string",
          Name: "string",
          Description: { optional: "string" },
          Type: "string",
          AwsManaged: "boolean",
          Content: "string",
          targets: { list: "string" },
        },
      },
    },
  },
} as const satisfies ShapeOf<SimulatedOrganization>;

export const roleShape = {
  fields: { arn: "string", external_id: { optional: "string" } },
} as const satisfies ShapeOf<SimulatedRole>;

/** The policy that AWS attaches everywhere once resource control policies are enabled: it takes nothing away. */
const fullAccess: SimulatedOrganizationPolicy = {
  Id: "p-RCPFullAWSAccess",
  Name: "RCPFullAWSAccess",
  Description: "Allows access to every resource",
  Type: "RESOURCE_CONTROL_POLICY",
  AwsManaged: true,
  Content: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
  }),
  targets: [],
};

/** An organization of the sample account, with resource control policies enabled that take nothing away, and the changes merged in. */
export function sampleOrganization(change: Change<SimulatedOrganization> = {}): SimulatedOrganization {
  const root = change.root ?? "r-exam";
  const base: SimulatedOrganization = {
    arn: `arn:aws:organizations::${sampleAccount}:organization/o-exampleorgid`,
    root,
    units: {},
    accounts: { [sampleAccount]: root },
    delegated_administrators: [],
    policy_types: ["RESOURCE_CONTROL_POLICY"],
    policies: [{ ...fullAccess, targets: [root, sampleAccount] }],
  };
  const organization = mergePatch(base, change);
  assertShape<SimulatedOrganization>(organization, organizationShape, "organization");
  return organization;
}
