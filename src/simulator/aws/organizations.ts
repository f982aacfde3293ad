// The reading operations of AWS Organizations. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html
import { knownArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import {
  type AwsOperation,
  type AwsRequest,
  type JsonObject,
  optionalCount,
  optionalText,
  pageOf,
  requiredText,
} from "./aws-operation.ts";
import type { SimulatedOrganization, SimulatedOrganizationPolicy } from "./organization.ts";

/** The one operation that every member account may call. */
function describeOrganization(request: AwsRequest): JsonObject {
  const { arn, policy_types } = ownOrganization(request);
  const { account, resource } = knownArn(arn);
  const id = resource.slice("organization/".length);
  return {
    Organization: {
      Id: id,
      Arn: arn,
      FeatureSet: "ALL",
      MasterAccountArn: `arn:aws:organizations::${account}:account/${id}/${account}`,
      MasterAccountId: account,
      MasterAccountEmail: "management@example.com",
      AvailablePolicyTypes: policyTypes(policy_types),
    },
  };
}

function listRoots(request: AwsRequest): JsonObject {
  const organization = administered(request);
  const root = { Id: organization.root, Arn: arnOf(organization, "root", organization.root), Name: "Root" };
  return { Roots: [{ ...root, PolicyTypes: policyTypes(organization.policy_types) }] };
}

function listParents(request: AwsRequest): JsonObject {
  const { root, units, accounts } = administered(request);
  const child = requiredText(request.input, "ChildId");
  const parent = { ...units, ...accounts }[child];
  if (parent === undefined) {
    throw new AwsError("ChildNotFoundException", "You specified a child that doesn't exist.");
  }
  return { Parents: [{ Id: parent, Type: parent === root ? "ROOT" : "ORGANIZATIONAL_UNIT" }] };
}

function listPolicies(request: AwsRequest): JsonObject {
  return policyPage(request, administered(request), () => true);
}

function listPoliciesForTarget(request: AwsRequest): JsonObject {
  const organization = administered(request);
  const target = requiredText(request.input, "TargetId");
  const { root, units, accounts } = organization;
  if (target !== root && !Object.hasOwn(units, target) && !Object.hasOwn(accounts, target)) {
    throw new AwsError("TargetNotFoundException", "You specified a target that doesn't exist.");
  }
  return policyPage(request, organization, ({ targets }) => targets.includes(target));
}

function describePolicy(request: AwsRequest): JsonObject {
  const organization = administered(request);
  const id = requiredText(request.input, "PolicyId");
  const policy = organization.policies.find(({ Id }) => Id === id);
  if (policy === undefined) {
    throw new AwsError("PolicyNotFoundException", "You specified a policy that doesn't exist.");
  }
  return { Policy: { PolicySummary: summary(organization, policy), Content: policy.Content } };
}

function policyPage(
  { input }: AwsRequest,
  organization: SimulatedOrganization,
  wanted: (policy: SimulatedOrganizationPolicy) => boolean,
): JsonObject {
  const filter = requiredText(input, "Filter");
  const policies = organization.policies.filter((policy) => policy.Type === filter && wanted(policy));
  const limit = optionalCount(input, "MaxResults", { min: 1, max: 20, or: 20 });
  const { items, next } = pageOf(policies, limit, optionalText(input, "NextToken"), "InvalidInputException");
  const page = { Policies: items.map((policy) => summary(organization, policy)) };
  return next === undefined ? page : { ...page, NextToken: next };
}

function summary(organization: SimulatedOrganization, policy: SimulatedOrganizationPolicy): JsonObject {
  const { Id, Name, Description = "", Type, AwsManaged } = policy;
  const kind = Type.toLowerCase();
  const Arn = AwsManaged
    ? `arn:aws:organizations::aws:policy/${kind}/${Id}`
    : arnOf(organization, "policy", `${kind}/${Id}`);
  return { Id, Arn, Name, Description, Type, AwsManaged };
}

function ownOrganization({ state, account }: AwsRequest): SimulatedOrganization {
  const organization = state.organizations.all().find(({ accounts }) => Object.hasOwn(accounts, account));
  if (organization === undefined) {
    throw new AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
  }
  return organization;
}

/** Only the management account and delegated administrators read on. */
function administered(request: AwsRequest): SimulatedOrganization {
  const organization = ownOrganization(request);
  const administrators = [knownArn(organization.arn).account, ...organization.delegated_administrators];
  if (!administrators.includes(request.account)) {
    throw new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
  }
  return organization;
}

function arnOf({ arn }: SimulatedOrganization, kind: string, id: string): string {
  const { account, resource } = knownArn(arn);
  return `arn:aws:organizations::${account}:${kind}/${resource.slice("organization/".length)}/${id}`;
}

function policyTypes(types: readonly string[]): readonly JsonObject[] {
  return types.map((type) => ({ Type: type, Status: "ENABLED" }));
}

function organizationTarget({ state, account }: AwsRequest): string | null {
  return state.organizations.all().find(({ accounts }) => Object.hasOwn(accounts, account))?.arn ?? null;
}

export const organizationsOperations = {
  DescribeOrganization: { target: organizationTarget, answer: describeOrganization },
  ListRoots: { target: organizationTarget, answer: listRoots },
  ListParents: { target: organizationTarget, answer: listParents },
  ListPolicies: { target: organizationTarget, answer: listPolicies },
  ListPoliciesForTarget: { target: organizationTarget, answer: listPoliciesForTarget },
  DescribePolicy: { target: organizationTarget, answer: describePolicy },
} as const satisfies Record<string, AwsOperation>;
