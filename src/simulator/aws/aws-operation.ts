// What one operation of a simulated AWS service is, and the reading of its input.
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

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** One page of a list. The marker is opaque to callers; one that no page gave is refused. */
export function pageOf<T>(items: readonly T[], limit: number, marker: string | undefined, refused: string): Page<T> {
  const start = marker === undefined ? 0 : readMarker(marker, items.length);
  if (start === undefined) {
    throw new AwsError(refused, "The marker or token is not valid");
  }
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? writeMarker(end) : undefined };
}

function writeMarker(start: number): string {
  return Buffer.from(`page-from-${start}`).toString("base64");
}

function readMarker(marker: string, length: number): number | undefined {
  const digits = /^page-from-(\d+)$/.exec(Buffer.from(marker, "base64").toString("utf8"))?.[1];
  return digits === undefined || Number(digits) > length ? undefined : Number(digits);
}

/** AWS names members in messages with a small first letter. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
