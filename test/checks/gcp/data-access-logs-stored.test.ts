import { dataAccessLogsStored } from "../../../checks/gcp/data-access-logs-stored.ts";
import { anthropicGcpAccount } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpLogSink } from "../../../src/model/gcp.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testDefaultSink, testGcpProjectNumber } from "../../support/gcp-kms-key.ts";

const denied = unreadable("access-denied", "");
const sinks = (...changes: readonly Partial<GcpLogSink>[]) =>
  known(changes.map((change) => ({ ...testDefaultSink, exclusions: [], ...change })));
const drop = (filter: string, disabled = false) => [{ name: "drop", filter, disabled }];
const dataAccess = 'LOG_ID("cloudaudit.googleapis.com/data_access")';
const archive = { name: "archive", destination: "storage.googleapis.com/acme-logs", filter: dataAccess };

testCheck(dataAccessLogsStored, {
  pass: [
    { name: "the sink that every project has", resource: gcpKmsKey(), message: "_Default" },
    {
      name: "another sink",
      resource: gcpKmsKey({ log_sinks: sinks({ disabled: true }, archive) }),
      message: "archive",
    },
    {
      name: "another sink, beside an older exclusion of the project, which concerns _Default alone",
      resource: gcpKmsKey({ log_sinks: sinks({}, archive), log_exclusions: known(drop(dataAccess)) }),
      message: "archive",
    },
    { name: "a sink of everything", resource: gcpKmsKey({ log_sinks: sinks({ ...archive, filter: "" }) }) },
    {
      name: "an exclusion of other logs",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop('resource.type="k8s_container"') }) }),
    },
    {
      name: "an exclusion that is off",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop(dataAccess, true) }) }),
    },
    {
      name: "an exclusion of other services",
      resource: gcpKmsKey({
        log_sinks: sinks({ exclusions: drop(`${dataAccess} AND protoPayload.serviceName="bigquery.googleapis.com"`) }),
      }),
    },
    {
      name: "each method in a sink of its own",
      resource: gcpKmsKey({
        log_sinks: sinks(
          { exclusions: drop('protoPayload.methodName="Decrypt"') },
          { ...archive, filter: 'protoPayload.methodName="Decrypt"' },
        ),
      }),
      message: "_Default, archive",
    },
    {
      name: "an exclusion of somebody else's use",
      resource: gcpKmsKey({
        log_sinks: sinks({ exclusions: drop('protoPayload.authenticationInfo.principalEmail="ann@acme.example"') }),
      }),
    },
  ],
  fail: [
    {
      name: "an exclusion of a method",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop('protoPayload.methodName="Decrypt"') }) }),
      message: "for Decrypt: _Default does not take them",
    },
    {
      name: "an exclusion of the account",
      resource: gcpKmsKey({
        log_sinks: sinks({
          exclusions: drop(`protoPayload.authenticationInfo.principalEmail="${anthropicGcpAccount}"`),
        }),
      }),
    },
    { name: "none", resource: gcpKmsKey({ log_sinks: known([]) }), message: "no sink" },
    {
      name: "switched off",
      resource: gcpKmsKey({ log_sinks: sinks({ disabled: true }) }),
      message: "_Default is disabled",
    },
    {
      name: "an exclusion of data access logs",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop(dataAccess) }) }),
      message: "_Default does not take them",
    },
    {
      name: "an exclusion of Cloud KMS",
      resource: gcpKmsKey({
        log_sinks: sinks({ exclusions: drop('protoPayload.serviceName="cloudkms.googleapis.com"') }),
      }),
    },
    {
      name: "an exclusion by the log's name",
      resource: gcpKmsKey({
        log_sinks: sinks({
          exclusions: drop('logName="projects/customer-keys/logs/cloudaudit.googleapis.com%2Fdata_access"'),
        }),
      }),
    },
    {
      name: "an exclusion by the log's name, with the project's number",
      resource: gcpKmsKey({
        log_sinks: sinks({
          exclusions: drop(`logName="projects/${testGcpProjectNumber}/logs/cloudaudit.googleapis.com%2Fdata_access"`),
        }),
      }),
    },
    {
      name: "an exclusion of all that have a service's name",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop("protoPayload.serviceName:*") }) }),
    },
    { name: "an older exclusion of the project", resource: gcpKmsKey({ log_exclusions: known(drop(dataAccess)) }) },
    {
      name: "a sink of other logs alone",
      resource: gcpKmsKey({
        log_sinks: sinks({ disabled: true }, { ...archive, filter: 'LOG_ID("cloudaudit.googleapis.com/activity")' }),
      }),
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    {
      name: "an exclusion of a part",
      resource: gcpKmsKey({ log_sinks: sinks({ exclusions: drop(`${dataAccess} AND sample(insertId, 0.9)`) }) }),
      message: "the filters of _Default",
    },
    {
      name: "one sink loses a method, of another nobody knows",
      resource: gcpKmsKey({
        log_sinks: sinks(
          { exclusions: drop('protoPayload.methodName="Decrypt"') },
          { ...archive, filter: "sample(insertId, 0.9)" },
        ),
      }),
      message: "the filters of archive",
    },
    { name: "sinks may not be listed", resource: gcpKmsKey({ log_sinks: denied }) },
    { name: "exclusions may not be listed", resource: gcpKmsKey({ log_exclusions: denied }) },
  ],
});
