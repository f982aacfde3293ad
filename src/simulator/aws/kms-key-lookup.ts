// Which key a request means. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
import { knownArn, parseArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import { type AwsRequest, optionalText, requiredText } from "./aws-operation.ts";
import type { SimulatedKey } from "./resource-types.ts";

const plainId = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The full name of the key that `KeyId` means: the key's ARN where it is known, else the ARN that was asked for. */
export function keyTarget(request: AwsRequest): string | null {
  const id = optionalText(request.input, "KeyId");
  if (id === undefined) {
    return null;
  }
  const arn = asArn(id, request);
  return keyWithAlias(arn, request)?.arn ?? arn;
}

/**
 * The key that `KeyId` means: an id, an ARN, and for few operations an alias.
 * Policies are not evaluated: a key of another account answers like one of the caller's own, until it is denied.
 * @throws AwsError as KMS does; a key of another region does not exist here.
 */
export function requestedKey(request: AwsRequest, { alias = false } = {}): SimulatedKey {
  const id = requiredText(request.input, "KeyId");
  const name = asArn(id, request);
  const arn = parseArn(name);
  if (arn === undefined || (arn.service !== "kms" && id.startsWith("arn:"))) {
    throw new AwsError("InvalidArnException", `Invalid ARN: ${id}`);
  }
  if (arn.region !== request.region) {
    throw new AwsError("NotFoundException", `Invalid arn ${arn.region}`);
  }
  if (arn.resource.startsWith("alias/")) {
    return aliasedKey(name, id, request, alias);
  }
  if (!arn.resource.startsWith("key/") || !plainId.test(arn.resource.slice("key/".length))) {
    throw new AwsError("NotFoundException", `Invalid keyId '${id}'`);
  }
  const key = request.state.keys.get(name);
  if (key === undefined) {
    throw new AwsError("NotFoundException", `Key '${name}' does not exist`);
  }
  return key;
}

function aliasedKey(name: string, id: string, request: AwsRequest, allowed: boolean): SimulatedKey {
  if (!allowed) {
    throw new AwsError("NotFoundException", `Invalid keyId '${id}'`);
  }
  const key = keyWithAlias(name, request);
  if (key === undefined) {
    throw new AwsError("NotFoundException", `Alias ${name} is not found.`);
  }
  return key;
}

function keyWithAlias(name: string, { state }: AwsRequest): SimulatedKey | undefined {
  const alias = parseArn(name);
  if (alias?.resource.startsWith("alias/") !== true) {
    return undefined;
  }
  return state.keys.all().find(({ arn, aliases }) => {
    const { account, region } = knownArn(arn);
    return account === alias.account && region === alias.region && aliases.includes(alias.resource);
  });
}

/** An id and an alias mean the caller's own account and region. */
function asArn(id: string, { account, region }: AwsRequest): string {
  if (id.startsWith("arn:")) {
    return id;
  }
  return `arn:aws:kms:${region}:${account}:${id.startsWith("alias/") ? id : `key/${id}`}`;
}
