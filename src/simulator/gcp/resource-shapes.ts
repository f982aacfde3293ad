// The types of resource-types.ts once more as data, so that a change that comes over HTTP can be refused by name and place.
import type { ShapeOf } from "../shape.ts";
import type {
  SimulatedAuditConfig,
  SimulatedBinding,
  SimulatedCryptoKey,
  SimulatedCryptoKeyVersion,
  SimulatedDenyPolicy,
  SimulatedDenyRule,
  SimulatedEffectivePolicy,
  SimulatedExclusion,
  SimulatedExpression,
  SimulatedFolder,
  SimulatedGcpOrganization,
  SimulatedIamRole,
  SimulatedKeyRing,
  SimulatedPolicy,
  SimulatedPolicyRule,
  SimulatedProject,
  SimulatedSink,
} from "./resource-types.ts";

const text = { optional: "string" } as const;
const flag = { optional: "boolean" } as const;
const texts = { optional: { list: "string" } } as const;

const expressionShape = {
  fields: { expression: "string", title: text, description: text, location: text },
} as const satisfies ShapeOf<SimulatedExpression>;

const bindingShape = {
  fields: { role: "string", members: { list: "string" }, condition: { optional: expressionShape } },
} as const satisfies ShapeOf<SimulatedBinding>;

const auditConfigShape = {
  fields: {
    service: "string",
    auditLogConfigs: { list: { fields: { logType: "string", exemptedMembers: texts } } },
  },
} as const satisfies ShapeOf<SimulatedAuditConfig>;

const policyShape = {
  fields: { bindings: { list: bindingShape }, auditConfigs: { optional: { list: auditConfigShape } } },
} as const satisfies ShapeOf<SimulatedPolicy>;

const versionShape = {
  fields: {
    state: "string",
    protectionLevel: "string",
    algorithm: "string",
    createTime: text,
    generateTime: text,
    destroyTime: text,
    destroyEventTime: text,
    importJob: text,
    importTime: text,
    reimportEligible: flag,
  },
} as const satisfies ShapeOf<SimulatedCryptoKeyVersion>;

export const cryptoKeyShape = {
  fields: {
    name: "string",
    purpose: "string",
    createTime: "string",
    nextRotationTime: text,
    rotationPeriod: text,
    versionTemplate: { optional: { fields: { protectionLevel: "string", algorithm: "string" } } },
    labels: { map: "string" },
    importOnly: flag,
    destroyScheduledDuration: "string",
    cryptoKeyBackend: text,
    keyAccessJustificationsPolicy: { optional: { fields: { allowedAccessReasons: { list: "string" } } } },
    primary: text,
    versions: { map: versionShape },
    policy: policyShape,
  },
} as const satisfies ShapeOf<SimulatedCryptoKey>;

export const keyRingShape = {
  fields: { name: "string", createTime: "string", policy: policyShape },
} as const satisfies ShapeOf<SimulatedKeyRing>;

const exclusionFields = { filter: "string", description: text, disabled: flag } as const;
const exclusionShape = { fields: exclusionFields } as const satisfies ShapeOf<SimulatedExclusion>;

const sinkShape = {
  fields: {
    destination: "string",
    filter: "string",
    description: text,
    disabled: flag,
    includeChildren: flag,
    exclusions: { optional: { list: { fields: { ...exclusionFields, name: "string" } } } },
  },
} as const satisfies ShapeOf<SimulatedSink>;

const ruleShape = {
  fields: {
    values: { optional: { fields: { allowedValues: texts, deniedValues: texts } } },
    allowAll: flag,
    denyAll: flag,
    enforce: flag,
    parameters: { optional: { map: { list: "string" } } },
    condition: { optional: expressionShape },
  },
} as const satisfies ShapeOf<SimulatedPolicyRule>;

const effectivePolicyShape = {
  fields: { rules: { list: ruleShape } },
} as const satisfies ShapeOf<SimulatedEffectivePolicy>;

const denyRuleShape = {
  fields: {
    deniedPrincipals: texts,
    exceptionPrincipals: texts,
    deniedPermissions: texts,
    exceptionPermissions: texts,
    denialCondition: { optional: expressionShape },
  },
} as const satisfies ShapeOf<SimulatedDenyRule>;

const denyPolicyShape = {
  fields: { displayName: text, rules: { list: { fields: { description: text, denyRule: denyRuleShape } } } },
} as const satisfies ShapeOf<SimulatedDenyPolicy>;

export const projectShape = {
  fields: {
    name: "string",
    number: "string",
    displayName: text,
    state: "string",
    parent: text,
    createTime: "string",
    labels: { map: "string" },
    policy: policyShape,
    services: { map: "string" },
    billing: { fields: { enabled: "boolean", account: text } },
    sinks: { map: sinkShape },
    exclusions: { map: exclusionShape },
    effective_policies: { map: effectivePolicyShape },
    deny_policies: { map: denyPolicyShape },
  },
} as const satisfies ShapeOf<SimulatedProject>;

export const folderShape = {
  fields: {
    name: "string",
    displayName: text,
    parent: "string",
    policy: policyShape,
    deny_policies: { map: denyPolicyShape },
  },
} as const satisfies ShapeOf<SimulatedFolder>;

export const organizationShape = {
  fields: {
    name: "string",
    displayName: text,
    directoryCustomerId: text,
    policy: policyShape,
    deny_policies: { map: denyPolicyShape },
  },
} as const satisfies ShapeOf<SimulatedGcpOrganization>;

export const iamRoleShape = {
  fields: {
    name: "string",
    title: "string",
    description: text,
    includedPermissions: { list: "string" },
    stage: "string",
    deleted: flag,
  },
} as const satisfies ShapeOf<SimulatedIamRole>;
