import type { Turn } from "../turn.ts";

/** Whose credentials a request carries, where it goes, for which lane, and until when it is worth making. */
export interface AwsTarget extends Turn {
  readonly account: string;
  readonly region: string;
}

/** As `AwsTarget`, for a service that has no regions. */
export type AwsAccountTarget = Omit<AwsTarget, "region">;

/**
 * Exactly the calls that are made of AWS. Answers are as the SDK gives them, and unknown until a schema has spoken.
 * Lists come in pages: `next` is what the page before gave, undefined for the first. Throws `Refused` for every
 * expected failure.
 */
export interface AwsReader {
  describeKey(target: AwsTarget, keyArn: string): Promise<unknown>;
  getKeyPolicy(target: AwsTarget, keyArn: string): Promise<unknown>;
  listGrants(target: AwsTarget, keyArn: string, next: string | undefined): Promise<unknown>;
  getKeyRotationStatus(target: AwsTarget, keyArn: string): Promise<unknown>;
  listResourceTags(target: AwsTarget, keyArn: string, next: string | undefined): Promise<unknown>;
  describeTrails(target: AwsTarget): Promise<unknown>;
  getTrailStatus(target: AwsTarget, trailArn: string): Promise<unknown>;
  getEventSelectors(target: AwsTarget, trailArn: string): Promise<unknown>;
  /** `Organization` is null where the account is in none. */
  describeOrganization(target: AwsAccountTarget): Promise<unknown>;
  listParents(target: AwsAccountTarget, child: string, next: string | undefined): Promise<unknown>;
  /** The resource control policies that are attached right there. */
  listPoliciesForTarget(target: AwsAccountTarget, attachedTo: string, next: string | undefined): Promise<unknown>;
  describePolicy(target: AwsAccountTarget, policy: string): Promise<unknown>;
}
