import type { AwsPrincipal } from "../../model/aws-access.ts";

const accountPattern = /^\d{12}$/;
const arnPattern = /^arn:(aws[a-z0-9-]*):(iam|sts)::(\d{12}):(.+)$/;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const uniqueIdPattern = /^A[A-Z0-9]{15,127}$/;

/**
 * An entry under `AWS` of a `Principal`, or the grantee of a grant. A wildcard inside an ARN matches nobody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function parseAwsPrincipal(text: string): AwsPrincipal {
  if (text === "*") return { kind: "anyone", text };
  if (accountPattern.test(text)) return { kind: "account", text, partition: null, account: text };
  const arn = arnPattern.exec(text);
  if (arn !== null) return parseArn(text, arn);
  if (uniqueIdPattern.test(text)) {
    return {
      kind: "unique-id",
      text,
      of: text.startsWith("AROA") ? "role" : text.startsWith("AIDA") ? "user" : "other",
    };
  }
  return { kind: "invalid", text };
}

/** A service by its principal, e.g. `s3.amazonaws.com`, with a partition's suffix where it has one. */
export function isServicePrincipal(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/.test(text);
}

function parseArn(text: string, arn: RegExpExecArray): AwsPrincipal {
  const [, partition = "", service = "", account = "", resource = ""] = arn;
  if (/[*?<>${}\s]/.test(resource)) return { kind: "invalid", text };
  if (service === "iam" && resource === "root") return { kind: "account", text, partition, account };
  const [type = "", ...segments] = resource.split("/");
  const name = segments.at(-1);
  if (name === undefined || name === "") return { kind: "invalid", text };
  if (service === "iam" && (type === "role" || type === "user")) {
    const path = segments.length === 1 ? "/" : `/${segments.slice(0, -1).join("/")}/`;
    return { kind: type, text, partition, account, path, name, session: null };
  }
  const [first = ""] = segments;
  if (service === "sts" && type === "assumed-role" && segments.length === 2) {
    return { kind: "role-session", text, partition, account, path: "/", name: first, session: name };
  }
  if (service === "sts" && type === "federated-user" && segments.length === 1) {
    return { kind: "federated-user", text, partition, account, path: "/", name: first, session: null };
  }
  return { kind: "invalid", text };
}
