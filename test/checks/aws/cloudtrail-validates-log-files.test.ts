import { cloudtrailValidatesLogFiles } from "../../../checks/aws/cloudtrail-validates-log-files.ts";
import type { AwsClassicSelector, AwsTrail } from "../../../src/model/aws.ts";
import type { Fact } from "../../../src/model/fact.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testTrail } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

interface TrailCase {
  readonly validates?: boolean;
  readonly trail?: Partial<AwsTrail>;
  readonly logging?: boolean;
  readonly takes?: AwsClassicSelector["read_write"] | "unreadable" | "without-kms";
}

/** A key in an account and region with these trails. */
function withTrails(...cases: readonly TrailCase[]) {
  const facts: Record<string, Fact<unknown>> = {};
  const list = cases.map(({ validates = true, trail, logging = true, takes = "All" }, index) => {
    const one = { ...testTrail, arn: `${testTrail.arn}-${index}`, validates_log_files: validates, ...trail };
    const without = takes === "without-kms";
    const selector = {
      management_events: true,
      read_write: without ? "All" : takes,
      excluded_sources: without ? ["kms.amazonaws.com"] : [],
    };
    facts[`trail_status:${one.arn}`] = known({ logging, delivery_error: null });
    facts[`trail_selectors:${one.arn}`] =
      takes === "unreadable" ? unreadable("access-denied", "") : known({ classic: [selector], advanced: [] });
    return one;
  });
  return awsKmsKey({ trail_list: known(list), ...facts });
}

testCheck(cloudtrailValidatesLogFiles, {
  pass: [
    { name: "the only trail does", resource: withTrails({}), message: `${testTrail.arn}-0` },
    { name: "one of two does", resource: withTrails({ validates: false }, {}) },
    {
      name: "one does that records reads, another that records writes does not",
      resource: withTrails({ takes: "ReadOnly" }, { takes: "WriteOnly", validates: false }),
    },
    { name: "one does, another cannot be read", resource: withTrails({}, { takes: "unreadable" }) },
  ],
  fail: [
    {
      name: "the only trail does not",
      resource: withTrails({ validates: false }),
      message: "no log file of it is validated",
      severity: "low",
    },
    {
      name: "one does that is stopped",
      resource: withTrails({ validates: false }, { logging: false }),
      message: /: [^,]+-0$/,
    },
    {
      name: "one does that leaves AWS KMS out",
      resource: withTrails({ validates: false }, { takes: "without-kms" }),
    },
    {
      name: "one does that is of another region",
      resource: withTrails({ validates: false }, { trail: { home_region: "us-east-1", multi_region: false } }),
    },
    {
      name: "one does that records writes only",
      resource: withTrails({ validates: false }, { takes: "WriteOnly" }),
    },
    {
      name: "one does not, and nor does one that cannot be read",
      resource: withTrails({ validates: false }, { validates: false, takes: "unreadable" }),
    },
  ],
  "not-applicable": [
    { name: "no trail", resource: withTrails(), message: "see aws/cloudtrail-logs-key-use" },
    { name: "a trail that records nothing of it", resource: withTrails({ takes: "without-kms", validates: false }) },
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "trails denied", resource: awsKmsKey({ trail_list: unreadable("access-denied", "") }) },
    {
      name: "one does not, and one does that cannot be read",
      resource: withTrails({ validates: false }, { takes: "unreadable" }),
      message: "-1 records the key's use cannot be read",
    },
    { name: "the only one cannot be read", resource: withTrails({ takes: "unreadable" }) },
    { name: "the same, without validation", resource: withTrails({ takes: "unreadable", validates: false }) },
  ],
});
