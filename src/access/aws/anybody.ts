import type { AwsCaller } from "../../model/aws-access.ts";
import { anyVpc, chosen } from "./caller-context.ts";
import { serviceForStranger, strangers } from "./callers.ts";

const someService = serviceForStranger("any.amazonaws.com");

/** Everybody who must get nothing: strangers, and strangers through a service that calls as itself. */
export const anybody: readonly AwsCaller[] = [
  ...strangers(),
  {
    ...someService,
    name: "an AWS service on behalf of an unrelated account",
    // Whichever service suits them, and through no VPC or address of the owner's.
    addresses: "anywhere",
    context: {
      ...someService.context,
      ...anyVpc,
      "aws:principalservicename": chosen("*.amazonaws.com", "any.amazonaws.com"),
    },
  },
];
