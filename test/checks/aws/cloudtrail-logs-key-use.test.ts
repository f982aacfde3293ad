import { cloudtrailLogsKeyUse } from "../../../checks/aws/cloudtrail-logs-key-use.ts";
import type {
  AwsAdvancedSelector,
  AwsClassicSelector,
  AwsEventSelectors,
  AwsTrail,
  AwsTrailStatus,
} from "../../../src/model/aws.ts";
import type { Fact } from "../../../src/model/fact.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey, testTrail } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

const denied = unreadable("access-denied", "", { call: "cloudtrail:GetEventSelectors" });
const all = { management_events: true, read_write: "All", excluded_sources: [] } as const;

interface TrailCase {
  readonly trail?: Partial<AwsTrail>;
  readonly status?: Fact<AwsTrailStatus>;
  readonly selectors?: Fact<AwsEventSelectors>;
}

/** A key in an account and region with these trails. */
function withTrails(...cases: readonly TrailCase[]) {
  const facts: Record<string, Fact<unknown>> = {};
  const list = cases.map(({ trail, status, selectors }, index) => {
    const one = { ...testTrail, arn: `${testTrail.arn}-${index}`, ...trail };
    facts[`trail_status:${one.arn}`] = status ?? known({ logging: true, delivery_error: null });
    facts[`trail_selectors:${one.arn}`] = selectors ?? known({ classic: [all], advanced: [] });
    return one;
  });
  return awsKmsKey({ trail_list: known(list), ...facts });
}

const classic = (selector: Partial<AwsClassicSelector>) =>
  known<AwsEventSelectors>({ classic: [{ ...all, ...selector }], advanced: null });

const operators: Readonly<Record<string, string>> = {
  "=": "equals",
  "!=": "not_equals",
  "^=": "starts_with",
  "!^=": "not_starts_with",
  "$=": "ends_with",
  "!$=": "not_ends_with",
};

/** An advanced selector from fields like `readOnly=true`, `eventName=Decrypt|Encrypt` or `eventSource!^=kms.`. */
function advanced(...selectors: readonly (readonly string[])[]): Fact<AwsEventSelectors> {
  const none = { equals: [], not_equals: [], starts_with: [], not_starts_with: [], ends_with: [], not_ends_with: [] };
  return known({
    classic: null,
    advanced: selectors.map(
      (fields): AwsAdvancedSelector => ({
        name: null,
        fields: fields.map((text) => {
          const [, field = "", operator = "", values = ""] = /^([\w.]+)(!?[$^]?=)(.*)$/.exec(text) ?? [];
          return { field, ...none, [operators[operator] ?? operator]: values.split("|") };
        }),
      }),
    ),
  });
}

const management = "eventCategory=Management";

testCheck(cloudtrailLogsKeyUse, {
  pass: [
    { name: "one trail takes everything", resource: withTrails({}) },
    { name: "a trail of this region alone", resource: withTrails({ trail: { multi_region: false } }) },
    { name: "a multi-Region trail of another region", resource: withTrails({ trail: { home_region: "us-east-1" } }) },
    {
      name: "reads by one trail, writes by another",
      resource: withTrails(
        { selectors: classic({ read_write: "ReadOnly" }) },
        { selectors: classic({ read_write: "WriteOnly" }) },
      ),
    },
    {
      name: "another excluded source",
      resource: withTrails({ selectors: classic({ excluded_sources: ["rdsdata.amazonaws.com"] }) }),
    },
    {
      name: "no selectors of either kind: the default",
      resource: withTrails({ selectors: known({ classic: [], advanced: [] }) }),
    },
    { name: "advanced, all management events", resource: withTrails({ selectors: advanced([management]) }) },
    {
      name: "advanced, another source left out",
      resource: withTrails({ selectors: advanced([management, "eventSource!=rdsdata.amazonaws.com"]) }),
    },
    {
      name: "advanced, reads and writes in selectors of their own",
      resource: withTrails({ selectors: advanced([management, "readOnly=true"], [management, "readOnly=false"]) }),
    },
    {
      name: "advanced, this source alone",
      resource: withTrails({ selectors: advanced([management, "eventSource=kms.amazonaws.com"]) }),
    },
    ...["eventSource^=kms.", "eventSource$=.amazonaws.com", "eventSource!^=rds.", "eventSource!$=.cn"].map((field) => ({
      name: `advanced, ${field}`,
      resource: withTrails({ selectors: advanced([management, field]) }),
    })),
    {
      name: "advanced, both events by name",
      resource: withTrails({ selectors: advanced([management, "eventName=Decrypt|PutKeyPolicy"]) }),
    },
    { name: "another trail's selectors denied", resource: withTrails({ selectors: denied }, {}) },
    {
      name: "another trail stopped",
      resource: withTrails({ status: known({ logging: false, delivery_error: null }) }, {}),
    },
  ],
  fail: [
    { name: "no trail at all", resource: withTrails(), message: "Event history alone keeps 90 days" },
    {
      name: "stopped",
      resource: withTrails({ status: known({ logging: false, delivery_error: null }) }),
      message: "is stopped",
    },
    {
      name: "cannot deliver",
      resource: withTrails({ status: known({ logging: true, delivery_error: "AccessDenied" }) }),
      message: "cannot deliver (AccessDenied)",
    },
    {
      name: "another region's own trail",
      resource: withTrails({ trail: { home_region: "us-east-1", multi_region: false } }),
      message: "does not cover the key's region",
    },
    {
      name: "no management events",
      resource: withTrails({ selectors: classic({ management_events: false }) }),
      message: "leaves these events out",
    },
    { name: "KMS excluded", resource: withTrails({ selectors: classic({ excluded_sources: ["kms.amazonaws.com"] }) }) },
    {
      name: "reads only",
      resource: withTrails({ selectors: classic({ read_write: "ReadOnly" }) }),
      message: "no trail records PutKeyPolicy",
    },
    {
      name: "writes only",
      resource: withTrails({ selectors: classic({ read_write: "WriteOnly" }) }),
      message: "no trail records Decrypt",
    },
    {
      name: "no classic selectors, the advanced ones not in the answer",
      resource: withTrails({ selectors: known({ classic: [], advanced: null }) }),
    },
    {
      name: "neither list in the answer",
      resource: withTrails({ selectors: known({ classic: null, advanced: null }) }),
    },
    {
      name: "advanced, data events",
      resource: withTrails({ selectors: advanced(["eventCategory=Data", "resources.type=AWS::S3::Object"]) }),
    },
    {
      name: "advanced, KMS left out",
      resource: withTrails({ selectors: advanced([management, "eventSource!=kms.amazonaws.com"]) }),
    },
    {
      name: "advanced, another source alone",
      resource: withTrails({ selectors: advanced([management, "eventSource=ec2.amazonaws.com"]) }),
    },
    ...["eventSource^=rds.", "eventSource$=.cn", "eventSource!^=kms.", "eventSource!$=.amazonaws.com"].map((field) => ({
      name: `advanced, ${field}`,
      resource: withTrails({ selectors: advanced([management, field]) }),
    })),
    {
      name: "advanced, of no category",
      resource: withTrails({ selectors: advanced(["eventSource=kms.amazonaws.com"]) }),
    },
    { name: "advanced, writes only", resource: withTrails({ selectors: advanced([management, "readOnly=false"]) }) },
    {
      name: "advanced, of some callers only",
      resource: withTrails({ selectors: advanced([management, "userIdentityArn^=arn:aws:iam::1"]) }),
    },
    {
      name: "reads perhaps, and no writes",
      resource: withTrails({ selectors: classic({ read_write: "ReadOnly" }), status: denied }),
      message: /^no trail records PutKeyPolicy on/,
    },
    {
      name: "one does not take it, the other is stopped and unreadable",
      resource: withTrails(
        { selectors: classic({ management_events: false }) },
        { status: known({ logging: false, delivery_error: null }), selectors: denied },
      ),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "trails denied", resource: awsKmsKey({ trail_list: unreadable("access-denied", "") }) },
    { name: "selectors of the only trail denied", resource: withTrails({ selectors: denied }) },
    { name: "status of the only trail denied", resource: withTrails({ status: denied }) },
    {
      name: "an organization's trail of another account",
      resource: withTrails({ trail: { organization: true }, selectors: unreadable("not-found", "") }),
    },
    {
      name: "one takes reads only, the other is unreadable",
      resource: withTrails({ selectors: classic({ read_write: "ReadOnly" }) }, { selectors: denied }),
    },
    {
      name: "reads perhaps by one, writes perhaps by another",
      resource: withTrails(
        { selectors: classic({ read_write: "ReadOnly" }), status: denied },
        { selectors: classic({ read_write: "WriteOnly" }), status: denied },
      ),
      message: "what could record Decrypt and PutKeyPolicy cannot be read",
    },
  ],
});
