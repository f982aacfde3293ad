import type { AwsAccessRequest } from "../../model/aws-access.ts";

/** A moment in epoch milliseconds. Whoever looks at it makes the answer hang on it. */
export interface Moment {
  readonly at: number;
}

interface Asked extends Pick<AwsAccessRequest, "caller" | "operation"> {
  readonly encryption_context?: AwsAccessRequest["encryption_context"] | undefined;
}

/** A request at a moment that is looked at only where a condition compares it: few policies have one. */
export function requestAt(moment: Moment, request: Asked): AwsAccessRequest {
  const { caller, operation, encryption_context } = request;
  if (encryption_context === undefined) {
    return {
      caller,
      operation,
      get at() {
        return moment.at;
      },
    };
  }
  return {
    caller,
    operation,
    encryption_context,
    get at() {
      return moment.at;
    },
  };
}
