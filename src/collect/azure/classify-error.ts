import type { UnreadableReason } from "../../model/fact.ts";
import { connectionFaultOf } from "../connection-fault.ts";
import { fieldOf, textOf } from "../field-of.ts";
import { listOfCode } from "../list-of-code.ts";
import type { Refusal } from "../refusal.ts";
import { retryAfterOf } from "../retry-after.ts";

/** Error codes of ARM, Key Vault and Graph by what they mean for us; others go by the HTTP status. */
const codes = {
  // ARM passes on what a vault says of its keys, and with another status.
  "access-denied": ["ForbiddenByRbac", "ForbiddenByFirewall", "ForbiddenByConnection", "ForbiddenByPolicy"],
  "api-disabled": ["MissingSubscriptionRegistration", "SubscriptionNotRegistered", "NoRegisteredProviderFound"],
  unsupported: [
    "AadPremiumLicenseRequired",
    "InvalidApiVersionParameter",
    "InvalidResourceType",
    "ResourceTypeNotSupported",
    "UnsupportedApiVersion",
  ],
  timeout: ["GatewayTimeout", "RequestTimeout", "OperationTimedOut"],
  malformed: ["PARSE_ERROR", "FOREIGN_HOST"],
} as const satisfies Partial<Record<UnreadableReason, readonly string[]>>;

const reasonOf = listOfCode(codes);

const statuses: Readonly<Record<number, UnreadableReason>> = {
  403: "access-denied",
  404: "not-found",
  408: "timeout",
  429: "throttled",
  501: "unsupported",
  504: "timeout",
};

/** What is not there is not the thing itself, but what would have to be seen first. */
const notItself = new Set(["SubscriptionNotFound", "InvalidSubscriptionId", "TenantNotFound", "InvalidTenantId"]);

/** Of a refusal with one of these codes the permission is missing that the call needs; of another one, no permission is. */
const missingRole = new Set([
  "AuthorizationFailed",
  "Authorization_RequestDenied",
  "Forbidden",
  "ForbiddenByRbac",
  "AccessDenied",
]);

/** What Key Vault means by its inner codes. https://learn.microsoft.com/en-us/azure/key-vault/general/rest-error-codes */
const innerMeanings: Readonly<Record<string, string>> = {
  ForbiddenByFirewall: "the vault's firewall does not let this service in",
  ForbiddenByConnection: "the vault takes no connection from public networks, and this one came by no private endpoint",
  ForbiddenByPolicy: "the vault's access policies, not roles, decide, and none permits it",
};

/** How much of a message is kept that is no more than the answer itself. */
const longestMessage = 500;

/** What Azure said. */
interface Said {
  readonly status: number;
  /** Empty where the answer is none of an API. */
  readonly code: string;
  /** Of Key Vault and Graph: what the code means more exactly. */
  readonly inner: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Reads what the official clients threw. Undefined where it is no answer of the provider and no failure on the way to it.
 * https://learn.microsoft.com/en-us/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
 * https://learn.microsoft.com/en-us/graph/errors
 */
export function classifyAzureError(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = whatWasSaid(error);
  if (said !== undefined) return refusalOf(said);

  const code = textOf(error, "code");
  if (code === "FOREIGN_HOST") return { reason: "malformed", detail: error.message, again: "no" };
  const fault = connectionFaultOf(error);
  if (fault?.reason === "timeout") return { reason: "timeout", detail: error.message, again: "soon" };
  // The client's words for an answer that broke off, to which there is no answer, and for whatever kept it from sending.
  if (code === "PARSE_ERROR") return { reason: "unavailable", detail: error.message, again: "soon" };
  if (fault === undefined && code !== "REQUEST_SEND_ERROR") return undefined;
  return { reason: "unavailable", detail: `${fault?.code ?? code}: ${error.message}`, again: "soon" };
}

function refusalOf(said: Said): Refusal {
  const { status, code, inner, message } = said;
  const shown = `${code || `HTTP ${status}`}${inner === "" || inner === code ? "" : ` (${inner})`}`;
  const meaning = innerMeanings[inner || code];
  const detail = `${shown}: ${meaning === undefined ? "" : `${meaning}: `}${message}`;
  if (status === 401) return badCredentials(said, detail);

  const reason = status === 429 ? "throttled" : (reasonOfCode(code) ?? reasonOfStatus(said));
  const absent = reason === "not-found" && !notItself.has(code) ? whatIsNotThere(message) : "";
  const retry_after = retryAfterOf(said.headers);
  return {
    reason,
    detail,
    again: reason === "throttled" ? "when-allowed" : passes(reason, status) ? "soon" : "no",
    ...(retry_after === undefined ? {} : { retry_after }),
    ...(helpsNoPermission(reason, inner || code) ? { permission: null } : {}),
    ...(absent === "" ? {} : { absent }),
  };
}

/** Its name, where the sentence has one, which is then in quotation marks. */
function whatIsNotThere(message: string): string {
  return /'([^']+)'/.exec(message)?.[1] ?? message;
}

function reasonOfCode(code: string): UnreadableReason | undefined {
  // What the operation is not allowed on is named in the code itself.
  return code.startsWith("OperationNotAllowed") ? "unsupported" : reasonOf.get(code);
}

function reasonOfStatus({ status, code }: Said): UnreadableReason {
  // A page that is not there, and not an API's word that a resource is not, is no answer.
  if (status === 404 && code === "") return "unavailable";
  return statuses[status] ?? "unavailable";
}

function helpsNoPermission(reason: UnreadableReason, code: string): boolean {
  return reason === "api-disabled" || (reason === "access-denied" && !missingRole.has(code));
}

/** Whether asking again in a moment may help: timeouts, faults of the server, garbled answers. */
function passes(reason: UnreadableReason, status: number): boolean {
  return reason === "timeout" || reason === "malformed" || (reason === "unavailable" && status >= 500);
}

/** No call was refused, and no permission helps: what is wrong lies before both. */
function badCredentials({ code, message }: Said, said: string): Refusal {
  const expired = code === "ExpiredAuthenticationToken" || /\bexpired\b/i.test(message);
  return {
    reason: "access-denied",
    detail: `Azure does not accept the credentials (${said})`,
    again: "no",
    call: "credentials",
    credentials: expired ? "expired" : "invalid",
  };
}

/** Undefined where there was no answer. */
function whatWasSaid(error: Error): Said | undefined {
  const response = fieldOf(error, "response");
  const status = fieldOf(response, "status");
  if (typeof status !== "number") return undefined;
  const body = fieldOf(parsed(textOf(response, "bodyAsText")), "error");
  const innerError = fieldOf(body, "innererror") ?? fieldOf(body, "innerError");
  const message = textOf(body, "message") || error.message;
  return {
    status,
    code: textOf(body, "code") || textOf(error, "code"),
    inner: textOf(innerError, "code"),
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
    headers: headersOf(response),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, or nothing: then the status alone tells.
    return undefined;
  }
}

function headersOf(response: unknown): Readonly<Record<string, unknown>> {
  const headers = fieldOf(response, "headers");
  const toJson = fieldOf(headers, "toJSON");
  const plain: unknown = typeof toJson === "function" ? toJson.call(headers) : undefined;
  return typeof plain === "object" && plain !== null ? { ...plain } : {};
}
