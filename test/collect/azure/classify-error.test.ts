import { describe, expect, it } from "vitest";
import { classifyAzureError } from "../../../src/collect/azure/classify-error.ts";
import type { UnreadableReason } from "../../../src/model/fact.ts";

type Again = "when-allowed" | "soon" | "no";

/** What the wire throws for an answer: https://learn.microsoft.com/en-us/javascript/api/@azure/core-rest-pipeline/resterror */
const answered = (status: number, body: unknown, headers: Record<string, string> = {}, more: object = {}) =>
  Object.assign(new Error("said"), {
    name: "RestError",
    statusCode: status,
    response: {
      status,
      bodyAsText: typeof body === "string" ? body : JSON.stringify(body),
      headers: { toJSON: () => headers },
    },
    ...more,
  });
const saying = (code: string, message = "m", more: object = {}) => ({ error: { code, message, ...more } });

describe("an answer", () => {
  it.each<readonly [number, unknown, UnreadableReason, Again, string]>([
    [403, saying("AuthorizationFailed"), "access-denied", "no", "AuthorizationFailed: m"],
    [403, saying("LinkedAuthorizationFailed"), "access-denied", "no", "LinkedAuthorizationFailed: m"],
    [403, saying("Authorization_RequestDenied"), "access-denied", "no", "Authorization_RequestDenied: m"],
    [403, saying("SomethingNew"), "access-denied", "no", "SomethingNew: m"],
    [403, "<html>", "access-denied", "no", "HTTP 403: said"],
    [400, saying("ForbiddenByRbac"), "access-denied", "no", "ForbiddenByRbac: m"],
    [
      400,
      saying("ForbiddenByFirewall"),
      "access-denied",
      "no",
      "ForbiddenByFirewall: the vault's firewall does not let this service in: m",
    ],
    [404, saying("ResourceNotFound"), "not-found", "no", "ResourceNotFound: m"],
    [404, saying("ResourceGroupNotFound"), "not-found", "no", "ResourceGroupNotFound: m"],
    [404, saying("SubscriptionNotFound"), "not-found", "no", "SubscriptionNotFound: m"],
    [404, saying("KeyNotFound"), "not-found", "no", "KeyNotFound: m"],
    [404, saying("VaultNotFound"), "not-found", "no", "VaultNotFound: m"],
    [404, saying("Request_ResourceNotFound"), "not-found", "no", "Request_ResourceNotFound: m"],
    [404, saying("InvalidResourceType"), "unsupported", "no", "InvalidResourceType: m"],
    [404, "<html>no such page</html>", "unavailable", "no", "HTTP 404: said"],
    [409, saying("MissingSubscriptionRegistration"), "api-disabled", "no", "MissingSubscriptionRegistration: m"],
    [400, saying("NoRegisteredProviderFound"), "api-disabled", "no", "NoRegisteredProviderFound: m"],
    [400, saying("AadPremiumLicenseRequired"), "unsupported", "no", "AadPremiumLicenseRequired: m"],
    [409, saying("OperationNotAllowed"), "unsupported", "no", "OperationNotAllowed: m"],
    [403, saying("OperationNotAllowedOnResource"), "unsupported", "no", "OperationNotAllowedOnResource: m"],
    [400, saying("InvalidFilter"), "unavailable", "no", "InvalidFilter: m"],
    [408, "", "timeout", "soon", "HTTP 408: said"],
    [429, saying("TooManyRequests"), "throttled", "when-allowed", "TooManyRequests: m"],
    [429, saying("SubscriptionRequestsThrottled"), "throttled", "when-allowed", "SubscriptionRequestsThrottled: m"],
    [429, "", "throttled", "when-allowed", "HTTP 429: said"],
    [500, saying("InternalServerError"), "unavailable", "soon", "InternalServerError: m"],
    [501, saying("NotImplemented"), "unsupported", "no", "NotImplemented: m"],
    [502, "<html>bad gateway</html>", "unavailable", "soon", "HTTP 502: said"],
    [503, saying("ServerTimeout"), "unavailable", "soon", "ServerTimeout: m"],
    [503, saying("GatewayTimeout"), "timeout", "soon", "GatewayTimeout: m"],
    [504, saying("GatewayTimeout"), "timeout", "soon", "GatewayTimeout: m"],
  ])("%i with %j is %s", (status, body, reason, again, detail) => {
    expect(classifyAzureError(answered(status, body))).toMatchObject({ reason, again, detail });
  });

  it("that is no JSON is malformed, though the status is good", () => {
    const error = answered(200, "<html>sign in</html>", {}, { code: "PARSE_ERROR" });

    expect(classifyAzureError(error)).toMatchObject({ reason: "malformed", again: "soon" });
  });

  it.each([
    [401, saying("InvalidAuthenticationToken"), "invalid"],
    [401, saying("InvalidAuthenticationTokenTenant"), "invalid"],
    [401, saying("ExpiredAuthenticationToken"), "expired"],
    [401, saying("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."), "expired"],
    [401, saying("Unauthorized", "AKV10022: Invalid audience."), "invalid"],
    [401, "", "invalid"],
  ])("%i with %j is no matter of a permission: the credentials are not accepted", (status, body, credentials) => {
    const refusal = classifyAzureError(answered(status, body));

    expect(refusal).toMatchObject({ reason: "access-denied", again: "no", call: "credentials", credentials });
    expect(refusal?.detail).toMatch(/^Azure does not accept the credentials \(/);
  });

  it.each([
    ["AuthorizationFailed", {}, undefined],
    ["Authorization_RequestDenied", {}, undefined],
    ["Forbidden", { innererror: { code: "ForbiddenByRbac" } }, undefined],
    ["Forbidden", {}, undefined],
    ["ForbiddenByRbac", {}, undefined],
    ["ForbiddenByFirewall", {}, null],
    ["LinkedAuthorizationFailed", {}, null],
    ["Forbidden", { innererror: { code: "ForbiddenByFirewall" } }, null],
    ["RequestDisallowedByPolicy", {}, null],
  ])("%s with %j: the missing permission is %s", (code, more, permission) => {
    const refusal = classifyAzureError(answered(403, saying(code, "m", more)));

    expect(refusal?.reason).toBe("access-denied");
    expect(refusal?.permission).toBe(permission);
  });

  it.each([
    ["ForbiddenByFirewall", "the vault's firewall does not let this service in"],
    ["ForbiddenByConnection", "no connection from public networks"],
    ["ForbiddenByPolicy", "the vault's access policies, not roles, decide"],
  ])("of Key Vault says what %s means", (inner, meaning) => {
    const refusal = classifyAzureError(answered(403, saying("Forbidden", "m", { innererror: { code: inner } })));

    expect(refusal?.detail).toContain(`Forbidden (${inner}): `);
    expect(refusal?.detail).toContain(meaning);
  });

  it.each([
    ["ResourceNotFound", true],
    ["ResourceGroupNotFound", true],
    ["KeyNotFound", true],
    ["SubscriptionNotFound", false],
    ["InvalidSubscriptionId", false],
  ])("%s says that the thing itself is not there: %s", (code, expected) => {
    expect(classifyAzureError(answered(404, saying(code)))?.absent !== undefined).toBe(expected);
  });

  it("that is no API's says nothing of what is there", () => {
    expect(classifyAzureError(answered(404, ""))).not.toHaveProperty("absent");
  });

  it("waits as long as Azure asks for, in seconds or until a date by Azure's clock", () => {
    const date = "Sun, 01 Nov 2026 10:00:00 GMT";
    const later = "Sun, 01 Nov 2026 10:00:09 GMT";

    expect(classifyAzureError(answered(429, "", { "retry-after": "17" }))?.retry_after).toBe(17_000);
    expect(classifyAzureError(answered(503, "", { "retry-after": later, date }))?.retry_after).toBe(9000);
    expect(classifyAzureError(answered(429, "", { "retry-after": "soon" }))).not.toHaveProperty("retry_after");
  });

  it("is not repeated at length", () => {
    expect(classifyAzureError(answered(400, saying("Long", "x".repeat(5000))))?.detail.length).toBeLessThan(600);
  });
});

describe("a failure on the way", () => {
  const coded = (code: string, more: object = {}) => Object.assign(new Error("below"), { code, ...more });
  const named = (name: string) => Object.assign(new Error("too long"), { name });

  it.each<readonly [Error, UnreadableReason, Again]>([
    [coded("ECONNREFUSED"), "unavailable", "soon"],
    [coded("ECONNRESET"), "unavailable", "soon"],
    [coded("ENOTFOUND"), "unavailable", "soon"],
    [coded("EAI_AGAIN"), "unavailable", "soon"],
    [coded("REQUEST_SEND_ERROR"), "unavailable", "soon"],
    [coded("SELF_SIGNED_CERT_IN_CHAIN"), "unavailable", "soon"],
    [coded("PARSE_ERROR"), "unavailable", "soon"],
    [coded("ETIMEDOUT"), "timeout", "soon"],
    [named("AbortError"), "timeout", "soon"],
    [Object.assign(new Error("above"), { cause: coded("ECONNRESET") }), "unavailable", "soon"],
    [coded("FOREIGN_HOST"), "malformed", "no"],
  ])("%s is %s", (error, reason, again) => {
    expect(classifyAzureError(error)).toMatchObject({ reason, again });
  });

  it.each([
    ["a bug", new TypeError("x is not a function")],
    ["an error of nobody", new Error("no code")],
    ["what is no error", "thrown text"],
    ["nothing", undefined],
  ])("%s is none", (_, thrown) => {
    expect(classifyAzureError(thrown)).toBeUndefined();
  });
});
