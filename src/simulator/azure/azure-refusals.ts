// How Azure's APIs word their refusals, each in its own way.
import type { RefusalReason, ServiceFailure } from "../cloud.ts";
import { AzureError, type AzureErrorExtras } from "./azure-error.ts";
import type { Plane } from "./hosts.ts";

/** The call that is refused. */
export interface RefusedCall {
  readonly plane: Plane;
  readonly permission: string;
  /** The path of the request. */
  readonly path: string;
  /** The name of what it is about; null where it is about no single resource. */
  readonly target: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Who calls is not known: this stands for the object id and the application id. */
export const caller = "00000000-0000-4000-8000-000000000000";
/** Seconds; https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/request-limits-and-throttling#error-code */
const retryAfter = { headers: { "retry-after": "1" } };

/** The error that Azure answers for a reason. */
export function refusalError(reason: RefusalReason, refused: RefusedCall): AzureError {
  switch (reason) {
    case "access-denied":
      return accessDenied(refused);
    case "not-found":
      return notFound(refused);
    case "throttled":
      return throttled(refused.plane);
    case "unavailable":
      return serviceError("503", refused);
    case "api-disabled":
      return notRegistered(refused);
    case "unsupported":
      return unsupported(refused);
  }
}

/** The error of a service that fails by itself. */
export function serviceError(failure: ServiceFailure, { plane, now }: Pick<RefusedCall, "plane" | "now">): AzureError {
  switch (failure) {
    case "500":
      return plane === "vault" || plane === "graph"
        ? new AzureError(500, "InternalServerError", "An unexpected error occurred.")
        : new AzureError(500, "InternalServerError", "Encountered internal server error.");
    case "503":
      return plane === "graph"
        ? new AzureError(503, "serviceNotAvailable", "The service is temporarily unavailable.")
        : new AzureError(503, "ServiceUnavailable", "The service is temporarily unavailable. Please try again later.");
    case "unknown-error":
      return new AzureError(499, "CodeOfAnotherVersion", "This code did not exist when the client was made.");
    case "expired-token":
      return expiredToken(plane, now);
    case "skewed-clock":
      return unauthorized(plane, "InvalidAuthenticationToken", "The access token is not yet valid.");
  }
}

/** https://learn.microsoft.com/en-us/azure/role-based-access-control/troubleshooting */
function accessDenied({ plane, permission, path, target }: RefusedCall): AzureError {
  switch (plane) {
    case "arm": {
      const message =
        `The client '${caller}' with object id '${caller}' does not have authorization to perform action '${permission}' ` +
        `over scope '${authorizedScope(path)}' or the scope is invalid. If access was recently granted, please refresh ` +
        "your credentials.";
      return new AzureError(403, "AuthorizationFailed", message);
    }
    case "vault": {
      const message =
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role " +
        `definitions were changed recently, please observe propagation time.\r\nCaller: oid=${caller}\r\nAction: ` +
        `'${permission.replace(" (data action)", "")}'\r\nResource: '${target ?? path}'`;
      return new AzureError(403, "Forbidden", message, { more: { innererror: { code: "ForbiddenByRbac" } } });
    }
    case "graph":
      return new AzureError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    case "logs":
      return new AzureError(
        403,
        "InsufficientAccessError",
        "The provided credentials have insufficient access to perform the requested operation",
      );
  }
}

/** A list is asked of what holds it. */
function authorizedScope(path: string): string {
  const parts = path.slice(path.toLowerCase().lastIndexOf("/providers/") + 1).split("/");
  return parts.length % 2 === 1 ? path.slice(0, path.lastIndexOf("/")) : path;
}

function notFound({ plane, path, target }: RefusedCall): AzureError {
  switch (plane) {
    case "arm":
      return new AzureError(
        404,
        "ResourceNotFound",
        `The Resource '${target ?? path}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
    case "vault":
      return new AzureError(
        404,
        "KeyNotFound",
        `A key with (name/id) ${path.slice(1)} was not found in this key vault.`,
      );
    case "graph":
      return new AzureError(
        404,
        "Request_ResourceNotFound",
        `Resource '${target ?? path}' does not exist or one of its queried reference-property objects are not present.`,
      );
    case "logs":
      return new AzureError(404, "WorkspaceNotFoundError", "The requested workspace could not be found.");
  }
}

function throttled(plane: Plane): AzureError {
  switch (plane) {
    case "arm":
      return new AzureError(429, "TooManyRequests", "The request is being throttled.", retryAfter);
    case "vault":
      return new AzureError(
        429,
        "Throttled",
        "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        retryAfter,
      );
    case "graph":
      return new AzureError(429, "TooManyRequests", "Please retry again later.", retryAfter);
    case "logs":
      return new AzureError(429, "ThrottledError", "Too many requests. Please retry later.", retryAfter);
  }
}

/** Only ARM says this; what is asked of it in place of the others says it of Key Vault. */
function notRegistered({ path }: RefusedCall): AzureError {
  const namespace = /\/providers\/(microsoft\.[a-z]+)(?!.*\/providers\/)/i.exec(path)?.[1] ?? "Microsoft.KeyVault";
  const message =
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to ` +
    "register subscriptions.";
  const details = [{ code: "MissingSubscriptionRegistration", target: namespace, message }];
  return new AzureError(409, "MissingSubscriptionRegistration", message, { more: { details } });
}

/** An API that is not the one which was asked for. */
function unsupported({ plane }: RefusedCall): AzureError {
  switch (plane) {
    case "arm":
      return new AzureError(400, "InvalidApiVersionParameter", "The api-version is invalid for this resource type.");
    case "vault":
      return new AzureError(400, "BadParameter", "The specified version is not recognized.");
    case "graph":
      return new AzureError(400, "Request_UnsupportedQuery", "Unsupported query.");
    case "logs":
      return new AzureError(400, "BadArgumentError", "The request had some invalid properties");
  }
}

function expiredToken(plane: Plane, now: number): AzureError {
  const expiry = new Date(now - 60_000).toISOString();
  const sentence = `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${new Date(now).toISOString()}'.`;
  switch (plane) {
    case "arm":
      return unauthorized(plane, "ExpiredAuthenticationToken", sentence);
    case "vault":
      return unauthorized(plane, "Unauthorized", "AKV10022: Invalid audience or expired token.");
    case "graph":
      return unauthorized(plane, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.");
    case "logs":
      return unauthorized(plane, "InvalidTokenError", "The provided authentication token is expired");
  }
}

/** Without claims in the header, clients do not ask for another token by themselves. */
function unauthorized(plane: Plane, code: string, message: string): AzureError {
  const header = 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"';
  const extras: AzureErrorExtras = plane === "vault" ? {} : { headers: { "www-authenticate": header } };
  return new AzureError(401, code, message, extras);
}

/** What is answered where a request carries no token at all. */
export function missingToken(plane: Plane, tenant: string | undefined, host: string): AzureError {
  if (plane !== "vault") {
    const code = plane === "arm" ? "AuthenticationFailed" : "InvalidAuthenticationToken";
    return unauthorized(plane, code, "Authentication failed. The 'Authorization' header is missing.");
  }
  // https://learn.microsoft.com/en-us/azure/key-vault/general/authentication-requests-and-responses
  const resource = `https://${host.slice(host.indexOf(".") + 1)}`;
  const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenant ?? "common"}", resource="${resource}"`;
  return new AzureError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", {
    headers: { "www-authenticate": challenge },
  });
}
