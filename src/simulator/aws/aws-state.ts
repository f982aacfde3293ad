import type { CloudResources } from "../cloud.ts";
import { ControlError } from "../control-error.ts";
import { ResourceTable } from "../resource-table.ts";
import { assertShape, type Shape, type ShapeOf } from "../shape.ts";
import { knownArn } from "./arn.ts";
import {
  organizationShape,
  roleShape,
  type SimulatedOrganization,
  type SimulatedRole,
  sampleOrganization,
} from "./organization.ts";
import { keyShape, trailShape } from "./resource-shapes.ts";
import type { SimulatedKey, SimulatedTrail } from "./resource-types.ts";
import { sampleKey, sampleTrail } from "./resources.ts";
import { Sessions } from "./sessions.ts";

/** Everything that the simulated AWS holds. */
export interface AwsState {
  readonly keys: ResourceTable<SimulatedKey>;
  readonly trails: ResourceTable<SimulatedTrail>;
  readonly organizations: ResourceTable<SimulatedOrganization>;
  readonly roles: ResourceTable<SimulatedRole>;
  readonly sessions: Sessions;
}

export function createAwsState(): AwsState {
  const region = "[a-z]{2}(-[a-z]+)+-\\d";
  const account = "\\d{12}";
  return {
    keys: table<SimulatedKey>({
      kind: "aws.kms-key",
      arn: new RegExp(`^arn:aws[a-z-]*:kms:${region}:${account}:key/(mrk-)?[0-9a-f-]+$`),
      shape: keyShape,
      blank: (arn) => sampleKey({ arn }),
    }),
    trails: table<SimulatedTrail>({
      kind: "aws.cloudtrail-trail",
      arn: new RegExp(`^arn:aws[a-z-]*:cloudtrail:${region}:${account}:trail/[A-Za-z0-9._-]+$`),
      shape: trailShape,
      blank: (arn) => sampleTrail({ arn }),
    }),
    organizations: table<SimulatedOrganization>({
      kind: "aws.organization",
      arn: new RegExp(`^arn:aws[a-z-]*:organizations::${account}:organization/o-[a-z0-9]+$`),
      shape: organizationShape,
      blank: (arn) => sampleOrganization({ arn }),
    }),
    roles: table<SimulatedRole>({
      kind: "aws.iam-role",
      arn: new RegExp(`^arn:aws[a-z-]*:iam::${account}:role/[\\w+=,.@/-]+$`),
      shape: roleShape,
      blank: (arn) => ({ arn }),
    }),
    sessions: new Sessions(),
  };
}

/** The tables, for control. */
export function tablesOf({ keys, trails, organizations, roles }: AwsState): readonly CloudResources[] {
  return [keys, trails, organizations, roles];
}

/** What shares a quota: account and region, or the account alone where a service has no regions. */
export function scopeOf(arn: string): string {
  const { account, region } = knownArn(arn);
  return region === "" ? account : `${account}/${region}`;
}

interface TableOptions<State> {
  readonly kind: string;
  readonly arn: RegExp;
  readonly shape: ShapeOf<State> & Shape;
  readonly blank: (arn: string) => State;
}

function table<State extends { readonly arn: string }>(options: TableOptions<State>): ResourceTable<State> {
  const { kind, arn: pattern, shape, blank } = options;
  return new ResourceTable<State>({
    kind,
    recognizes: (name) => pattern.test(name),
    nameOf: ({ arn }) => arn,
    scopeOf: ({ arn }) => scopeOf(arn),
    check: (value, where) => {
      assertShape<State>(value, shape, where);
      if (!pattern.test(value.arn)) {
        throw new ControlError("wrong-value", `${where}.arn`, `${value.arn} is not the ARN of a ${kind}`);
      }
    },
    blank,
  });
}
