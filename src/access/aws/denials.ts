/** What the Deny statements of a policy alone do to a request. */
import type { AwsAccessDecision, AwsAccessRequest, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import { distinctNames } from "./decide.ts";
import { egressParts } from "./egress-addresses.ts";
import { requestAt } from "./request-at.ts";

/** `allowed` says that no Deny is in the way. */
export interface Denials extends Pick<AwsAccessDecision, "decision" | "on"> {
  readonly hitting: readonly AwsStatement[];
}

const noDenials: Denials = { decision: "allowed", on: [], hitting: [] };

/** Over all of the caller's addresses: a Deny that hits some of them hits. */
export function denialsAt(access: AwsPolicyAccess, request: AwsAccessRequest): Denials {
  if (access.policy.statements.every(({ effect }) => effect === "Allow")) return noDenials;
  const { caller, operation, encryption_context } = request;
  const addresses =
    typeof caller.addresses === "string"
      ? [caller.addresses]
      : egressParts(access.policy, caller.addresses).map(({ address }) => [address]);
  const traces = addresses.flatMap((ofPart) =>
    access.trace(requestAt(request, { caller: { ...caller, addresses: ofPart }, operation, encryption_context })),
  );
  const denials = traces.filter(({ statement, result }) => statement.effect === "Deny" && result !== "false");
  const hitting = denials.filter(({ result }) => result === "true").map(({ statement }) => statement);
  const on = denials.flatMap(({ principal, resource, conditions }) => [
    ...(principal === "unknown" ? ["sts:RoleSessionName"] : []),
    ...(resource === "unknown" ? ["Resource"] : []),
    ...conditions.filter(({ result }) => result === "unknown").map(({ condition }) => condition.key),
  ]);
  const decision = hitting.length > 0 ? "denied" : denials.length > 0 ? "conditional" : "allowed";
  return { decision, on: distinctNames(on), hitting: [...new Set(hitting)] };
}
