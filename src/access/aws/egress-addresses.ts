/** One address for each part of the outbound range that a policy's address conditions tell apart. */
import type { AwsPolicy } from "../../model/aws-access.ts";
import { cutRange, parseRanges, rangeText } from "../addresses.ts";

/** A part of the range in words, and an address of it. */
export interface EgressPart {
  readonly told: string;
  readonly address: string;
}

/** `egress` in CIDR form. A text that is no range is passed over: the configuration refuses it. */
export function egressParts(policy: AwsPolicy, egress: readonly string[]): readonly EgressPart[] {
  const values = policy.statements.flatMap(({ conditions }) =>
    conditions.filter(({ key }) => key.toLowerCase() === "aws:sourceip").flatMap((condition) => condition.values),
  );
  const edges = parseRanges(values);
  return parseRanges(egress).flatMap((range) =>
    cutRange(range, edges).map((part) => ({
      told: rangeText(part),
      address: rangeText({ ...part, last: part.first }),
    })),
  );
}
