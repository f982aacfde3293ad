// Reading who calls from a Signature Version 4 header. The signature itself is not verified: nothing here is secret.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { AwsError } from "./aws-error.ts";

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** As the signature names it: `kms`, `cloudtrail`, `sts`, `organizations`. */
  readonly service: string;
}

const credentialPattern =
  /^AWS4-HMAC-SHA256 .*\bCredential=([^/\s,]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request\b/;

/** Takes the credential out of an Authorization header; an unsigned request is refused. */
export function readCredential(headers: Readonly<Record<string, string | undefined>>): Credential {
  const header = headers["authorization"];
  if (header === undefined) {
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const [, accessKeyId, region, service] = credentialPattern.exec(header) ?? [];
  const complete = /\bSignedHeaders=[^\s,]+/.test(header) && /\bSignature=[0-9a-f]{64}\b/.test(header);
  if (accessKeyId === undefined || region === undefined || service === undefined || !complete) {
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.",
    );
  }
  return { accessKeyId, region, service };
}
