/** What the published role gets, by the key policy and the organization above it together, and how that is told. */
import { organizationPair } from "../../guidance/aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "../../guidance/identifiers.ts";
import type {
  AwsAccessDecision,
  AwsAccessRequest,
  AwsCaller,
  AwsOrganizationPolicyAccess,
  AwsPolicyAccess,
} from "../../model/aws-access.ts";
import type { Fact } from "../../model/fact.ts";
import type { EncryptionContext } from "./anthropic-requests.ts";
import type { AskedRequest, TrafficAnswer } from "./ask-traffic.ts";
import { publishedRole } from "./callers.ts";
import { distinctNames } from "./decide.ts";
import { type Denial, explainDenial, explainOrganizationDenial } from "./explain-denial.ts";
import { requestAt } from "./request-at.ts";

/** A decision about the role, with its reason where it is denied. */
export interface RoleDecision extends Pick<AwsAccessDecision, "decision" | "on"> {
  readonly explain: (() => Denial) | null;
}

/** What a check is given that the role's requests hang on. */
interface Circumstances {
  readonly at: number;
  readonly settings: { readonly anthropic_egress: readonly string[] };
}

/** The request of the published role, from its addresses, at the moment of the check. */
export function roleRequest(
  operation: string,
  encryption_context: EncryptionContext,
  circumstances: Circumstances,
): AwsAccessRequest {
  const caller = documentedRole(circumstances.settings.anthropic_egress);
  return requestAt(circumstances, { caller, operation, encryption_context });
}

/** By the list of its addresses: every check asks for the same one many times. */
const documentedRoles = new WeakMap<readonly string[], AwsCaller>();

function documentedRole(addresses: readonly string[]): AwsCaller {
  const before = documentedRoles.get(addresses);
  const role = before ?? publishedRole(anthropicAwsRoleArn, addresses);
  documentedRoles.set(addresses, role);
  return role;
}

/** An organization that could not be read, or that there is none of, stops nothing here. */
export function decideForRole(
  access: AwsPolicyAccess,
  organization: Fact<AwsOrganizationPolicyAccess | null>,
  request: AwsAccessRequest,
): RoleDecision {
  const byKey = access.decide(request);
  if (byKey.decision === "denied") {
    return { decision: "denied", on: [], explain: () => explainDenial(access, request, byKey) };
  }
  const above = organization.state === "known" ? organization.value?.decide(request) : undefined;
  if (above?.decision === "denied") {
    return { decision: "denied", on: [], explain: () => explainOrganizationDenial(above) };
  }
  const open = byKey.decision === "conditional" || above?.decision === "conditional";
  const on = distinctNames([...byKey.on, ...(above?.on ?? [])]);
  return { decision: open ? "conditional" : "allowed", on, explain: null };
}

/** What is refused to the role, in words and as evidence: each reason once, with all that it stops. */
export function tellRefusals(refused: readonly AskedRequest<RoleDecision>[]) {
  const refusals = refused.map(({ operation, encryption_context, answer }) => ({
    operation,
    encryption_context,
    denial: answer.explain?.() ?? unexplained,
  }));
  const reasons = Map.groupBy(refusals, ({ denial: { text: _, ...reason } }) => JSON.stringify(reason));
  const groups = [...reasons.values()].map((ofReason) => {
    const { text, ...reason } = ofReason[0]?.denial ?? unexplained;
    const operations = [...new Set(ofReason.map(({ operation }) => operation))];
    const contexts = distinctContexts(ofReason.map(({ encryption_context }) => encryption_context));
    return { text, evidence: { ...reason, operations, encryption_contexts: contexts } };
  });
  const told = groups.slice(0, 3).map(({ text, evidence: { operations, encryption_contexts } }) => {
    const others = encryption_contexts.length - 1;
    return `${operations.join(" and ")} is refused: ${text}${others > 0 ? ` (and ${others} more like it)` : ""}`;
  });
  const more = groups.length > 3 ? `; and for ${groups.length - 3} reasons more` : "";
  return { message: told.join("; ") + more, evidence: { refused: groups.map(({ evidence }) => evidence) } };
}

const unexplained: Denial = { cause: "condition", statement: null, condition: null, text: "it is denied" };

function distinctContexts(contexts: readonly EncryptionContext[]): readonly EncryptionContext[] {
  return [...new Map(contexts.map((context) => [JSON.stringify(context), context])).values()];
}

/** What was taken on trust, for the end of a message: empty where nothing was. */
export function tellAssumed({ assumed }: Pick<TrafficAnswer<RoleDecision>, "assumed">): string {
  const told = Object.entries(assumed).map(([pair, values]) => {
    const [what, setting] =
      pair === organizationPair ? ["organization", "organizations"] : ["compartments", "compartments"];
    return `; assumed that ${values.join(", ")} is the customer's ${what}: \`${setting}\` does not say`;
  });
  return told.join("");
}

/** For the end of a message, where nobody looked above the key. */
export function tellSwitchedOff({ aws_organization }: { readonly aws_organization: boolean }): string {
  return aws_organization ? "" : ", as far as the key's own policy goes (`reads.aws_organization` is off)";
}
