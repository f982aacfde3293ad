import { type Refusal, Refused } from "../refusal.ts";
import { classifyAzureError } from "./classify-error.ts";

const noCredentials = {
  reason: "access-denied",
  detail:
    "no Azure credentials: neither the environment (AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate), nor workload identity, nor a managed identity, nor the Azure CLI gave any; set one of them up",
  again: "no",
  call: "credentials",
  credentials: "missing",
} as const satisfies Refusal;

/** Failures below HTTP, which reach us in a sentence. */
const networkFailure =
  /\b(E(?:CONN\w+|AI_AGAIN|NOTFOUND|TIMEDOUT|HOSTUNREACH|NETUNREACH)|network_error|endpoints_resolution_error)\b/;

/**
 * Why the identity library gave no token: as a refusal, where it is no bug.
 * https://learn.microsoft.com/en-us/javascript/api/@azure/identity
 */
export function refusedToken(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  const culprit = isUnavailable(error) ? [error, ...triedIn(error)].find(isFailure) : error;
  if (culprit === undefined) return new Refused(noCredentials, error);
  return new Refused({ ...refusalOf(culprit), call: "credentials" }, error);
}

/** The chain has come to its end. */
function isUnavailable({ name }: Error): boolean {
  return name === "AggregateAuthenticationError" || name === "CredentialUnavailableError";
}

/** What the members of the chain said. */
function triedIn(error: Error): readonly Error[] {
  const errors: unknown = Reflect.get(error, "errors");
  return Array.isArray(errors) ? errors.filter((one): one is Error => one instanceof Error) : [];
}

/** There were credentials, and they gave no token: the chain goes on after that as after one that has none. */
function isFailure(error: Error): boolean {
  return !isUnavailable(error) || /endpoints_resolution_error/.test(error.message);
}

function refusalOf(error: Error): Refusal {
  const detail = `the Azure credentials gave no token: ${firstLine(error)}`;
  const status: unknown = Reflect.get(error, "statusCode");
  const away = networkFailure.test(error.message) || status === 429 || (typeof status === "number" && status >= 500);
  if (away) return { reason: "unavailable", detail, again: "soon" };
  const known = classifyAzureError(error);
  if (known !== undefined) return { ...known, detail };
  return { reason: "access-denied", detail, again: "no", credentials: "invalid" };
}

/** Microsoft Entra goes on with ids of the request. https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes */
function firstLine(error: Error): string {
  const response: unknown = Reflect.get(error, "errorResponse");
  const description: unknown =
    typeof response === "object" && response !== null ? Reflect.get(response, "errorDescription") : undefined;
  const [line = ""] = (typeof description === "string" ? description : error.message).split(/\r?\n| Trace ID:/);
  return line.trim();
}
