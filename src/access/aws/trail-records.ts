/** Whether a trail of CloudTrail keeps what happens to a key, as far as that could be read. */
import type { AwsTrailWithLogging } from "../../model/aws.ts";
import type { Unreadable } from "../../model/fact.ts";
import { type KmsEvent, selectorsTake } from "./event-selectors.ts";

/** Selectors may take reads and leave writes out, or the other way round: one event of each kind. */
export const keyUse: KmsEvent = { name: "Decrypt", read_only: true };
export const keyChange: KmsEvent = { name: "PutKeyPolicy", read_only: false };

/**
 * Whether a trail records the event, or undefined where that hangs on what could not be read of it. A trail that is
 * stopped or cannot deliver records nothing.
 */
export function recordsEvent(trail: AwsTrailWithLogging, event: KmsEvent): boolean | undefined {
  const { covers_region, status, selectors } = trail;
  if (!covers_region) return false;
  if (status.state === "known" && (!status.value.logging || status.value.delivery_error !== null)) return false;
  if (selectors.state === "known" && !selectorsTake(selectors.value, event)) return false;
  return status.state === "known" && selectors.state === "known" ? true : undefined;
}

/** The parts of a trail that could not be read, by a name for people. */
export function unreadPartsOf(trail: AwsTrailWithLogging): readonly UnreadPart[] {
  const parts = { [`status of ${trail.arn}`]: trail.status, [`selectors of ${trail.arn}`]: trail.selectors };
  return Object.entries(parts).flatMap(([name, why]) => (why.state === "unreadable" ? [{ name, why }] : []));
}

export interface UnreadPart {
  readonly name: string;
  readonly why: Unreadable;
}
