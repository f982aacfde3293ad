import { ipConditionsCoverEgress } from "../../../checks/aws/ip-conditions-cover-egress.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import {
  administers,
  boundBy,
  describes,
  documented,
  keyWith,
  organizationIs,
  readsOlder,
  strangeOrganization,
  uses,
} from "../../support/key-policies.ts";

const registered = { organizations: [testOrganization], compartments: [testCompartment] };
const from = (value: unknown, operator = "IpAddress", key = "aws:SourceIp") => ({ [operator]: { [key]: value } });
const only = (condition: object) => boundBy({ ...organizationIs(), ...condition }, registered);
const denied = (condition: object, changes: object = {}) =>
  keyWith([...documented["2026-09"], deny({ Sid: "Net", Condition: condition, ...changes })], registered);

testCheck(ipConditionsCoverEgress, {
  pass: [
    {
      name: "no condition on addresses",
      resource: keyWith(documented["2026-09"], registered),
      message: "no condition looks at addresses",
    },
    { name: "the whole range", resource: only(from("160.79.104.0/21")), message: "lets 160.79.104.0/21 in" },
    { name: "two halves", resource: only(from(["160.79.104.0/22", "160.79.108.0/22"])) },
    { name: "more than the range", resource: only(from(["160.79.0.0/16", "203.0.113.0/24"])) },
    { name: "the whole range beside retired addresses", resource: only(from(["160.79.104.0/21", "34.162.46.92/32"])) },
    { name: "all but another network", resource: only(from("203.0.113.0/24", "NotIpAddress")) },
    {
      name: "a Deny outside networks that hold the range",
      resource: denied(from(["203.0.113.0/24", "160.79.104.0/21"], "NotIpAddress")),
    },
    { name: "a Deny of another network", resource: denied(from("203.0.113.0/24")) },
    {
      name: "a Deny outside a network, for the own account",
      resource: denied(from("203.0.113.0/24", "NotIpAddress"), { Principal: { AWS: testAccount } }),
    },
    {
      name: "a Deny outside a network, for the own account by a condition",
      resource: denied({
        ...from("203.0.113.0/24", "NotIpAddress"),
        StringEquals: { "aws:PrincipalAccount": testAccount },
      }),
    },
    {
      name: "a Deny outside a network, of other operations",
      resource: denied(from("203.0.113.0/24", "NotIpAddress"), { Action: "kms:PutKeyPolicy" }),
    },
    {
      name: "a statement for the own account",
      resource: keyWith(
        [...documented["2026-09"], allow({ Principal: { AWS: testAccount }, Condition: from("203.0.113.0/24") })],
        registered,
      ),
    },
    {
      name: "halves over two statements",
      resource: keyWith(
        [
          administers,
          uses({ ...organizationIs(), ...from("160.79.104.0/22") }),
          uses({ ...organizationIs(), ...from("160.79.108.0/22") }),
          describes,
        ],
        registered,
      ),
    },
    {
      name: "one statement with a network, another without",
      resource: keyWith(
        [administers, uses({ ...organizationIs(), ...from("203.0.113.0/24") }), uses(organizationIs()), describes],
        registered,
      ),
    },
    {
      name: "another range, by the settings",
      resource: only(from("198.51.100.0/24")),
      settings: { anthropic_egress: ["198.51.100.0/25", "198.51.100.128/25"] },
    },
    {
      name: "an address within a VPC, if there is one",
      resource: only(from("10.0.0.0/8", "IpAddressIfExists", "aws:VpcSourceIp")),
    },
    {
      name: "stopped by the organization, which is another matter",
      resource: boundBy({ ...organizationIs(strangeOrganization), ...from("160.79.104.0/21") }, registered),
    },
  ],
  fail: [
    {
      name: "the inbound range",
      resource: only(from("160.79.104.0/23")),
      message:
        /statement 2 "Uses" with IpAddress aws:SourceIp 160.79.104.0\/23 refuses 160.79.106.0-160.79.111.255 \(160.79.104.0\/23 is where Anthropic is reached.*let all of 160.79.104.0\/21 in/,
    },
    {
      name: "retired addresses",
      resource: only(from(["34.162.46.92", "34.162.183.95/32"])),
      message: "Anthropic does not call from 34.162.46.92, 34.162.183.95/32 any more",
    },
    {
      name: "another network",
      resource: only(from("203.0.113.0/24")),
      message: "refuses 160.79.104.0-160.79.111.255: let all of",
    },
    {
      name: "another network and a retired address",
      resource: only(from(["203.0.113.0/24", "34.162.46.92"])),
      message: "refuses 160.79.104.0-160.79.111.255 (Anthropic does not call from 34.162.46.92 any more): let",
    },
    {
      name: "all but one address",
      resource: only(from(["160.79.104.0/22", "160.79.108.0/23", "160.79.110.0/24", "160.79.111.0/25"])),
      message: "160.79.111.128-160.79.111.255",
    },
    { name: "an IPv6 range", resource: only(from("2607:6bc0::/48")) },
    {
      name: "not from a part of the range",
      resource: only(from("160.79.105.7", "NotIpAddress")),
      message: "refuses 160.79.105.7",
    },
    {
      name: "a Deny outside a network",
      resource: denied(from("203.0.113.0/24", "NotIpAddress")),
      message: 'statement 4 "Net" with NotIpAddress',
    },
    {
      name: "a Deny outside a network, unless a service calls",
      resource: denied({ ...from("203.0.113.0/24", "NotIpAddress"), Bool: { "aws:ViaAWSService": "false" } }),
    },
    {
      name: "a Deny of a part of the range",
      resource: denied(from("160.79.110.0/24")),
      message: "refuses 160.79.110.0-160.79.110.255",
    },
    {
      name: "on DescribeKey alone",
      resource: keyWith(
        [administers, uses(organizationIs()), { ...describes, Condition: from("160.79.104.0/23") }],
        registered,
      ),
      message: '"Describes"',
    },
    {
      name: "on Decrypt, beside a statement for older data",
      resource: keyWith(
        [
          administers,
          uses({ ...organizationIs(), ...from("203.0.113.0/24") }),
          describes,
          readsOlder("b0000000-2e7b-4d95-8a43-b90e5f7d1c26"),
        ],
        registered,
      ),
      message: '"Uses"',
    },
    {
      name: "with an organization that is wrong as well",
      resource: boundBy({ ...organizationIs(strangeOrganization), ...from("160.79.104.0/23") }, registered),
      message: "160.79.106.0",
    },
    {
      name: "an address within a VPC",
      resource: only(from("10.0.0.0/8", "IpAddress", "aws:VpcSourceIp")),
      message: "aws:VpcSourceIp",
    },
    {
      name: "the range of the guide, where the settings have another",
      resource: only(from("160.79.104.0/21")),
      settings: { anthropic_egress: ["160.79.104.0/21", "198.51.100.0/24"] },
      message: "refuses 198.51.100.0-198.51.100.255",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
    {
      name: "a value that is no range",
      resource: only(from(["203.0.113.0/24", "<the range>"])),
      message: "aws:SourceIp",
    },
    {
      name: "an operator that is not for addresses",
      resource: only(from("160.79.104.*", "StringLike")),
      message: "aws:SourceIp",
    },
  ],
});
