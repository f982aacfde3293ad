/** Which addresses of the outbound range the conditions of a key policy refuse the role. */
import { cryptographicOperations } from "../../guidance/aws-encryption-context.ts";
import { anthropicInboundRange, retiredAnthropicAddresses } from "../../guidance/identifiers.ts";
import type { AwsCondition, AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import type { Traffic } from "./anthropic-requests.ts";
import { askTraffic } from "./ask-traffic.ts";
import { conditionsInTheWay } from "./conditions-in-the-way.ts";
import { distinctNames } from "./decide.ts";
import { egressParts } from "./egress-addresses.ts";
import { roleRequest } from "./role-access.ts";

/** Condition keys with the address of a request; who calls over the Internet has no address within a VPC. */
export const addressConditionKeys: readonly string[] = ["aws:sourceip", "aws:vpcsourceip"];

/** A condition, and the ranges that it keeps out. */
export interface KeptOut {
  readonly statement: AwsStatement;
  readonly condition: AwsCondition;
  readonly ranges: readonly string[];
}

/** Each part of the range that the policy tells apart is asked for on its own. */
export function addressesKeptOut(
  access: AwsPolicyAccess,
  traffic: Traffic,
  circumstances: Parameters<typeof roleRequest>[2],
): { readonly kept_out: readonly KeptOut[]; readonly open: readonly string[] } {
  const found: { readonly index: number; readonly condition: AwsCondition; readonly range: string }[] = [];
  const open: string[] = [];
  for (const { told, address } of egressParts(access.policy, circumstances.settings.anthropic_egress)) {
    const here = {
      get at() {
        return circumstances.at;
      },
      settings: { anthropic_egress: [address] },
    };
    for (const [asked, operations] of [
      [traffic, cryptographicOperations],
      [{ organizations: null, compartments: null }, ["kms:DescribeKey"]],
    ] as const) {
      const answer = askTraffic(asked, operations, (operation, sent) =>
        access.decide(roleRequest(operation, sent, here)),
      );
      open.push(...answer.open.filter(isAboutAddress));
      for (const { operation, encryption_context } of answer.refused) {
        const request = roleRequest(operation, encryption_context, here);
        for (const { statement, condition } of conditionsInTheWay(access, request, isAboutAddress)) {
          found.push({ index: statement, condition, range: told });
        }
      }
    }
  }
  const kept_out = [...Map.groupBy(found, ({ condition }) => condition)].flatMap(([condition, ofCondition]) => {
    const statement = access.policy.statements.find(({ index }) => index === ofCondition[0]?.index);
    const ranges = [...new Set(ofCondition.map(({ range }) => range))];
    return statement === undefined ? [] : [{ statement, condition, ranges }];
  });
  return { kept_out, open: distinctNames(open) };
}

/** What is known of addresses that a condition has in place of the outbound range. */
export function addressRemarks(values: readonly string[]): readonly string[] {
  const retired = values.filter((value) => retiredAnthropicAddresses.includes(value.replace(/\/32$/, "")));
  return [
    ...(values.includes(anthropicInboundRange)
      ? [`${anthropicInboundRange} is where Anthropic is reached, not all from where it calls`]
      : []),
    ...(retired.length > 0 ? [`Anthropic does not call from ${retired.join(", ")} any more`] : []),
  ];
}

function isAboutAddress(key: string): boolean {
  return addressConditionKeys.includes(key.toLowerCase());
}
