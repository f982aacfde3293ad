import { describe, expect, it } from "vitest";
import { classifyGcpError } from "../../../src/collect/gcp/classify-error.ts";
import type { UnreadableReason } from "../../../src/model/fact.ts";

const grpcError = (code: number, details = "said", more: object = {}) =>
  Object.assign(new Error(`${code} ${details}`), { code, details, ...more });

const httpError = (status: number, data: unknown, headers: Record<string, string> = {}) =>
  Object.assign(new Error("said"), { status, response: { status, data, headers: new Headers(headers) } });

const errorInfo = (reason: string, metadata: object = {}) => ({ reason, domain: "googleapis.com", metadata });
const apiError = (status: string, message: string, ...details: readonly object[]) => ({
  error: { code: 400, message, status, details },
});

type Again = "when-allowed" | "soon" | "no";

it.each<readonly [string, Error, string]>([
  ["a gRPC call", grpcError(16), "UNAUTHENTICATED: said"],
  ["a REST call", httpError(401, apiError("UNAUTHENTICATED", "m")), "UNAUTHENTICATED: m"],
  ["a REST call that is answered with a page", httpError(401, "<html>"), "UNAUTHENTICATED: HTTP 401"],
  [
    "a request for a token",
    httpError(400, { error: "invalid_grant", error_description: "expired" }),
    "UNAUTHENTICATED: HTTP 400 invalid_grant: expired",
  ],
  ["a request for a token, as forbidden", httpError(403, { error: "denied" }), "UNAUTHENTICATED: HTTP 403 denied"],
  ["a REST call, in an unknown word", httpError(401, apiError("NO_TOKEN", "m")), "NO_TOKEN: m"],
])("credentials that %s is refused for are no matter of a permission", (_, error, said) => {
  expect(classifyGcpError(error)).toEqual({
    reason: "access-denied",
    detail: `Google Cloud does not accept the credentials (${said})`,
    again: "no",
    call: "credentials",
    credentials: "invalid",
  });
});

describe("an error of a gRPC call", () => {
  it.each<readonly [number, UnreadableReason, Again, string]>([
    [1, "unavailable", "soon", "CANCELLED"],
    [2, "unavailable", "soon", "UNKNOWN"],
    [3, "unavailable", "no", "INVALID_ARGUMENT"],
    [4, "timeout", "soon", "DEADLINE_EXCEEDED"],
    [5, "not-found", "no", "NOT_FOUND"],
    [6, "unavailable", "no", "ALREADY_EXISTS"],
    [7, "access-denied", "no", "PERMISSION_DENIED"],
    [8, "throttled", "when-allowed", "RESOURCE_EXHAUSTED"],
    [9, "unavailable", "no", "FAILED_PRECONDITION"],
    [10, "unavailable", "soon", "ABORTED"],
    [11, "unavailable", "no", "OUT_OF_RANGE"],
    [12, "unsupported", "no", "UNIMPLEMENTED"],
    [13, "unavailable", "soon", "INTERNAL"],
    [14, "unavailable", "soon", "UNAVAILABLE"],
    [15, "unavailable", "soon", "DATA_LOSS"],
    [99, "unavailable", "no", "gRPC code 99"],
  ])("%i is %s", (code, reason, again, name) => {
    expect(classifyGcpError(grpcError(code))).toEqual({ reason, again, detail: `${name}: said` });
  });

  it("that the client could not decode is malformed", () => {
    const error = grpcError(13, "Response message parsing error: index out of range");

    expect(classifyGcpError(error)).toMatchObject({ reason: "malformed", again: "soon" });
  });

  it("waits as long as Google asks for", () => {
    const error = grpcError(8, "slow down", { statusDetails: [{ retryDelay: { seconds: "3", nanos: 500_000_000 } }] });

    expect(classifyGcpError(error)).toMatchObject({ reason: "throttled", retry_after: 3500 });
  });

  it("names the resource that it is about where the words do not", () => {
    const error = grpcError(5, "no such thing", {
      statusDetails: [{ resourceType: "ring", resourceName: "projects/p" }],
    });

    expect(classifyGcpError(error)).toMatchObject({
      detail: "NOT_FOUND: no such thing (projects/p)",
      absent: "projects/p",
    });
  });

  it.each([
    [5, "KeyRing projects/p/locations/us/keyRings/r not found.", "projects/p/locations/us/keyRings/r"],
    [5, "Project projects/p-1 is gone", "projects/p-1"],
    [5, "no folder folders/12: gone", "folders/12"],
    [5, "nothing there", undefined],
    [7, "denied on projects/p (or it may not exist)", undefined],
  ])("%i, %s: not there is %s", (code, details, absent) => {
    expect(classifyGcpError(grpcError(code, details))?.absent).toBe(absent);
  });
});

describe("an error of a REST call", () => {
  it.each<readonly [number, unknown, UnreadableReason, Again, string]>([
    [400, apiError("INVALID_ARGUMENT", "m"), "unavailable", "no", "INVALID_ARGUMENT: m"],
    [403, apiError("PERMISSION_DENIED", "m"), "access-denied", "no", "PERMISSION_DENIED: m"],
    [404, apiError("NOT_FOUND", "m"), "not-found", "no", "NOT_FOUND: m"],
    [409, apiError("ABORTED", "m"), "unavailable", "soon", "ABORTED: m"],
    [429, apiError("RESOURCE_EXHAUSTED", "m"), "throttled", "when-allowed", "RESOURCE_EXHAUSTED: m"],
    [499, apiError("CANCELLED", "m"), "unavailable", "soon", "CANCELLED: m"],
    [499, apiError("CODE_OF_ANOTHER_VERSION", "m"), "unavailable", "no", "CODE_OF_ANOTHER_VERSION: m"],
    [403, apiError("WORD_OF_ANOTHER_VERSION", "m"), "access-denied", "no", "WORD_OF_ANOTHER_VERSION: m"],
    [404, apiError("WORD_OF_ANOTHER_VERSION", "m"), "unavailable", "no", "WORD_OF_ANOTHER_VERSION: m"],
    [429, apiError("WORD_OF_ANOTHER_VERSION", "m"), "throttled", "when-allowed", "WORD_OF_ANOTHER_VERSION: m"],
    [500, apiError("WORD_OF_ANOTHER_VERSION", "m"), "unavailable", "soon", "WORD_OF_ANOTHER_VERSION: m"],
    [501, apiError("WORD_OF_ANOTHER_VERSION", "m"), "unsupported", "no", "WORD_OF_ANOTHER_VERSION: m"],
    [504, apiError("WORD_OF_ANOTHER_VERSION", "m"), "timeout", "soon", "WORD_OF_ANOTHER_VERSION: m"],
    [500, apiError("INTERNAL", "m"), "unavailable", "soon", "INTERNAL: m"],
    [501, apiError("UNIMPLEMENTED", "m"), "unsupported", "no", "UNIMPLEMENTED: m"],
    [503, apiError("UNAVAILABLE", "m"), "unavailable", "soon", "UNAVAILABLE: m"],
    [504, apiError("DEADLINE_EXCEEDED", "m"), "timeout", "soon", "DEADLINE_EXCEEDED: m"],
    [404, { error: { code: 404, message: "gone" } }, "not-found", "no", "NOT_FOUND: gone"],
    [404, "<html>no such page</html>", "unavailable", "no", "HTTP 404"],
    [403, "<html>", "access-denied", "no", "PERMISSION_DENIED: HTTP 403"],
    [408, "", "timeout", "soon", "DEADLINE_EXCEEDED: HTTP 408"],
    [418, "", "unavailable", "no", "HTTP 418"],
    [429, "", "throttled", "when-allowed", "RESOURCE_EXHAUSTED: HTTP 429"],
    [502, "<html>bad gateway</html>", "unavailable", "soon", "UNAVAILABLE: HTTP 502"],
    // The token's server has words of its own, and so has what stands in front of an API.
    [404, { error: "Not Found" }, "unavailable", "no", "HTTP 404: Not Found"],
    [408, { error: "slow" }, "timeout", "soon", "DEADLINE_EXCEEDED: HTTP 408 slow"],
    [429, { error: "slow_down" }, "throttled", "when-allowed", "RESOURCE_EXHAUSTED: HTTP 429 slow_down"],
    [500, { error: "server_error" }, "unavailable", "soon", "UNAVAILABLE: HTTP 500 server_error"],
    [501, { error: "not here" }, "unsupported", "no", "UNIMPLEMENTED: HTTP 501 not here"],
    [504, { error: "too late" }, "timeout", "soon", "DEADLINE_EXCEEDED: HTTP 504 too late"],
    [503, { error: "temporarily_unavailable" }, "unavailable", "soon", "UNAVAILABLE: HTTP 503 temporarily_unavailable"],
  ])("HTTP %i with %j is %s", (status, body, reason, again, detail) => {
    expect(classifyGcpError(httpError(status, body))).toEqual({ reason, again, detail });
  });

  it.each([
    ["a header", httpError(429, "", { "retry-after": "7" }), 7000],
    ["RetryInfo", httpError(429, apiError("RESOURCE_EXHAUSTED", "m", { retryDelay: "1.5s" })), 1500],
  ])("waits as long as %s asks for", (_, error, retry_after) => {
    expect(classifyGcpError(error)).toMatchObject({ reason: "throttled", retry_after });
  });
});

describe("what the details of a refusal tell", () => {
  const metadata = { service: "cloudkms.googleapis.com", consumer: "projects/456" };

  it.each([
    ["gRPC", grpcError(7, "not enabled", { statusDetails: [errorInfo("SERVICE_DISABLED", metadata)] })],
    ["REST", httpError(403, apiError("PERMISSION_DENIED", "not enabled", errorInfo("SERVICE_DISABLED", metadata)))],
  ])("over %s: which API of which project is off", (_, error) => {
    expect(classifyGcpError(error)).toEqual({
      reason: "api-disabled",
      detail: "SERVICE_DISABLED: cloudkms.googleapis.com is not enabled in projects/456: not enabled",
      again: "no",
      permission: null,
    });
  });

  it("in older answers, a sentence says that an API is off", () => {
    const sentence = "Google Cloud KMS API has not been used in this project before, or it is disabled. Enable it.";

    expect(classifyGcpError(grpcError(9, sentence))).toMatchObject({
      reason: "api-disabled",
      detail: `SERVICE_DISABLED: ${sentence}`,
    });
  });

  it("go before that sentence", () => {
    const sentence = "Cloud KMS API has not been used in project 1 before or it is disabled.";
    const error = grpcError(7, sentence, { statusDetails: [errorInfo("BILLING_DISABLED", metadata)] });

    expect(classifyGcpError(error)).toMatchObject({
      reason: "access-denied",
      detail: `PERMISSION_DENIED (BILLING_DISABLED): ${sentence}`,
    });
  });

  it.each([
    ["IAM_PERMISSION_DENIED", { permission: "cloudkms.keyRings.list" }, "cloudkms.keyRings.list"],
    ["IAM_PERMISSION_DENIED", {}, undefined],
    ["USER_PROJECT_DENIED", metadata, "serviceusage.services.use"],
    ["BILLING_DISABLED", metadata, null],
    ["ACCESS_TOKEN_SCOPE_INSUFFICIENT", {}, null],
  ])("%s with %j: the permission %s", (reason, more, permission) => {
    const refusal = classifyGcpError(grpcError(7, "no", { statusDetails: [errorInfo(reason, more)] }));

    expect(refusal).toMatchObject({ reason: "access-denied", detail: `PERMISSION_DENIED (${reason}): no` });
    expect(refusal?.permission).toBe(permission);
  });
});

describe("a failure on the way", () => {
  const caused = (cause: object) => Object.assign(new Error("fetch failed", { cause }), { name: "GaxiosError" });
  const coded = (code: string) => Object.assign(new Error("below"), { code });

  it.each<readonly [Error, UnreadableReason]>([
    [coded("ECONNREFUSED"), "unavailable"],
    [coded("ENOTFOUND"), "unavailable"],
    [coded("SELF_SIGNED_CERT_IN_CHAIN"), "unavailable"],
    [caused(coded("ECONNRESET")), "unavailable"],
    [caused(Object.assign(new TypeError("fetch failed"), { cause: coded("EAI_AGAIN") })), "unavailable"],
    [caused(coded("ETIMEDOUT")), "timeout"],
    [caused(new DOMException("too long", "TimeoutError")), "timeout"],
    [coded("TimeoutError"), "timeout"],
  ])("%s is %s", (error, reason) => {
    expect(classifyGcpError(error)).toMatchObject({ reason, again: "soon" });
  });

  it.each([
    ["a bug", new TypeError("x is not a function")],
    ["an error of nobody", new Error("no code")],
    ["what is no error", "thrown text"],
    ["nothing", undefined],
  ])("%s is none", (_, thrown) => {
    expect(classifyGcpError(thrown)).toBeUndefined();
  });
});
