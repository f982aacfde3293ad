// Every operation by its call, and how a request of either wire leads to one.
import type { AnswerForm } from "../cloud.ts";
import type { JsonObject } from "../shape.ts";
import { accessContextOperations } from "./access-context.ts";
import { type GcpOperation, textOf } from "./gcp-operation.ts";
import { iamOperations } from "./iam.ts";
import { kmsReads } from "./kms.ts";
import { kmsChanges } from "./kms-changes.ts";
import { isKmsName } from "./kms-lookup.ts";
import { loggingOperations } from "./logging.ts";
import { projectServices } from "./project-services.ts";
import type { DefinitionFile } from "./proto-definitions.ts";
import { resourceManagerOperations } from "./resource-manager.ts";

const operations: Readonly<Record<string, GcpOperation>> = {
  ...kmsReads,
  ...kmsChanges,
  ...resourceManagerOperations,
  ...loggingOperations,
  ...iamOperations,
  ...projectServices,
  ...accessContextOperations,
};

/** The operation of a call that exists. */
export function operationOf(call: string): GcpOperation {
  const operation = operations[call];
  if (operation === undefined) {
    throw new TypeError(`${call} is no operation`);
  }
  return operation;
}

export interface GrpcService {
  readonly name: string;
  readonly file: DefinitionFile;
  /** What call a method is; undefined where the method is not simulated or its resource is of no known kind. */
  readonly callOf: (method: string, input: JsonObject) => string | undefined;
}

const managerPackage = "google.cloud.resourcemanager.v3";

export const grpcServices: readonly GrpcService[] = [
  {
    name: "google.cloud.kms.v1.KeyManagementService",
    file: "kms",
    callOf: (method) => known(`cloudkms:${method}`),
  },
  // The mixin by which clients of Cloud KMS ask for policies. It is read from the definitions of the Resource Manager,
  // where the policy has all its fields.
  { name: "google.iam.v1.IAMPolicy", file: "resourceManager", callOf: policyCall },
  managerService("Projects", "Project"),
  managerService("Folders", "Folder"),
  managerService("Organizations", "Organization"),
  { name: "google.logging.v2.ConfigServiceV2", file: "logging", callOf: (method) => known(`logging:${method}`) },
];

function managerService(service: string, kind: string): GrpcService {
  return {
    name: `${managerPackage}.${service}`,
    file: "resourceManager",
    callOf: (method) => known(`cloudresourcemanager:${method.replace(/^(Get|Set)IamPolicy$/, `$1${kind}IamPolicy`)}`),
  };
}

function policyCall(method: string, input: JsonObject): string | undefined {
  const resource = textOf(input, "resource");
  const kind = isKmsName("key", resource) ? "CryptoKey" : isKmsName("ring", resource) ? "KeyRing" : undefined;
  return kind && known(`cloudkms:${method.replace(/^(Get|Set)IamPolicy$/, `$1${kind}IamPolicy`)}`);
}

function known(call: string): string | undefined {
  return Object.hasOwn(operations, call) ? call : undefined;
}

export interface RestRoute {
  readonly method: "GET" | "POST";
  /** Of the path as it was sent; its named groups become the input, unescaped. */
  readonly path: RegExp;
  readonly call: string;
}

/** In reality each API has a host of its own; no path of one is a path of another. */
export const restRoutes: readonly RestRoute[] = [
  get("/v1/(?<name>roles/[^/:]+)", "iam:GetRole"),
  get("/v1/(?<name>(projects|organizations)/[^/]+/roles/[^/:]+)", "iam:GetRole"),
  post("/v1/(?<name>projects/-/serviceAccounts/[^/:]+):generateAccessToken", "iamcredentials:GenerateAccessToken"),
  get("/v2/policies/(?<attachment>[^/]+)/denypolicies", "iam:ListDenyPolicies"),
  get("/v2/policies/(?<attachment>[^/]+)/denypolicies/(?<policy>[^/:]+)", "iam:GetDenyPolicy"),
  post("/v1/(?<name>projects/[^/]+):getAncestry", "cloudresourcemanager:GetAncestry"),
  get("/v2/(?<name>projects/[^/]+/policies/[^/:]+):getEffectivePolicy", "orgpolicy:GetEffectivePolicy"),
  get("/v1/(?<name>projects/[^/]+/services/[^/:]+)", "serviceusage:GetService"),
  post("/v1/(?<name>projects/[^/]+/services/[^/:]+):enable", "serviceusage:EnableService"),
  get("/v1/(?<name>projects/[^/]+/billingInfo)", "cloudbilling:GetProjectBillingInfo"),
  get("/v1/accessPolicies", "accesscontextmanager:ListAccessPolicies"),
  get("/v1/(?<parent>accessPolicies/[^/]+)/accessLevels", "accesscontextmanager:ListAccessLevels"),
  get("/v1/(?<parent>accessPolicies/[^/]+)/servicePerimeters", "accesscontextmanager:ListServicePerimeters"),
];

function get(path: string, call: string): RestRoute {
  return { method: "GET", path: new RegExp(`^${path}$`), call };
}

function post(path: string, call: string): RestRoute {
  return { method: "POST", path: new RegExp(`^${path}$`), call };
}

/** Every call, with the form of its answer. */
export const callForms: Readonly<Record<string, AnswerForm>> = Object.fromEntries(
  Object.keys(operations).map((call) => [call, restRoutes.some((route) => route.call === call) ? "json" : "protobuf"]),
);
