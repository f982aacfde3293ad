// What one operation of a simulated Azure API is, and the reading of its input.
import { type Page, pageOf } from "../page.ts";
import type { JsonObject } from "../shape.ts";
import { AzureError } from "./azure-error.ts";
import type { AzureState } from "./azure-state.ts";
import type { Plane } from "./hosts.ts";

/** A request in which the operation was found. */
export interface AzureRequest {
  /** The real host that it was meant for. */
  readonly host: string;
  /** As it was sent, without repeated slashes, unescaped. */
  readonly path: string;
  /** The named groups of the route. */
  readonly groups: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of the body; empty where there is none. */
  readonly body: JsonObject;
  readonly state: AzureState;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface AzureOperation {
  /** What a caller needs, as refusals name it. */
  readonly permission: string;
  /** In its place where the request is about a managed HSM. */
  readonly hsm_permission?: string;
  /** The quota that it shares with other operations, e.g. `arm:read`. */
  readonly quota?: string;
  /** The name in `list` of what the request is about; null where it is about no single resource. */
  readonly target: (request: AzureRequest) => string | null;
  /** Throws an AzureError for every answer but 200. */
  readonly answer: (request: AzureRequest) => JsonObject;
}

export interface AzureRoute {
  readonly plane: Plane;
  readonly method: "GET" | "POST";
  /** Of the path without repeated slashes, without regard to case. */
  readonly path: RegExp;
  readonly call: (request: Pick<AzureRequest, "query">) => string;
}

/** The group of a route that must have matched. */
export function groupOf({ groups }: AzureRequest, name: string): string {
  const value = groups[name];
  if (value === undefined) {
    throw new TypeError(`the route has no group ${name}`);
  }
  return value;
}

/** The page of a list that was asked for; `limit` is how many entries the request wants at most. */
export function requestedPage<T>(
  { query, state }: AzureRequest,
  items: readonly T[],
  limit: number = Number.POSITIVE_INFINITY,
): Page<T> {
  const marker = query.get("$skiptoken") ?? undefined;
  const page = pageOf(items, Math.min(limit, state.tenant().page_size), marker);
  if (page === undefined) {
    throw new AzureError(400, "InvalidSkipToken", "The skip token is not valid.");
  }
  return page;
}

/** The absolute URL of the next page, or undefined. */
export function nextLinkOf({ host, path, query }: AzureRequest, next: string | undefined): string | undefined {
  if (next === undefined) {
    return undefined;
  }
  const parameters = new URLSearchParams(query);
  parameters.set("$skiptoken", next);
  return `https://${host}${encodeURI(path)}?${parameters.toString()}`;
}

/** The fields of an object that have a value. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The last part of an id. */
export function nameIn(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
