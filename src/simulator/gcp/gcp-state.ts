// Everything that the simulated Google Cloud holds, by resource name.
import type { CloudResources } from "../cloud.ts";
import { ControlError } from "../control-error.ts";
import { ResourceTable } from "../resource-table.ts";
import { assertShape, type Shape, type ShapeOf } from "../shape.ts";
import { accessPolicyShape, type SimulatedAccessPolicy, sampleAccessPolicy } from "./access-policy.ts";
import { predefinedRoles } from "./predefined-roles.ts";
import { checkKey, checkLevel, checkProject, checkRing } from "./resource-checks.ts";
import {
  cryptoKeyShape,
  folderShape,
  iamRoleShape,
  keyRingShape,
  organizationShape,
  projectShape,
} from "./resource-shapes.ts";
import type {
  SimulatedCryptoKey,
  SimulatedFolder,
  SimulatedGcpOrganization,
  SimulatedIamRole,
  SimulatedKeyRing,
  SimulatedProject,
} from "./resource-types.ts";
import {
  sampleCryptoKey,
  sampleFolder,
  sampleGcpOrganization,
  sampleIamRole,
  sampleKeyRing,
  sampleProject,
} from "./resources.ts";

export interface GcpState {
  readonly keys: ResourceTable<SimulatedCryptoKey>;
  readonly rings: ResourceTable<SimulatedKeyRing>;
  readonly projects: ResourceTable<SimulatedProject>;
  readonly folders: ResourceTable<SimulatedFolder>;
  readonly organizations: ResourceTable<SimulatedGcpOrganization>;
  readonly accessPolicies: ResourceTable<SimulatedAccessPolicy>;
  readonly roles: ResourceTable<SimulatedIamRole>;
}

const project = "projects/[a-z][a-z0-9.:-]*[a-z0-9]";
const ring = `${project}/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]{1,63}`;

/** The predefined roles are there from the start. */
export function createGcpState(): GcpState {
  const state: GcpState = {
    keys: table({
      kind: "gcp.kms-key",
      name: `${ring}/cryptoKeys/[A-Za-z0-9_-]{1,63}`,
      shape: cryptoKeyShape,
      check: checkKey,
      blank: sampleCryptoKey,
    }),
    rings: table({ kind: "gcp.kms-key-ring", name: ring, shape: keyRingShape, check: checkRing, blank: sampleKeyRing }),
    projects: table({
      kind: "gcp.project",
      name: project,
      shape: projectShape,
      check: checkProject,
      blank: sampleProject,
    }),
    folders: table({
      kind: "gcp.folder",
      name: "folders/\\d+",
      shape: folderShape,
      check: checkLevel,
      blank: sampleFolder,
    }),
    organizations: table({
      kind: "gcp.organization",
      name: "organizations/\\d+",
      shape: organizationShape,
      check: checkLevel,
      blank: sampleGcpOrganization,
    }),
    accessPolicies: table({
      kind: "gcp.access-policy",
      name: "accessPolicies/\\d+",
      shape: accessPolicyShape,
      blank: sampleAccessPolicy,
    }),
    roles: table({
      kind: "gcp.iam-role",
      name: `(${project}/|organizations/\\d+/)?roles/[A-Za-z0-9_.]+`,
      shape: iamRoleShape,
      blank: sampleIamRole,
    }),
  };
  for (const role of predefinedRoles) {
    state.roles.seed(role);
  }
  return state;
}

/** The tables, for control. */
export function tablesOf(state: GcpState): readonly CloudResources[] {
  const { keys, rings, projects, folders, organizations, accessPolicies, roles } = state;
  return [keys, rings, projects, folders, organizations, accessPolicies, roles];
}

/** What shares a quota: `projects/…`, `folders/…`, `organizations/…`; the name itself where it is in none. */
export function scopeOf(name: string): string {
  return /^(projects|folders|organizations)\/[^/]+/.exec(name)?.[0] ?? name;
}

/** A name with the project's id in it: Google takes its number as well. */
export function canonicalName({ projects }: GcpState, name: string): string {
  const [, number, rest = ""] = /^projects\/(\d+)(\/.*)?$/.exec(name) ?? [];
  const found = number === undefined ? undefined : projects.all().find((candidate) => candidate.number === number);
  return found === undefined ? name : `${found.name}${rest}`;
}

interface TableOptions<State> {
  readonly kind: string;
  /** A pattern for the whole name. */
  readonly name: string;
  readonly shape: ShapeOf<State> & Shape;
  readonly check?: (state: State, where: string) => void;
  readonly blank: (change: { name: string }) => State;
}

function table<State extends { readonly name: string }>(options: TableOptions<State>): ResourceTable<State> {
  const { kind, name: text, shape, check, blank } = options;
  const pattern = new RegExp(`^${text}$`);
  return new ResourceTable<State>({
    kind,
    recognizes: (name) => pattern.test(name),
    nameOf: ({ name }) => name,
    scopeOf: ({ name }) => scopeOf(name),
    check: (value, where) => {
      assertShape<State>(value, shape, where);
      if (!pattern.test(value.name)) {
        throw new ControlError("wrong-value", `${where}.name`, `${value.name} is not the name of a ${kind}`);
      }
      check?.(value, where);
    },
    blank: (name) => blank({ name }),
  });
}
