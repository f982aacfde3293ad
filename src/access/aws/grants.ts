/** What the grants on a key let their grantees do. */
import type { AwsGrant } from "../../model/aws.ts";
import type {
  AwsAccessRequest,
  AwsGrantAccess,
  AwsGrantConstraint,
  AwsGrantDecision,
  AwsGrantPermission,
  AwsPrincipal,
} from "../../model/aws-access.ts";
import { maybe, no, type Tri, triOf, yes } from "../three-valued.ts";
import { findKmsAction } from "./kms-actions.ts";
import { matchPrincipal } from "./match-principal.ts";
import { isServicePrincipal, parseAwsPrincipal } from "./parse-principal.ts";

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export function grantAccess(grants: readonly AwsGrant[], partition: string): AwsGrantAccess {
  const permissions = grants.map(permissionOf);
  return { grants: permissions, decide: (request) => decideGrants(permissions, request, partition) };
}

function permissionOf(grant: AwsGrant): AwsGrantPermission {
  return {
    id: grant.id,
    name: grant.name,
    grantee: principalOf(grant.grantee),
    retiring: grant.retiring === null ? null : principalOf(grant.retiring),
    issuing_account: grant.issuing_account,
    operations: grant.operations.map((operation) => `kms:${operation}`),
    constraint: constraintOf(grant),
  };
}

function principalOf(text: string): AwsPrincipal {
  return isServicePrincipal(text) ? { kind: "service", text } : parseAwsPrincipal(text);
}

/** A constraint without pairs constrains nothing. */
function constraintOf({ context_equals, context_subset }: AwsGrant): AwsGrantConstraint | null {
  if (context_equals !== null && Object.keys(context_equals).length > 0)
    return { kind: "equals", context: context_equals };
  if (context_subset !== null && Object.keys(context_subset).length > 0)
    return { kind: "subset", context: context_subset };
  return null;
}

function decideGrants(
  permissions: readonly AwsGrantPermission[],
  request: AwsAccessRequest,
  partition: string,
): AwsGrantDecision {
  let open: AwsGrantPermission | null = null;
  for (const permission of permissions) {
    const result = permits(permission, request, partition);
    if (result === yes) return { decision: "allowed", by: permission };
    if (result === maybe) open ??= permission;
  }
  return open === null ? { decision: "denied", by: null } : { decision: "conditional", by: open };
}

/** Whether this one grant permits the request. */
export function permits(permission: AwsGrantPermission, request: AwsAccessRequest, partition: string): Tri {
  const { caller, operation } = request;
  if (permission.retiring !== null && operation === "kms:RetireGrant") {
    const retires = matchPrincipal(permission.retiring, caller, partition);
    if (retires !== no) return retires;
  }
  if (!permission.operations.includes(operation)) return no;
  const grantee = matchPrincipal(permission.grantee, caller, partition);
  const constraint = permission.constraint === null ? yes : satisfies(permission.constraint, request);
  return grantee < constraint ? grantee : constraint;
}

/**
 * Only cryptographic operations are constrained, and the names of the pairs are compared without regard to case.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
function satisfies(constraint: AwsGrantConstraint, { operation, encryption_context }: AwsAccessRequest): Tri {
  const action = findKmsAction(operation);
  const constrained = action?.encryption_context === true && !operation.endsWith("Grant");
  if (!constrained) return yes;
  if (encryption_context === "any") return maybe;
  const had = pairsOf(encryption_context ?? {});
  const wanted = pairsOf(constraint.context);
  const holdsAll = wanted.every((pair) => had.includes(pair));
  return triOf(holdsAll && (constraint.kind === "subset" || had.length === wanted.length));
}

function pairsOf(context: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(context).map(([key, value]) => JSON.stringify([key.toLowerCase(), value]));
}
