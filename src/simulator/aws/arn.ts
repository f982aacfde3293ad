/** The parts of an Amazon Resource Name. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Takes an ARN apart; undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([a-z0-9-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(.+)$/.exec(text);
  const [, partition, service, region, account, resource] = match ?? [];
  if (partition === undefined || service === undefined || region === undefined) {
    return undefined;
  }
  return account === undefined || resource === undefined
    ? undefined
    : { partition, service, region, account, resource };
}

/** Takes an ARN apart that was checked before. */
export function knownArn(text: string): Arn {
  const arn = parseArn(text);
  if (arn === undefined) {
    throw new TypeError(`${text} is not an ARN`);
  }
  return arn;
}
