import type { UnreadableReason } from "../../model/fact.ts";
import type { Refusal } from "../refusal.ts";

/** Error codes of AWS by what they mean for us. A code that is in no list is `unavailable`, with the code in the detail. */
const codes = {
  "access-denied": [
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationTokenException",
    "MissingAuthenticationToken",
    "ExpiredTokenException",
    "ExpiredToken",
    "OptInRequired",
    // Of an account that asks about another one's organization; of its own, the reader takes it for an answer.
    "AWSOrganizationsNotInUseException",
    // The SDK's own: there are no credentials, or they cannot be had.
    "CredentialsProviderError",
    "TokenProviderError",
  ],
  "not-found": [
    "NotFoundException",
    "TrailNotFoundException",
    "ChildNotFoundException",
    "TargetNotFoundException",
    "PolicyNotFoundException",
  ],
  throttled: [
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
  ],
  timeout: ["TimeoutError", "RequestTimeout", "RequestTimeoutException"],
  unsupported: ["UnsupportedOperationException", "KMSInvalidStateException", "UnknownOperationException"],
} as const satisfies Partial<Record<UnreadableReason, readonly string[]>>;

const reasonOf = new Map<string, UnreadableReason>(
  Object.entries(codes).flatMap(([reason, names]) => names.map((name) => [name, reason as keyof typeof codes])),
);

/** Failures below HTTP, as Node names them. */
const networkCodes =
  /^(ECONN|EPIPE|EAI_|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED)/;
const timeoutCodes = /^(ETIMEDOUT|ESOCKETTIMEDOUT)/;

/**
 * Reads what the AWS SDK threw. Undefined where it is no answer of the provider and no failure on the way to it.
 * https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
export function classifyAwsError(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  // The SDK calls a connection that was reset a TimeoutError too: what Node says of it comes first.
  const code = textOf(error, "code") || (/\b(E[A-Z]{4,})\b/.exec(error.message)?.[1] ?? "");
  if (timeoutCodes.test(code)) return refusal("timeout", error.message, error);
  if (networkCodes.test(code)) return refusal("unavailable", error.message, error);

  const known = reasonOf.get(error.name);
  if (known !== undefined) return refusal(known, `${error.name}: ${error.message}`, error);

  const status = statusOf(error);
  if (status === undefined) return undefined;
  if (status === 429) return refusal("throttled", `HTTP 429 ${error.name}: ${error.message}`, error);
  // A good status, and yet an answer that the SDK could not decode.
  if (status < 300) return refusal("malformed", `${error.name}: ${error.message}`, error);
  return refusal("unavailable", `HTTP ${status} ${error.name}: ${error.message}`, error);
}

function refusal(reason: UnreadableReason, detail: string, error: Error): Refusal {
  const seconds = Number(headersOf(error)["retry-after"]);
  return {
    reason,
    detail,
    again: reason === "throttled" ? "when-allowed" : passes(reason, error) ? "soon" : "no",
    ...(Number.isFinite(seconds) && seconds >= 0 ? { retry_after: seconds * 1000 } : {}),
  };
}

/** Whether asking again in a moment may help: timeouts, broken connections, faults of the server, garbled answers. */
function passes(reason: UnreadableReason, error: Error): boolean {
  const status = statusOf(error);
  return (
    reason === "timeout" ||
    reason === "malformed" ||
    (reason === "unavailable" && (status === undefined || status >= 500))
  );
}

function statusOf(error: Error): number | undefined {
  const metadata = fieldOf(error, "$metadata");
  const response = fieldOf(error, "$response");
  const status = fieldOf(metadata, "httpStatusCode") ?? fieldOf(response, "statusCode");
  return typeof status === "number" ? status : undefined;
}

function headersOf(error: Error): Record<string, unknown> {
  const headers = fieldOf(fieldOf(error, "$response"), "headers");
  return typeof headers === "object" && headers !== null ? { ...headers } : {};
}

function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : "";
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
