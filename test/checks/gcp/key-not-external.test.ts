import { keyNotExternal } from "../../../checks/gcp/key-not-external.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion } from "../../support/gcp-kms-key.ts";

const level = (protection_level: string) => gcpKmsKey({ primary: known(gcpVersion({ protection_level })) });

testCheck(keyNotExternal, {
  pass: [
    { name: "hardware", resource: gcpKmsKey() },
    { name: "software", resource: level("SOFTWARE") },
    { name: "no version yet", resource: gcpKmsKey({ primary: known(null) }) },
  ],
  fail: [
    { name: "external", resource: level("EXTERNAL"), message: "EXTERNAL" },
    { name: "external over a VPC", resource: level("EXTERNAL_VPC"), message: "EXTERNAL_VPC" },
    {
      name: "no version yet, and the next one is external",
      resource: gcpKmsKey({
        primary: known(null),
        template: known({ protection_level: "EXTERNAL", algorithm: "EXTERNAL_SYMMETRIC_ENCRYPTION" }),
      }),
      message: "EXTERNAL",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "neither a version nor a template", resource: gcpKmsKey({ primary: known(null), template: known(null) }) },
    { name: "not reported", resource: gcpKmsKey({ template: unreadable("not-reported", "") }) },
  ],
});
