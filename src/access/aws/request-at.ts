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
  return new RequestAt(moment, request);
}

/** A class, because an object that is written with a getter costs more than most answers to it. */
class RequestAt implements AwsAccessRequest {
  readonly caller: AwsAccessRequest["caller"];
  readonly operation: AwsAccessRequest["operation"];
  declare readonly encryption_context?: NonNullable<AwsAccessRequest["encryption_context"]>;
  readonly #moment: Moment;

  constructor(moment: Moment, { caller, operation, encryption_context }: Asked) {
    this.caller = caller;
    this.operation = operation;
    if (encryption_context !== undefined) this.encryption_context = encryption_context;
    this.#moment = moment;
  }

  get at(): number {
    return this.#moment.at;
  }
}
