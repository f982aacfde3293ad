// How each service words a refusal that control asked for.
import type { RefusalReason, ServiceFailure } from "../cloud.ts";
import { AwsError } from "./aws-error.ts";
import type { AwsServiceName } from "./aws-services.ts";

/** The call that is refused, and who makes it. */
export interface RefusedCall {
  readonly service: AwsServiceName;
  /** E.g. `kms:GetKeyPolicy`. */
  readonly call: string;
  readonly caller: string;
  readonly account: string;
  readonly target: string | null;
}

/** The error that AWS answers for a reason. */
export function refusalError(reason: RefusalReason, refused: RefusedCall): AwsError {
  const { service, call, target, account } = refused;
  switch (reason) {
    case "access-denied":
      return accessDenied(refused);
    case "throttled":
      return throttled(service);
    case "unavailable":
      return serviceError("503", service);
    case "api-disabled":
      // https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
      return new AwsError("OptInRequired", "The AWS Access Key Id needs a subscription for the service", 403);
    case "unsupported":
      return new AwsError("UnsupportedOperationException", `${call} is not supported for ${target ?? "this request"}.`);
    case "not-found":
      switch (service) {
        case "kms":
          return new AwsError("NotFoundException", `Key '${target ?? "null"}' does not exist`);
        case "cloudtrail":
          return new AwsError("TrailNotFoundException", `Unknown trail: ${target ?? "null"} for the user: ${account}`);
        case "organizations":
          return new AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
        case "sts":
          return accessDenied(refused);
      }
  }
}

/** The error of a service that fails by itself, or that does not accept a signature. */
export function serviceError(failure: ServiceFailure, service: AwsServiceName): AwsError {
  switch (failure) {
    case "500":
      return new AwsError(service === "kms" ? "KMSInternalException" : "InternalFailure", "An internal error", 500);
    case "503":
      return new AwsError("ServiceUnavailableException", "Service is unable to handle request.", 503);
    case "unknown-error":
      return new AwsError("ErrorOfAnotherVersionException", "This error did not exist when the client was made.");
    case "expired-token": {
      const text = "The security token included in the request is expired";
      return service === "sts" ? new AwsError("ExpiredToken", text, 403) : new AwsError("ExpiredTokenException", text);
    }
    case "skewed-clock":
      return new AwsError("InvalidSignatureException", "Signature expired: the request was signed too long ago");
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function accessDenied({ service, call, caller, target }: RefusedCall): AwsError {
  const about = target === null ? "" : ` on resource: ${target}`;
  const text = `User: ${caller} is not authorized to perform: ${call}${about}`;
  switch (service) {
    case "kms": {
      const because = target === null ? "identity-based" : "resource-based";
      return new AwsError("AccessDeniedException", `${text} because no ${because} policy allows the ${call} action`);
    }
    case "cloudtrail":
      return new AwsError(
        "AccessDeniedException",
        `${text} because no identity-based policy allows the ${call} action`,
      );
    case "organizations":
      return new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
    case "sts":
      return new AwsError("AccessDenied", text, 403);
  }
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html */
function throttled(service: AwsServiceName): AwsError {
  switch (service) {
    case "kms": {
      const text = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.";
      return new AwsError("ThrottlingException", text);
    }
    case "cloudtrail":
      return new AwsError("ThrottlingException", "Rate exceeded");
    case "organizations":
      return new AwsError("TooManyRequestsException", "You have sent too many requests in too short a period of time.");
    case "sts":
      return new AwsError("Throttling", "Rate exceeded");
  }
}
