// The operations of the Resource Manager. https://cloud.google.com/resource-manager/reference/rpc/google.cloud.resourcemanager.v3
import type { JsonObject } from "../shape.ts";
import { wordValue } from "./enum-words.ts";
import { GcpError } from "./gcp-error.ts";
import { type GcpOperation, type GcpRequest, present, targetIn, textOf } from "./gcp-operation.ts";
import { timestampMessage } from "./gcp-time.ts";
import { changedPolicy, policyAfterSet, shownPolicy } from "./iam-policy.ts";
import { type Asking, replacePolicy, requestedLevel, requestedProject } from "./levels.ts";
import { messageDefinition } from "./proto-definitions.ts";
import type { SimulatedProject } from "./resource-types.ts";

/** https://cloud.google.com/resource-manager/docs/limits */
const quota = "cloudresourcemanager:read";

const getting: Asking = { call: "cloudresourcemanager:GetProject", permission: "resourcemanager.projects.get" };
const undeleting: Asking = {
  call: "cloudresourcemanager:UndeleteProject",
  permission: "resourcemanager.projects.undelete",
};

function getProject({ input, state }: GcpRequest): JsonObject {
  return projectMessage(requestedProject(state, textOf(input, "name"), getting));
}

/** `gcloud projects undelete`; it is done at once. https://cloud.google.com/resource-manager/docs/creating-managing-projects#restoring_a_project */
function undeleteProject({ input, state }: GcpRequest): JsonObject {
  const { name, number, state: before } = requestedProject(state, textOf(input, "name"), undeleting);
  if (before !== "DELETE_REQUESTED") {
    throw new GcpError("FAILED_PRECONDITION", `Project ${name} is in the state ${before}; expected DELETE_REQUESTED.`);
  }
  state.projects.patch(name, { state: "ACTIVE" });
  const type = "google.cloud.resourcemanager.v3.Project";
  const project = projectMessage(requestedProject(state, name, undeleting));
  const value = messageDefinition("resourceManager", type).serialize(project);
  return { name: `operations/up.${number}`, done: true, response: { type_url: `type.googleapis.com/${type}`, value } };
}

function projectMessage(project: SimulatedProject): JsonObject {
  return present({
    name: `projects/${project.number}`,
    parent: project.parent,
    projectId: project.name.slice("projects/".length),
    state: wordValue(project.state),
    displayName: project.displayName,
    createTime: timestampMessage(project.createTime),
    labels: project.labels,
  });
}

/** From the project up; a parent that was not added ends the chain. https://cloud.google.com/resource-manager/reference/rest/v1/projects/getAncestry */
function getAncestry({ input, state }: GcpRequest): JsonObject {
  const project = requestedProject(state, textOf(input, "name"), getting);
  const ancestor = [{ resourceId: { type: "project", id: project.name.slice("projects/".length) } }];
  let parent = project.parent;
  while (parent !== undefined) {
    const [kind, id = ""] = parent.split("/");
    ancestor.push({ resourceId: { type: kind === "folders" ? "folder" : "organization", id } });
    parent = state.folders.get(parent)?.parent;
  }
  return { ancestor };
}

function getPolicy(asking: Asking): GcpOperation["answer"] {
  return ({ input, state }) => shownPolicy(requestedLevel(state, textOf(input, "resource"), asking).policy, input);
}

function setPolicy(asking: Asking): GcpOperation["answer"] {
  return ({ input, state }) => {
    const { name, policy } = requestedLevel(state, textOf(input, "resource"), asking);
    replacePolicy(state, name, changedPolicy(policy, input));
    return policyAfterSet(requestedLevel(state, name, asking).policy, input);
  };
}

/** Reading and setting the policy of one kind of level. */
function policyOperations(kind: "Project" | "Folder" | "Organization"): Readonly<Record<string, GcpOperation>> {
  const level = `${kind.toLowerCase()}s`;
  const get = { call: `cloudresourcemanager:Get${kind}IamPolicy`, permission: `resourcemanager.${level}.getIamPolicy` };
  const set = { call: `cloudresourcemanager:Set${kind}IamPolicy`, permission: `resourcemanager.${level}.setIamPolicy` };
  const target = targetIn("resource");
  return {
    [get.call]: { permission: get.permission, quota, target, answer: getPolicy(get) },
    [set.call]: { permission: set.permission, target, answer: setPolicy(set) },
  };
}

export const resourceManagerOperations: Readonly<Record<string, GcpOperation>> = {
  "cloudresourcemanager:GetProject": {
    permission: getting.permission,
    quota,
    target: targetIn("name"),
    answer: getProject,
  },
  "cloudresourcemanager:GetAncestry": {
    permission: getting.permission,
    quota,
    target: targetIn("name"),
    answer: getAncestry,
  },
  [undeleting.call]: { permission: undeleting.permission, target: targetIn("name"), answer: undeleteProject },
  ...policyOperations("Project"),
  ...policyOperations("Folder"),
  ...policyOperations("Organization"),
};
