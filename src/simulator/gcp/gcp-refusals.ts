// How Google Cloud words its refusals. https://cloud.google.com/apis/design/errors
import type { RefusalReason, ServiceFailure } from "../cloud.ts";
import { errorInfo, GcpError } from "./gcp-error.ts";

/** The call that is refused. */
export interface RefusedCall {
  /** E.g. `cloudkms:GetCryptoKeyIamPolicy`. */
  readonly call: string;
  readonly permission: string;
  /** The name of what it is about; null where it is about no single resource. */
  readonly target: string | null;
  /** The project that the call is counted for, by its number where that is known. */
  readonly consumer: string;
}

/** The error that Google Cloud answers for a reason. */
export function refusalError(reason: RefusalReason, refused: RefusedCall): GcpError {
  switch (reason) {
    case "access-denied":
      return permissionDenied(refused);
    case "not-found":
      return notFound(refused);
    case "throttled":
      return quotaExceeded(refused);
    case "unavailable":
      return serviceError("503");
    case "api-disabled":
      return serviceDisabled(refused);
    case "unsupported":
      return new GcpError("UNIMPLEMENTED", "Operation is not implemented, or supported, or enabled.");
  }
}

/** The error of a service that fails by itself. */
export function serviceError(failure: ServiceFailure): GcpError {
  switch (failure) {
    case "500":
      return new GcpError("INTERNAL", "Internal error encountered.");
    case "503":
      return new GcpError("UNAVAILABLE", "The service is currently unavailable.");
    case "unknown-error":
      return new GcpError("CODE_OF_ANOTHER_VERSION", "This code did not exist when the client was made.");
    case "expired-token":
    case "skewed-clock":
      return new GcpError(
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      );
  }
}

/** Google tells nobody whether a resource that they may not see exists. */
export function permissionDenied({ call, permission, target }: Omit<RefusedCall, "consumer">): GcpError {
  const service = serviceOf(call);
  const shown =
    target === null ? "" : service === "cloudkms.googleapis.com" ? ` '${target}'` : ` '//${service}/${target}'`;
  const message = `Permission '${permission}' denied on resource${shown} (or it may not exist).`;
  const metadata = { permission, ...(target === null ? {} : { resource: target }) };
  return new GcpError("PERMISSION_DENIED", message, [errorInfo("IAM_PERMISSION_DENIED", service, metadata)]);
}

/** https://cloud.google.com/service-usage/docs/service-usage-errors */
export function serviceDisabled({ call, consumer }: Pick<RefusedCall, "call" | "consumer">): GcpError {
  const service = serviceOf(call);
  const project = consumer.slice("projects/".length);
  const url = `https://console.developers.google.com/apis/api/${service}/overview?project=${project}`;
  const message =
    `${serviceTitle(service)} has not been used in project ${project} before or it is disabled. Enable it by visiting ` +
    `${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems ` +
    "and retry.";
  return new GcpError("PERMISSION_DENIED", message, [
    errorInfo("SERVICE_DISABLED", "googleapis.com", { service, consumer: `projects/${project}`, activationUrl: url }),
    {
      "@type": "type.googleapis.com/google.rpc.Help",
      links: [{ description: "Google developers console API activation", url }],
    },
  ]);
}

/** The host of a call's API. */
export function serviceOf(call: string): string {
  return `${call.split(":", 1)[0]}.googleapis.com`;
}

const titles: Readonly<Record<string, string>> = {
  "cloudkms.googleapis.com": "Cloud Key Management Service (KMS) API",
  "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
  "logging.googleapis.com": "Cloud Logging API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
  "orgpolicy.googleapis.com": "Organization Policy API",
  "serviceusage.googleapis.com": "Service Usage API",
  "cloudbilling.googleapis.com": "Cloud Billing API",
  "accesscontextmanager.googleapis.com": "Access Context Manager API",
};

/** What people call an API. */
export function serviceTitle(service: string): string {
  return titles[service] ?? `${service} API`;
}

function notFound({ call, target }: RefusedCall): GcpError {
  const name = target ?? "";
  if (serviceOf(call) === "cloudkms.googleapis.com") {
    const kind = name.includes("/cryptoKeys/") ? "CryptoKey" : "KeyRing";
    return new GcpError("NOT_FOUND", `${kind} ${name} not found.`);
  }
  const message = call === "iam:GetRole" ? `The role named ${name} was not found.` : "Requested entity was not found.";
  return new GcpError("NOT_FOUND", message);
}

/** https://cloud.google.com/docs/quotas/troubleshoot */
function quotaExceeded({ call, consumer }: RefusedCall): GcpError {
  const service = serviceOf(call);
  const project = consumer.slice("projects/".length);
  const message =
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service " +
    `'${service}' for consumer 'project_number:${project}'.`;
  const info = errorInfo("RATE_LIMIT_EXCEEDED", "googleapis.com", {
    service,
    consumer: `projects/${project}`,
    quota_metric: `${service}/read_requests`,
    quota_limit: "ReadRequestsPerMinutePerProject",
    quota_location: "global",
  });
  return new GcpError("RESOURCE_EXHAUSTED", message, [info]);
}
