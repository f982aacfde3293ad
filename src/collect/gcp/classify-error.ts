import type { UnreadableReason } from "../../model/fact.ts";
import { connectionFaultOf } from "../connection-fault.ts";
import { fieldOf, textOf } from "../field-of.ts";
import type { Refusal } from "../refusal.ts";

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const grpcCodes: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** Canonical codes by what they mean for us; any other is `unavailable`, with the code in the detail. */
const reasons: Readonly<Record<string, UnreadableReason>> = {
  DEADLINE_EXCEEDED: "timeout",
  NOT_FOUND: "not-found",
  PERMISSION_DENIED: "access-denied",
  UNAUTHENTICATED: "access-denied",
  RESOURCE_EXHAUSTED: "throttled",
  UNIMPLEMENTED: "unsupported",
};

/** Codes of answers that name none, by HTTP status: https://cloud.google.com/apis/design/errors#error_payloads */
const httpCodes: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  408: "DEADLINE_EXCEEDED",
  429: "RESOURCE_EXHAUSTED",
  501: "UNIMPLEMENTED",
  504: "DEADLINE_EXCEEDED",
};

/** Asking again in a moment may help. */
const passing = new Set([
  "CANCELLED",
  "UNKNOWN",
  "DEADLINE_EXCEEDED",
  "ABORTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

/** What an API said, whichever way it came. */
interface Said {
  /** A canonical code, or what stands for it. */
  readonly code: string;
  /** The canonical code that it comes to, where it is a word that is not known. */
  readonly means?: string;
  readonly message: string;
  /** Parts of the error's details, as objects. */
  readonly details: readonly unknown[];
  /** What a header asked for, in milliseconds. */
  readonly retryAfter?: number;
}

/**
 * Reads what the official clients threw. Undefined where it is no answer of the provider and no failure on the way to it.
 * https://cloud.google.com/apis/design/errors
 */
export function classifyGcpError(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = saidOverGrpc(error) ?? saidOverHttp(error);
  if (said !== undefined) return refusalOf(said);

  const fault = connectionFaultOf(error);
  if (fault === undefined) return undefined;
  const { reason, code } = fault;
  return { reason, detail: reason === "timeout" ? error.message : `${code}: ${error.message}`, again: "soon" };
}

function refusalOf({ code, means = code, message, details, retryAfter }: Said): Refusal {
  const info = details.find(
    (detail) => typeof fieldOf(detail, "reason") === "string" && textOf(detail, "domain") !== "",
  );
  const resource = details.map((detail) => textOf(detail, "resourceName")).find((name) => name !== "") ?? "";
  const why = textOf(info, "reason");
  const of = (name: string) => textOf(fieldOf(info, "metadata"), name);
  const named = resource === "" || message.includes(resource) ? message : `${message} (${resource})`;

  if (why === "SERVICE_DISABLED" || (why === "" && isDisabledApi(code, message))) {
    const where = of("service") === "" ? "" : `${of("service")} is not enabled in ${of("consumer") || "a project"}: `;
    return { reason: "api-disabled", detail: `SERVICE_DISABLED: ${where}${named}`, again: "no", permission: null };
  }
  const detail = why === "" ? (named === code ? code : `${code}: ${named}`) : `${code} (${why}): ${named}`;
  if (means === "UNAUTHENTICATED") return badCredentials(detail);
  const reason = reasons[means] ?? (isGarbled(code, message) ? "malformed" : "unavailable");
  const missing = missingPermission(why, of("permission"));
  const absent = code === "NOT_FOUND" ? resource || resourceIn(message) : "";
  const delay = retryAfter ?? retryDelay(details);
  return {
    reason,
    detail,
    again: reason === "throttled" ? "when-allowed" : passing.has(means) ? "soon" : "no",
    ...(delay === undefined ? {} : { retry_after: delay }),
    ...(missing === undefined ? {} : { permission: missing }),
    ...(absent === "" ? {} : { absent }),
  };
}

/** No call was refused, and no permission helps: what is wrong lies before both. */
function badCredentials(said: string): Refusal {
  const detail = `Google Cloud does not accept the credentials (${said})`;
  return { reason: "access-denied", detail, again: "no", call: "credentials", credentials: "invalid" };
}

/** The first full name of a resource in a sentence. */
function resourceIn(message: string): string {
  const [name = ""] = /\b(projects|folders|organizations)\/[\w./:@-]*[\w]/.exec(message) ?? [];
  return name;
}

/** https://cloud.google.com/service-usage/docs/error-reason#error-reasons-index */
function missingPermission(why: string, permission: string): string | null | undefined {
  if (permission !== "") return permission;
  // The service may not have the quota project pay for its requests.
  if (why === "USER_PROJECT_DENIED") return "serviceusage.services.use";
  // Refused for another reason than a missing permission.
  return why === "" || why === "IAM_PERMISSION_DENIED" ? undefined : null;
}

/** Older answers have no details: they say FAILED_PRECONDITION, or PERMISSION_DENIED, and this sentence. */
function isDisabledApi(code: string, message: string): boolean {
  return (
    /^(FAILED_PRECONDITION|PERMISSION_DENIED)$/.test(code) &&
    /API has not been used in .* or it is disabled/.test(message)
  );
}

/** The client's own word for an answer that it cannot decode. */
function isGarbled(code: string, message: string): boolean {
  return code === "INTERNAL" && message.startsWith("Response message parsing error");
}

/** An error of a gRPC call has a number, and the words of the status. */
function saidOverGrpc(error: Error): Said | undefined {
  const code = fieldOf(error, "code");
  const message = fieldOf(error, "details");
  if (typeof code !== "number" || typeof message !== "string") return undefined;
  return { code: grpcCodes[code] ?? `gRPC code ${code}`, message, details: listOf(error, "statusDetails") };
}

/** An error of a REST call has the response: `error` of its body is the status, or of a token request, one word. */
function saidOverHttp(error: Error): Said | undefined {
  const response = fieldOf(error, "response");
  const status = fieldOf(response, "status");
  if (typeof status !== "number") return undefined;
  const data = fieldOf(response, "data");
  const body = fieldOf(data, "error");
  const retryAfter = secondsOf(fieldOf(response, "headers"));
  const rest = retryAfter === undefined ? {} : { retryAfter };
  // A page that is not there, and not an API's word that a resource is not, is no answer.
  const byStatus = httpCodes[status] ?? (status >= 500 ? "UNAVAILABLE" : `HTTP ${status}`);
  if (typeof body === "string") return { ...saidOfToken(status, byStatus, body, data), ...rest };
  const message = textOf(body, "message") || `HTTP ${status}`;
  const code = textOf(body, "status") || (status === 404 && textOf(body, "message") !== "" ? "NOT_FOUND" : byStatus);
  const means = grpcCodes.includes(code) ? code : byStatus;
  return { code, means, message, details: listOf(body, "details"), ...rest };
}

/** Of a request for a token, these refuse the credentials: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const tokenRefusals: readonly number[] = [400, 401, 403];

function saidOfToken(status: number, byStatus: string, word: string, data: unknown): Said {
  const code = tokenRefusals.includes(status) ? "UNAUTHENTICATED" : byStatus;
  const description = textOf(data, "error_description");
  const said = description === "" ? word : `${word}: ${description}`;
  return { code, message: code === `HTTP ${status}` ? said : `HTTP ${status} ${said}`, details: [] };
}

function secondsOf(headers: unknown): number | undefined {
  const header = headers instanceof Headers ? headers.get("retry-after") : null;
  const seconds = Number(header ?? "NaN");
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** `RetryInfo`: over REST a text, over gRPC seconds and nanos. */
function retryDelay(details: readonly unknown[]): number | undefined {
  const delay = details.map((detail) => fieldOf(detail, "retryDelay")).find((one) => one !== undefined && one !== null);
  const seconds = typeof delay === "string" ? Number.parseFloat(delay) : Number(fieldOf(delay, "seconds") ?? "NaN");
  const nanos = Number(fieldOf(delay, "nanos") ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 + Math.ceil(nanos / 1_000_000) : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}
