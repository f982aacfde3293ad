import type {
  AwsAccessRequest,
  AwsConditionResult,
  AwsPolicyAccess,
  AwsStatementTrace,
} from "../../model/aws-access.ts";

/**
 * The conditions on certain keys that keep a denied request out: those of each Deny that hits it, and those of the Allows
 * meant for it, where each of these lacks one. An Allow for another encryption context is meant for another request, unless
 * there is none that fits better. `isAbout` is given condition keys as written.
 */
export function conditionsInTheWay(
  access: AwsPolicyAccess,
  request: AwsAccessRequest,
  isAbout: (key: string) => boolean,
): readonly AwsConditionResult[] {
  const traces = access.trace(request);
  const about = ({ condition }: AwsConditionResult) => isAbout(condition.key);
  const hitting = traces.filter(({ statement, result }) => statement.effect === "Deny" && result === "true");
  const denying = hitting.flatMap(({ conditions }) => conditions.filter(about));
  const failing = traces
    .filter(isForRequest)
    .map(({ conditions }) => conditions.filter(({ result }) => result === "false"));
  const fitting = failing.filter((conditions) => !conditions.some((one) => !about(one) && isContextKey(one)));
  const meant = fitting.length > 0 ? fitting : failing;
  return meant.every((conditions) => conditions.some(about)) ? [...denying, ...meant.flat().filter(about)] : denying;
}

function isForRequest({ statement, principal, action, resource }: AwsStatementTrace): boolean {
  return statement.effect === "Allow" && principal !== "false" && action && resource !== "false";
}

function isContextKey({ condition }: AwsConditionResult): boolean {
  return condition.key.toLowerCase().startsWith("kms:encryptioncontext:");
}
