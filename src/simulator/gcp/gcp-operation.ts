// What one operation of a simulated Google Cloud service is, and the reading of its input.
import { type Page, pageOf } from "../page.ts";
import { isJsonObject, type JsonObject } from "../shape.ts";
import { GcpError } from "./gcp-error.ts";
import type { GcpState } from "./gcp-state.ts";

export interface GcpRequest {
  /** A decoded message, or what path and query of a REST request hold. */
  readonly input: JsonObject;
  readonly state: GcpState;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface GcpOperation {
  /** What a caller needs, as refusals name it. */
  readonly permission: string;
  /** The quota that it shares with other operations of its service, e.g. `cloudkms:read`. */
  readonly quota?: string;
  /** The name of what the request is about, whether or not it exists; null where it is about no single resource. */
  readonly target: (input: JsonObject) => string | null;
  /** The answer as JSON, times and durations of gRPC as their messages. Throws a GcpError for every other answer. */
  readonly answer: (request: GcpRequest) => JsonObject;
}

/** A text; "" where it is not there, as a message without the field reads. */
export function textOf(input: JsonObject, name: string): string {
  const value = input[name];
  return typeof value === "string" ? value : "";
}

/** An object; an empty one where it is not there. */
export function objectOf(input: JsonObject, name: string): JsonObject {
  const value = input[name];
  return isJsonObject(value) ? value : {};
}

export function textsOf(input: JsonObject, name: string): readonly string[] {
  return listOf(input, name).filter((value) => typeof value === "string");
}

export function objectsOf(input: JsonObject, name: string): readonly JsonObject[] {
  return listOf(input, name).filter((value) => isJsonObject(value));
}

function listOf(input: JsonObject, name: string): readonly unknown[] {
  const value = input[name];
  return Array.isArray(value) ? value : [];
}

/** The target of requests that name what they are about in one field. */
export function targetIn(field: string): GcpOperation["target"] {
  return (input) => textOf(input, field) || null;
}

/** What a list looks like: a page size that nobody gave, and the largest; more than that is cut, not refused. */
export interface PageLimits {
  readonly or: number;
  readonly max: number;
}

/** The page that `pageSize` and `pageToken` ask for. https://google.aip.dev/158 */
export function requestedPage<T>(items: readonly T[], input: JsonObject, { or, max }: PageLimits): Page<T> {
  const asked = Number(input["pageSize"] ?? 0);
  if (!Number.isInteger(asked) || asked < 0) {
    throw new GcpError("INVALID_ARGUMENT", "Request contains an invalid argument: page_size must not be negative.");
  }
  const token = textOf(input, "pageToken");
  const page = pageOf(items, Math.min(asked === 0 ? or : asked, max), token === "" ? undefined : token);
  if (page === undefined) {
    throw new GcpError("INVALID_ARGUMENT", "Request contains an invalid argument: page_token is not valid.");
  }
  return page;
}

/** The fields of an object that have a value. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Filters and orders are not simulated; to answer as if there were none would be wrong. */
export function refuseFilter(input: JsonObject): void {
  for (const name of ["filter", "orderBy"]) {
    if (textOf(input, name) !== "") {
      throw new GcpError("UNIMPLEMENTED", `The simulator does not know ${name}.`);
    }
  }
}
