// The operations of the Resource Manager. https://cloud.google.com/resource-manager/reference/rpc/google.cloud.resourcemanager.v3
import type { JsonObject } from "../shape.ts";
import { wordValue } from "./enum-words.ts";
import { type GcpOperation, type GcpRequest, present, targetIn, textOf } from "./gcp-operation.ts";
import { timestampMessage } from "./gcp-time.ts";
import { changedPolicy, policyAfterSet, shownPolicy } from "./iam-policy.ts";
import { type Asking, replacePolicy, requestedLevel, requestedProject } from "./levels.ts";

/** https://cloud.google.com/resource-manager/docs/limits */
const quota = "cloudresourcemanager:read";

const getting: Asking = { call: "cloudresourcemanager:GetProject", permission: "resourcemanager.projects.get" };

function getProject({ input, state }: GcpRequest): JsonObject {
  const project = requestedProject(state, textOf(input, "name"), getting);
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
  ...policyOperations("Project"),
  ...policyOperations("Folder"),
  ...policyOperations("Organization"),
};
