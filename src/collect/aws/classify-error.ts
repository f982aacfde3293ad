import type { UnreadableReason } from "../../model/fact.ts";
import { connectionFaultOf } from "../connection-fault.ts";
import { fieldOf } from "../field-of.ts";
import { listOfCode } from "../list-of-code.ts";
import type { Refusal } from "../refusal.ts";
import { retryAfterOf } from "../retry-after.ts";

/** Error codes of AWS by what they mean for us. A code that is in no list is `unavailable`, with the code in the detail. */
const codes = {
  "access-denied": [
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
    "OptInRequired",
    // Of an account that asks about another one's organization; of its own, the reader takes it for an answer.
    "AWSOrganizationsNotInUseException",
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

/** What makes credentials no good, whatever they would be allowed to do. */
const credentialCodes = {
  // The SDK's own: there are none, or they cannot be had.
  missing: ["CredentialsProviderError", "TokenProviderError"],
  expired: ["ExpiredTokenException", "ExpiredToken"],
  invalid: [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationTokenException",
    "MissingAuthenticationToken",
    "RequestExpired",
    "RequestTimeTooSkewed",
  ],
} as const;
type CredentialFault = keyof typeof credentialCodes;

const credentialFaultOf = listOfCode(credentialCodes);

/** https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
const credentialAdvice = {
  missing:
    "no AWS credentials were found: tried the environment, the shared configuration and credentials files, single sign-on, a web identity token, and the container's and the instance's role; give the process one of these",
  expired: "the AWS credentials have expired: renew them and, where they come from the environment, start again",
  invalid: "AWS does not accept the credentials: check the access key, its secret and the machine's clock",
} satisfies Record<CredentialFault, string>;

const reasonOf = listOfCode(codes);

/**
 * Reads what the AWS SDK threw. Undefined where it is no answer of the provider and no failure on the way to it.
 * https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
export function classifyAwsError(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const broken = connectionFaultOf(error);
  if (broken !== undefined) return refusal(broken.reason, error.message, error);

  const known = reasonOf.get(error.name);
  if (known !== undefined) return refusal(known, `${error.name}: ${error.message}`, error);

  const fault = credentialFaultOf.get(error.name);
  if (fault !== undefined) return badCredentials(fault, error);

  const status = statusOf(error);
  if (status === undefined) return undefined;
  if (status === 429) return refusal("throttled", `HTTP 429 ${error.name}: ${error.message}`, error);
  // A good status, and yet an answer that the SDK could not decode.
  if (status < 300) return refusal("malformed", `${error.name}: ${error.message}`, error);
  return refusal("unavailable", `HTTP ${status} ${error.name}: ${error.message}`, error);
}

function refusal(reason: UnreadableReason, detail: string, error: Error): Refusal {
  const retry_after = retryAfterOf(headersOf(error));
  return {
    reason,
    detail,
    again: reason === "throttled" ? "when-allowed" : passes(reason, error) ? "soon" : "no",
    ...(retry_after === undefined ? {} : { retry_after }),
  };
}

/** No call was refused, and no permission helps: what is wrong lies before both. */
function badCredentials(fault: CredentialFault, error: Error): Refusal {
  // The SDK has seen by the answer's time that the machine's clock is off, and signs the next request by AWS's.
  const corrected = fieldOf(fieldOf(error, "$metadata"), "clockSkewCorrected") === true;
  return {
    reason: "access-denied",
    detail: `${credentialAdvice[fault]} (${error.name}: ${error.message})`,
    again: corrected ? "soon" : "no",
    call: "credentials",
    credentials: fault,
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
