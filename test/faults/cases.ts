/** What can break, what is lost by it, and what a scan ends with then. */
import { expect } from "vitest";
import type { awsCalls } from "../../src/collect/aws/calls.ts";
import { type KeyName, keys, names, roleOf, scopeOf, trailOf } from "./clouded-service.ts";
import type { Case, Lost as LostOf } from "./expect-case.ts";

type Lost = LostOf<KeyName> & { readonly call: keyof typeof awsCalls };

const callsOfKey = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "kms:GetKeyRotationStatus"] as const;
const often = 1000;
/** As often as a fault that may pass is tried. */
const thrice = 3;
const own = scopeOf("healthy");

function each(of: Pick<Lost, "keys" | "reason" | "refused">, calls: readonly (keyof typeof awsCalls)[]): Lost[] {
  return calls.map((call) => ({ ...of, call }));
}

export const cases: readonly Case<KeyName>[] = [
  {
    about: "one key is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "kms:*", resource: keys.healthy }),
    lost: each({ keys: ["healthy"], reason: "access-denied" }, callsOfKey),
    refused: callsOfKey.map((call) => `${own} ${call} access-denied ${call} 1x`),
    says: /kms:ListGrants access-denied \(1x\); it needs the permission kms:ListGrants: AccessDenied/,
  },
  {
    about: "a key with open findings is denied",
    breaks: ({ simulator: { control } }) => control.deny({ call: "kms:*", resource: keys.open }),
    lost: each({ keys: ["open"], reason: "access-denied" }, callsOfKey),
    refused: callsOfKey.map((call) => `${own} ${call} access-denied ${call} 1x`),
  },
  {
    about: "one API is denied for all",
    breaks: ({ simulator: { control } }) => control.deny({ call: "kms:GetKeyPolicy" }),
    lost: [{ keys: names, call: "kms:GetKeyPolicy", reason: "access-denied" }],
    refused: (["healthy", "other", "third"] as const).map(
      (name) => `${scopeOf(name)} kms:GetKeyPolicy access-denied kms:GetKeyPolicy ${name === "healthy" ? 2 : 1}x`,
    ),
  },
  {
    about: "an API of a scope is denied",
    breaks: ({ simulator: { control } }) =>
      control.deny({ call: "cloudtrail:GetEventSelectors", resource: trailOf("healthy") }),
    lost: [{ keys: ["healthy", "open"], call: "cloudtrail:GetEventSelectors", reason: "access-denied" }],
    refused: [`${own} cloudtrail:GetEventSelectors access-denied cloudtrail:GetEventSelectors 1x`],
  },
  {
    about: "answers time out",
    request_timeout: 1000,
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:ListGrants", resource: keys.healthy, times: thrice, how: "hang" }),
    lost: [{ keys: ["healthy"], call: "kms:ListGrants", reason: "timeout" }],
    refused: [`${own} kms:ListGrants timeout kms:ListGrants 1x`],
  },
  {
    about: "connections are reset",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:GetKeyPolicy", resource: keys.open, times: thrice, how: "reset" }),
    lost: [{ keys: ["open"], call: "kms:GetKeyPolicy", reason: "unavailable" }],
    refused: [`${own} kms:GetKeyPolicy unavailable kms:GetKeyPolicy 1x`],
    says: /ECONNRESET/,
  },
  {
    about: "connections break within answers",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:DescribeKey", resource: keys.healthy, times: thrice, how: "truncated" }),
    lost: [{ keys: ["healthy"], call: "kms:DescribeKey", reason: "unavailable" }],
    refused: [`${own} kms:DescribeKey unavailable kms:DescribeKey 1x`],
  },
  {
    about: "the provider answers 500",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:DescribeKey", resource: keys.open, times: thrice, how: "500" }),
    lost: [{ keys: ["open"], call: "kms:DescribeKey", reason: "unavailable" }],
    refused: [`${own} kms:DescribeKey unavailable kms:DescribeKey 1x`],
    says: /HTTP 500 KMSInternalException/,
  },
  {
    about: "the provider answers 500, 503 and cuts the line, but not for ever",
    breaks: ({ simulator: { control } }) => {
      for (const how of ["500", "503"] as const) {
        control.fail({ call: "kms:DescribeKey", resource: keys.open, times: 1, how });
        control.fail({ call: "cloudtrail:DescribeTrails", times: 1, how });
      }
      control.fail({ call: "kms:ListGrants", resource: keys.healthy, times: 2, how: "reset" });
    },
    lost: [],
    refused: [],
  },
  {
    about: "the answer is no JSON",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:GetKeyRotationStatus", resource: keys.open, times: thrice, how: "malformed-json" }),
    lost: [{ keys: ["open"], call: "kms:GetKeyRotationStatus", reason: "malformed" }],
    refused: [`${own} kms:GetKeyRotationStatus malformed kms:GetKeyRotationStatus 1x`],
  },
  {
    about: "an error code is unknown",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:ListGrants", resource: keys.healthy, times: 1, how: "unknown-error" }),
    lost: [{ keys: ["healthy"], call: "kms:ListGrants", reason: "unavailable" }],
    refused: [`${own} kms:ListGrants unavailable kms:ListGrants 1x`],
    says: /HTTP 400 ErrorOfAnotherVersionException/,
  },
  {
    about: "a field has gone missing",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:DescribeKey", resource: keys.healthy, times: 1, how: "missing-field:KeyState" }),
    lost: [{ keys: ["healthy"], call: "kms:DescribeKey", reason: "not-reported", facts: ["state", "deletion_date"] }],
    refused: [`${own} kms:DescribeKey not-reported kms:DescribeKey 1x`],
    says: /kms:DescribeKey not-reported \(1x\): the answer has no KeyMetadata.KeyState/,
  },
  {
    about: "the field that a whole call is about has gone missing",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:GetKeyPolicy", resource: keys.open, times: 1, how: "missing-field:Policy" }),
    lost: [{ keys: ["open"], call: "kms:GetKeyPolicy", reason: "not-reported" }],
    refused: [`${own} kms:GetKeyPolicy not-reported kms:GetKeyPolicy 1x`],
  },
  {
    about: "answers have a new field",
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: "kms:*", times: often, how: "extra-field" });
      control.fail({ call: "cloudtrail:*", times: often, how: "extra-field" });
    },
    lost: [],
    refused: [],
  },
  {
    about: "a key is deleted between two calls",
    breaks: ({ simulator: { control } }) => {
      for (const call of callsOfKey.slice(1)) control.latency({ call, ms: 500 });
    },
    during: async ({ simulator: { control } }) => {
      await expect.poll(() => control.calls().by_resource[keys.open]?.["kms:DescribeKey"]?.received).toBe(1);
      control.patch({ resource: keys.open, change: null });
    },
    lost: each({ keys: ["open"], reason: "not-found" }, callsOfKey.slice(1)),
    refused: callsOfKey.slice(1).map((call) => `${own} ${call} not-found ${call} 1x`),
  },
  {
    about: "the credentials of a role end before their time: others are had",
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "kms:GetKeyPolicy", resource: keys.other, times: 1, how: "expired-token" }),
    lost: [],
    refused: [],
  },
  {
    about: "the credentials of a role end before their time, and it may not be taken on again",
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: "kms:GetKeyPolicy", resource: keys.other, times: 1, how: "expired-token" });
      control.deny({ call: "sts:AssumeRole", resource: roleOf("other") });
    },
    lost: [{ keys: ["other"], call: "kms:GetKeyPolicy", reason: "access-denied", refused: "sts:AssumeRole" }],
    refused: [`${scopeOf("other")} sts:AssumeRole access-denied sts:AssumeRole 1x`],
  },
  {
    about: "the service's own credentials expire in the middle of a scan",
    breaks: ({ simulator: { control } }) => {
      for (const call of ["kms:GetKeyPolicy", "kms:ListGrants"]) {
        control.fail({ call, resource: keys.open, times: often, how: "expired-token" });
      }
    },
    lost: each({ keys: ["open"], reason: "access-denied", refused: "credentials" }, [
      "kms:GetKeyPolicy",
      "kms:ListGrants",
    ]),
    refused: [`${own} credentials access-denied - 2x`],
    says: new RegExp(
      `^${own}: the AWS credentials have expired: renew them .* \\(ExpiredTokenException: .*\\) \\(2x\\)$`,
      "m",
    ),
  },
  {
    about: "the machine's clock is behind AWS's: requests are signed again by AWS's",
    breaks: ({ simulator: { control } }) => control.fail({ call: "kms:*", times: 5, how: "skewed-clock" }),
    lost: [],
    refused: [],
  },
  {
    about: "the role of one of several accounts may not be taken on",
    restarts: true,
    breaks: ({ simulator: { control } }) => control.deny({ call: "sts:AssumeRole", resource: roleOf("other") }),
    lost: each({ keys: ["other"], reason: "access-denied", refused: "sts:AssumeRole" }, [
      ...callsOfKey,
      "cloudtrail:DescribeTrails",
    ]),
    refused: [`${scopeOf("other")} sts:AssumeRole access-denied sts:AssumeRole 5x`],
    says: /sts:AssumeRole access-denied \(5x\); it needs the permission sts:AssumeRole/,
  },
  {
    about: "STS is down for one of several accounts",
    restarts: true,
    breaks: ({ simulator: { control } }) =>
      control.fail({ call: "sts:AssumeRole", resource: roleOf("third"), times: often, how: "503" }),
    lost: each({ keys: ["third"], reason: "unavailable", refused: "sts:AssumeRole" }, [
      ...callsOfKey,
      "cloudtrail:DescribeTrails",
    ]),
    refused: [`${scopeOf("third")} sts:AssumeRole unavailable sts:AssumeRole 5x`],
  },
];
