// Projects, and the folders and organizations above them.

import type { ResourceTable } from "../resource-table.ts";
import type { GcpError } from "./gcp-error.ts";
import { permissionDenied } from "./gcp-refusals.ts";
import type { GcpState } from "./gcp-state.ts";
import { canonicalName } from "./gcp-state.ts";
import type { SimulatedDenyPolicy, SimulatedPolicy, SimulatedProject } from "./resource-types.ts";

/** What is the same in a project, a folder and an organization. */
export interface SimulatedLevel {
  readonly name: string;
  readonly policy: SimulatedPolicy;
  readonly deny_policies: Readonly<Record<string, SimulatedDenyPolicy>>;
}

/** The call that asks, for the refusal of what is not there. */
export interface Asking {
  readonly call: string;
  readonly permission: string;
}

/** A project by id or number. One that does not exist is refused like one that may not be seen. */
export function requestedProject(state: GcpState, name: string, asking: Asking): SimulatedProject {
  const project = state.projects.get(canonicalName(state, name));
  if (project === undefined) {
    throw missing(name, asking);
  }
  return project;
}

/** The table that holds a level, and the level. */
export function requestedLevel(state: GcpState, name: string, asking: Asking): SimulatedLevel {
  const level = tableOf(state, name).get(canonicalName(state, name));
  if (level === undefined) {
    throw missing(name, asking);
  }
  return level;
}

/** The policy of a level becomes another one. */
export function replacePolicy(state: GcpState, name: string, policy: SimulatedPolicy): void {
  tableOf(state, name).patch(name, { policy: { auditConfigs: null, ...policy } });
}

/** `projects/<number>`, as answers name a project; other levels keep their name. */
export function numberedName(state: GcpState, name: string): string {
  const project = state.projects.get(name);
  return project === undefined ? name : `projects/${project.number}`;
}

function tableOf(state: GcpState, name: string): Pick<ResourceTable<SimulatedLevel>, "get" | "patch"> {
  const { projects, folders, organizations } = state;
  return name.startsWith("folders/") ? folders : name.startsWith("organizations/") ? organizations : projects;
}

function missing(target: string, asking: Asking): GcpError {
  return permissionDenied({ ...asking, target });
}
