import type { AwsCaller } from "../../model/aws-access.ts";
import { anyVpc } from "./caller-context.ts";
import { serviceForStranger, serviceOfTheirs, strangers } from "./callers.ts";

/** By partition: the same callers are asked about for every key of it. */
const remembered = new Map<string, readonly AwsCaller[]>();

/**
 * Everybody who must get nothing: strangers of the key's own partition, since no other's can call there, and strangers
 * through a service that calls as itself.
 */
export function anybodyIn(partition: string): readonly AwsCaller[] {
  const before = remembered.get(partition);
  const anybody = before ?? [...strangers(partition), someService(partition)];
  remembered.set(partition, anybody);
  return anybody;
}

function someService(partition: string): AwsCaller {
  const service = serviceForStranger("any.amazonaws.com", partition);
  return {
    ...service,
    name: "an AWS service on behalf of an unrelated account",
    // Whichever service suits them, and through no VPC or address of the owner's.
    addresses: "anywhere",
    context: { ...service.context, ...anyVpc, "aws:principalservicename": serviceOfTheirs(partition) },
  };
}
