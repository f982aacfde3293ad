// An access policy with its levels and perimeters. https://cloud.google.com/access-context-manager/docs/reference/rest
import { type Change, mergePatch } from "../merge-patch.ts";
import { assertShape, type ShapeOf } from "../shape.ts";

export interface SimulatedAccessPolicy {
  /** `accessPolicies/<number>`. */
  readonly name: string;
  /** `organizations/<number>`. */
  readonly parent: string;
  readonly title: string;
  /** Folders and projects that it is limited to; none for the whole organization. */
  readonly scopes?: readonly string[];
  readonly levels: Readonly<Record<string, SimulatedAccessLevel>>;
  readonly perimeters: Readonly<Record<string, SimulatedPerimeter>>;
}

export interface SimulatedAccessLevel {
  readonly title?: string;
  readonly basic?: { readonly combiningFunction?: string; readonly conditions: readonly SimulatedAccessCondition[] };
  readonly custom?: { readonly expr: { readonly expression: string } };
}

export interface SimulatedAccessCondition {
  readonly ipSubnetworks?: readonly string[];
  readonly members?: readonly string[];
  readonly requiredAccessLevels?: readonly string[];
  readonly regions?: readonly string[];
  readonly negate?: boolean;
  readonly devicePolicy?: { readonly requireScreenlock?: boolean; readonly requireCorpOwned?: boolean };
}

export interface SimulatedPerimeter {
  readonly title: string;
  readonly perimeterType?: string;
  /** What is enforced. */
  readonly status?: SimulatedPerimeterConfig;
  /** The dry run. */
  readonly spec?: SimulatedPerimeterConfig;
  readonly useExplicitDryRunSpec?: boolean;
}

export interface SimulatedPerimeterConfig {
  readonly resources?: readonly string[];
  readonly restrictedServices?: readonly string[];
  readonly accessLevels?: readonly string[];
  readonly ingressPolicies?: readonly SimulatedIngressPolicy[];
}

export interface SimulatedIngressPolicy {
  readonly title?: string;
  readonly ingressFrom?: {
    readonly identityType?: string;
    readonly identities?: readonly string[];
    readonly sources?: readonly { readonly accessLevel?: string; readonly resource?: string }[];
  };
  readonly ingressTo?: {
    readonly resources?: readonly string[];
    readonly operations?: readonly SimulatedIngressOperation[];
  };
}

export interface SimulatedIngressOperation {
  readonly serviceName?: string;
  readonly methodSelectors?: readonly { readonly method?: string; readonly permission?: string }[];
}

const text = { optional: "string" } as const;
const texts = { optional: { list: "string" } } as const;
const flag = { optional: "boolean" } as const;

const conditionShape = {
  fields: {
    ipSubnetworks: texts,
    members: texts,
    requiredAccessLevels: texts,
    regions: texts,
    negate: flag,
    devicePolicy: { optional: { fields: { requireScreenlock: flag, requireCorpOwned: flag } } },
  },
} as const satisfies ShapeOf<SimulatedAccessCondition>;

const levelShape = {
  fields: {
    title: text,
    basic: { optional: { fields: { combiningFunction: text, conditions: { list: conditionShape } } } },
    custom: { optional: { fields: { expr: { fields: { expression: "string" } } } } },
  },
} as const satisfies ShapeOf<SimulatedAccessLevel>;

const operationShape = {
  fields: {
    serviceName: text,
    methodSelectors: { optional: { list: { fields: { method: text, permission: text } } } },
  },
} as const satisfies ShapeOf<SimulatedIngressOperation>;

const ingressShape = {
  fields: {
    title: text,
    ingressFrom: {
      optional: {
        fields: {
          identityType: text,
          identities: texts,
          sources: { optional: { list: { fields: { accessLevel: text, resource: text } } } },
        },
      },
    },
    ingressTo: { optional: { fields: { resources: texts, operations: { optional: { list: operationShape } } } } },
  },
} as const satisfies ShapeOf<SimulatedIngressPolicy>;

const configShape = {
  fields: {
    resources: texts,
    restrictedServices: texts,
    accessLevels: texts,
    ingressPolicies: { optional: { list: ingressShape } },
  },
} as const satisfies ShapeOf<SimulatedPerimeterConfig>;

const perimeterShape = {
  fields: {
    title: "string",
    perimeterType: text,
    status: { optional: configShape },
    spec: { optional: configShape },
    useExplicitDryRunSpec: flag,
  },
} as const satisfies ShapeOf<SimulatedPerimeter>;

export const accessPolicyShape = {
  fields: {
    name: "string",
    parent: "string",
    title: "string",
    scopes: texts,
    levels: { map: levelShape },
    perimeters: { map: perimeterShape },
  },
} as const satisfies ShapeOf<SimulatedAccessPolicy>;

/** The access policy of the sample organization, without levels and perimeters, with the changes merged in. */
export function sampleAccessPolicy(change: Change<SimulatedAccessPolicy> = {}): SimulatedAccessPolicy {
  const base: SimulatedAccessPolicy = {
    name: "accessPolicies/987654321",
    parent: "organizations/555555555555",
    title: "default policy",
    levels: {},
    perimeters: {},
  };
  const policy = mergePatch(base, change);
  assertShape<SimulatedAccessPolicy>(policy, accessPolicyShape, "accessPolicy");
  return policy;
}
