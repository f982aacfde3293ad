// Which service and operation a request is for.
import type { AnswerForm } from "../cloud.ts";
import type { Credential } from "./aws-authorization.ts";
import { AwsError } from "./aws-error.ts";
import type { AwsOperation } from "./aws-operation.ts";
import { type AwsProtocol, type AwsTarget, jsonProtocol, queryProtocol } from "./aws-protocol.ts";
import { cloudTrailOperations } from "./cloudtrail.ts";
import { kmsOperations } from "./kms.ts";
import { organizationsOperations } from "./organizations.ts";
import { stsOperations } from "./sts.ts";

export type AwsServiceName = "kms" | "cloudtrail" | "organizations" | "sts";

export interface AwsService {
  /** Also the name that signatures and permissions use. */
  readonly name: AwsServiceName;
  readonly protocol: AwsProtocol;
  /** What clients put before the operation. */
  readonly prefixes: readonly string[];
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

export interface FoundOperation {
  readonly service: AwsService;
  readonly name: string;
  readonly operation: AwsOperation;
}

const services: readonly AwsService[] = [
  { name: "kms", protocol: jsonProtocol, prefixes: ["TrentService"], operations: kmsOperations },
  {
    name: "cloudtrail",
    protocol: jsonProtocol,
    // The JavaScript client sends the short form, others the long one.
    prefixes: ["CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"],
    operations: cloudTrailOperations,
  },
  {
    name: "organizations",
    protocol: jsonProtocol,
    prefixes: ["AWSOrganizationsV20161128"],
    operations: organizationsOperations,
  },
  { name: "sts", protocol: queryProtocol, prefixes: [""], operations: stsOperations },
];

/** Every call, e.g. `kms:DescribeKey`, with the form of its answer. */
export const callForms: Readonly<Record<string, AnswerForm>> = Object.fromEntries(
  services.flatMap(({ name, protocol, operations }) =>
    Object.keys(operations).map((operation) => [`${name}:${operation}`, protocol.form]),
  ),
);

/** Finds the operation; a signature for another service is refused, as AWS does. */
export function findOperation(protocol: AwsProtocol, target: AwsTarget, credential: Credential): FoundOperation {
  const service = services.find(
    (candidate) => candidate.protocol === protocol && candidate.prefixes.includes(target.prefix),
  );
  const operation =
    service !== undefined && Object.hasOwn(service.operations, target.operation)
      ? service.operations[target.operation]
      : undefined;
  if (service === undefined || operation === undefined) {
    throw unknownOperation(protocol, target.operation);
  }
  if (credential.service !== service.name) {
    const code = protocol === queryProtocol ? "SignatureDoesNotMatch" : "InvalidSignatureException";
    throw new AwsError(code, `Credential should be scoped to correct service: '${service.name}'. `);
  }
  return { service, name: target.operation, operation };
}

function unknownOperation(protocol: AwsProtocol, name: string): AwsError {
  return protocol === queryProtocol
    ? new AwsError("InvalidAction", `Could not find operation ${name} for version 2011-06-15`)
    : new AwsError("UnknownOperationException", "");
}
