// What one operation of a simulated AWS service is, and the reading of its input.
import { pageOf as anyPageOf, type Page } from "../page.ts";
import { AwsError, validationError } from "./aws-error.ts";
import type { AwsState } from "./aws-state.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Who calls, from where, with what. */
export interface AwsRequest {
  readonly account: string;
  readonly region: string;
  /** The ARN of the caller, as error messages name it. */
  readonly caller: string;
  readonly input: JsonObject;
  readonly state: AwsState;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface AwsOperation {
  /** Where the caller needs no permission; else it is named like the operation. */
  readonly open?: true;
  /** The full name of what the request is about, whether or not it exists; null where it is about no single resource. */
  readonly target: (request: AwsRequest) => string | null;
  /** Throws an AwsError for every answer other than 200. */
  readonly answer: (request: AwsRequest) => JsonObject;
}

/** A text that must be there. */
export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) {
    throw validationError(null, memberName(name), "not be null");
  }
  if (value === "") {
    throw validationError(value, memberName(name), "have length greater than or equal to 1");
  }
  return value;
}

export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  if (value !== undefined && value !== null && typeof value !== "string") {
    throw new AwsError("SerializationException", `${name} can not be converted to a String`);
  }
  return value ?? undefined;
}

/** A whole number between bounds, or the default. */
export function optionalCount(
  input: JsonObject,
  name: string,
  range: { min: number; max: number; or: number },
): number {
  const value = input[name] ?? range.or;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new AwsError("SerializationException", `${name} can not be converted to an Integer`);
  }
  if (value < range.min) {
    throw validationError(value, memberName(name), `have value greater than or equal to ${range.min}`);
  }
  if (value > range.max) {
    throw validationError(value, memberName(name), `have value less than or equal to ${range.max}`);
  }
  return value;
}

/** One page of a list; a marker that no page gave is refused. */
export function pageOf<T>(items: readonly T[], limit: number, marker: string | undefined, refused: string): Page<T> {
  const page = anyPageOf(items, limit, marker);
  if (page === undefined) {
    throw new AwsError(refused, "The marker or token is not valid");
  }
  return page;
}

/** AWS names members in messages with a small first letter. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
