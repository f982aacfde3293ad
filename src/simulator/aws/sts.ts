// The operations of AWS STS that lead to an identity. https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
import { knownArn } from "./arn.ts";
import { AwsError, validationError } from "./aws-error.ts";
import { type AwsOperation, type AwsRequest, type JsonObject, optionalText, requiredText } from "./aws-operation.ts";

function getCallerIdentity({ caller, account }: AwsRequest): JsonObject {
  return { Arn: caller, UserId: "AIDASIMULATEDCALLER00", Account: account };
}

/** A role that does not exist answers like one that may not be assumed: AWS tells nobody which it is. */
function assumeRole(request: AwsRequest): JsonObject {
  const { input, state, caller, now } = request;
  const arn = requiredText(input, "RoleArn");
  const session = requiredText(input, "RoleSessionName");
  const seconds = Number(optionalText(input, "DurationSeconds") ?? "3600");
  if (!(seconds >= 900 && seconds <= 43_200)) {
    throw validationError(seconds, "durationSeconds", "have value between 900 and 43200");
  }
  const role = state.roles.get(arn);
  if (role === undefined || role.external_id !== optionalText(input, "ExternalId")) {
    const message = `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw new AwsError("AccessDenied", message, 403);
  }
  const { account, partition, resource } = knownArn(arn);
  const assumed = `arn:${partition}:sts::${account}:assumed-role/${resource.slice("role/".length)}/${session}`;
  return {
    Credentials: {
      AccessKeyId: state.sessions.open(account, assumed),
      SecretAccessKey: "simulated-secret-access-key",
      SessionToken: "simulated-session-token",
      Expiration: new Date(now() + seconds * 1000).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: `AROASIMULATEDROLE0000:${session}`, Arn: assumed },
  };
}

export const stsOperations = {
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  GetCallerIdentity: { open: true, target: () => null, answer: getCallerIdentity },
  AssumeRole: { target: ({ input }) => optionalText(input, "RoleArn") ?? null, answer: assumeRole },
} as const satisfies Record<string, AwsOperation>;
