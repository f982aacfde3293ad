/** Where a request goes, and until when it is worth making. */
export interface AwsTarget {
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/**
 * Exactly the calls that are made of AWS. Answers are as the SDK gives them, and unknown until a schema has spoken.
 * Throws `Refused` for every expected failure.
 */
export interface AwsReader {
  describeKey(target: AwsTarget, keyArn: string): Promise<unknown>;
  getKeyPolicy(target: AwsTarget, keyArn: string): Promise<unknown>;
  describeTrails(target: AwsTarget): Promise<unknown>;
  getTrailStatus(target: AwsTarget, trailArn: string): Promise<unknown>;
  getEventSelectors(target: AwsTarget, trailArn: string): Promise<unknown>;
}
