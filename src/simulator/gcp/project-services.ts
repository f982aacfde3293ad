// What services and billing a project has, and what the organization policies come to there. All of it is REST.
import type { JsonObject } from "../shape.ts";
import { GcpError } from "./gcp-error.ts";
import { type GcpOperation, type GcpRequest, present, textOf } from "./gcp-operation.ts";
import { serviceTitle } from "./gcp-refusals.ts";
import { type Asking, requestedProject } from "./levels.ts";
import type { SimulatedEffectivePolicy } from "./resource-types.ts";

const gettingService: Asking = { call: "serviceusage:GetService", permission: "serviceusage.services.get" };
const enablingService: Asking = { call: "serviceusage:EnableService", permission: "serviceusage.services.enable" };
const gettingBilling: Asking = {
  call: "cloudbilling:GetProjectBillingInfo",
  permission: "resourcemanager.projects.get",
};
const gettingPolicy: Asking = { call: "orgpolicy:GetEffectivePolicy", permission: "orgpolicy.policy.get" };

/** What a constraint comes to that nobody has set. https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints */
const unset: Readonly<Record<string, SimulatedEffectivePolicy>> = {
  "iam.allowedPolicyMemberDomains": { rules: [{ allowAll: true }] },
  "iam.managed.allowedPolicyMembers": { rules: [{ enforce: false }] },
};

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/get */
function getService({ input, state }: GcpRequest): JsonObject {
  const { project, rest: service } = partsOf(textOf(input, "name"), "services");
  const { number, services } = requestedProject(state, project, gettingService);
  return {
    name: `projects/${number}/services/${service}`,
    config: { name: service, title: serviceTitle(service) },
    state: services[service] ?? "DISABLED",
    parent: `projects/${number}`,
  };
}

/** `gcloud services enable`; it is done at once. */
function enableService({ input, state }: GcpRequest): JsonObject {
  const { project, rest: service } = partsOf(textOf(input, "name"), "services");
  const { name } = requestedProject(state, project, enablingService);
  state.projects.patch(name, { services: { [service]: "ENABLED" } });
  return { name: "operations/noop.DONE_OPERATION", done: true, response: {} };
}

/** https://cloud.google.com/billing/docs/reference/rest/v1/ProjectBillingInfo */
function getBilling({ input, state }: GcpRequest): JsonObject {
  const { project } = partsOf(textOf(input, "name"), "billingInfo");
  const { name, billing } = requestedProject(state, project, gettingBilling);
  return {
    name: `${name}/billingInfo`,
    projectId: name.slice("projects/".length),
    billingAccountName: billing.account ?? "",
    billingEnabled: billing.enabled,
  };
}

/** https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy */
function getEffectivePolicy({ input, state }: GcpRequest): JsonObject {
  const { project, rest: constraint } = partsOf(textOf(input, "name"), "policies");
  const { number, effective_policies: policies } = requestedProject(state, project, gettingPolicy);
  const spec = policies[constraint] ?? unset[constraint];
  if (spec === undefined) {
    throw new GcpError("NOT_FOUND", "Requested entity was not found.");
  }
  return { name: `projects/${number}/policies/${constraint}`, spec: present({ ...spec }) };
}

/** `projects/<project>/<collection>/<rest>`. */
function partsOf(name: string, collection: string): { readonly project: string; readonly rest: string } {
  const [project = "", rest = ""] = name.split(`/${collection}`);
  return { project, rest: rest.slice(1) };
}

function projectTarget(input: JsonObject): string | null {
  return /^projects\/[^/]+/.exec(textOf(input, "name"))?.[0] ?? null;
}

export const projectServices = {
  "serviceusage:GetService": { permission: gettingService.permission, target: projectTarget, answer: getService },
  "serviceusage:EnableService": {
    permission: enablingService.permission,
    target: projectTarget,
    answer: enableService,
  },
  "cloudbilling:GetProjectBillingInfo": {
    permission: gettingBilling.permission,
    target: projectTarget,
    answer: getBilling,
  },
  "orgpolicy:GetEffectivePolicy": {
    permission: gettingPolicy.permission,
    target: projectTarget,
    answer: getEffectivePolicy,
  },
} as const satisfies Record<string, GcpOperation>;
