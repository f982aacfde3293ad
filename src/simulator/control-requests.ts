// The bodies of the control verbs: their types, and the reading of what came as JSON. Knows no state.
import { type RefusalReason, refusalReasons } from "./cloud.ts";
import { ControlError } from "./control-error.ts";
import { type Fault, type FaultName, parseFault } from "./fault.ts";
import { isJsonObject } from "./shape.ts";

/** A call such as `kms:GetKeyPolicy`, a whole service as `kms:*`, or `*`. */
export type CallPattern = string;

export interface ListRequest {
  /** Adds the state of this resource to the answer. */
  readonly resource?: string;
}
export interface PatchRequest {
  readonly resource: string;
  /** A JSON merge patch: objects are merged, null deletes a field; null as a whole deletes the resource. */
  readonly change: unknown;
  /** Makes the resource where it does not exist; without it that is an error. */
  readonly create?: boolean;
}
export interface DenyRequest {
  readonly call: CallPattern;
  readonly resource?: string;
  /** Default `access-denied`. */
  readonly reason?: RefusalReason;
}
export interface AllowRequest {
  /** Default: all calls. */
  readonly call?: CallPattern;
  /** Default: all resources. */
  readonly resource?: string;
  /** Alone: what the caller may do, and nothing else, in the providers' spelling; null ends it. */
  readonly permissions?: readonly string[] | null;
}
export interface LatencyRequest {
  readonly call?: CallPattern;
  /** Milliseconds; 0 with no jitter ends it. */
  readonly ms: number;
  /** Up to so many milliseconds more, evenly spread. */
  readonly jitter?: number;
}
export interface ThrottleRequest {
  readonly call?: CallPattern;
  /** Requests per second of each call and scope, also the size of a burst; null ends the limit, 0 lets nothing through. */
  readonly per_second: number | null;
}
export interface FailRequest {
  readonly call: CallPattern;
  readonly resource?: string;
  readonly times: number;
  readonly how: FaultName;
}
export const resetParts = ["resources", "rules", "calls"] as const;
export type ResetPart = (typeof resetParts)[number];
export interface ResetRequest {
  /** Default: everything. */
  readonly only?: readonly ResetPart[];
}

/** The verbs with the fields that each knows. */
export const verbFields = {
  list: ["resource"],
  patch: ["resource", "change", "create"],
  deny: ["call", "resource", "reason"],
  allow: ["call", "resource", "permissions"],
  latency: ["call", "ms", "jitter"],
  throttle: ["call", "per_second"],
  fail: ["call", "resource", "times", "how"],
  calls: [],
  reset: ["only"],
} as const satisfies Record<string, readonly string[]>;
export type Verb = keyof typeof verbFields;

/** Refuses a body that is no object, or that has a field which the verb does not know. */
export function checkFieldNames(verb: Verb, body: unknown): Readonly<Record<string, unknown>> {
  if (!isJsonObject(body)) {
    throw new ControlError("wrong-value", "body", "expected an object");
  }
  const known: readonly string[] = verbFields[verb];
  for (const name of Object.keys(body)) {
    if (!known.includes(name)) {
      throw new ControlError("unknown-field", `body.${name}`, `${verb} has no such field`, known);
    }
  }
  return body;
}

/** Reads the fields of a verb's body; each method throws a ControlError that says what is wrong, where, and what is known. */
export class RequestReader {
  readonly #body: Readonly<Record<string, unknown>>;

  constructor(verb: Verb, body: unknown) {
    this.#body = checkFieldNames(verb, body);
  }

  has(name: string): boolean {
    return this.#body[name] !== undefined;
  }

  /** Any JSON, null included, but it has to be there. */
  json(name: string): unknown {
    if (!this.has(name)) {
      throw new ControlError("missing-field", `body.${name}`, "this field is needed");
    }
    return this.#body[name];
  }

  text(name: string): string {
    const value = this.json(name);
    if (typeof value !== "string" || value === "") {
      throw new ControlError("wrong-value", `body.${name}`, "expected a text");
    }
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.json(name);
    if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) {
      throw new ControlError("wrong-value", `body.${name}`, "expected a list of texts");
    }
    return value;
  }

  flag(name: string): boolean {
    const value = this.json(name);
    if (typeof value !== "boolean") {
      throw new ControlError("wrong-value", `body.${name}`, "expected true or false");
    }
    return value;
  }

  /** A number that is not negative. */
  amount(name: string): number {
    const value = this.json(name);
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw new ControlError("wrong-value", `body.${name}`, "expected a number that is not negative");
    }
    return value;
  }

  times(name: string): number {
    const value = this.amount(name);
    if (!Number.isSafeInteger(value) || value === 0) {
      throw new ControlError("wrong-value", `body.${name}`, "expected a whole number above 0");
    }
    return value;
  }

  reason(name: string): RefusalReason {
    return oneOf(this.json(name), refusalReasons, `body.${name}`);
  }

  fault(name: string): Fault {
    return parseFault(this.text(name), `body.${name}`);
  }

  parts(name: string): readonly ResetPart[] {
    const value = this.json(name);
    if (!Array.isArray(value)) {
      throw new ControlError("wrong-value", `body.${name}`, "expected a list", resetParts);
    }
    return value.map((part: unknown, index) => oneOf(part, resetParts, `body.${name}[${index}]`));
  }
}

function oneOf<T extends string>(value: unknown, known: readonly T[], where: string): T {
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new ControlError("wrong-value", where, `${JSON.stringify(value)} is not known`, known);
  }
  return found;
}
