import { keyHsmProtected } from "../../../checks/gcp/key-hsm-protected.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion } from "../../support/gcp-kms-key.ts";

const level = (protection_level: string) => gcpKmsKey({ primary: known(gcpVersion({ protection_level })) });
const software = known({ protection_level: "SOFTWARE", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" });

testCheck(keyHsmProtected, {
  pass: [
    { name: "hardware", resource: gcpKmsKey() },
    { name: "hardware of a single tenant", resource: level("HSM_SINGLE_TENANT") },
    {
      name: "hardware, and the next version is not",
      resource: gcpKmsKey({ template: software }),
      message: "the next version will be SOFTWARE",
    },
    { name: "no version yet, and the next one is in hardware", resource: gcpKmsKey({ primary: known(null) }) },
  ],
  fail: [
    {
      name: "software",
      resource: level("SOFTWARE"),
      message: "SOFTWARE: that works, and hardware is strongly recommended",
    },
    {
      name: "no version yet, and the next one is software",
      resource: gcpKmsKey({ primary: known(null), template: software }),
      message: "SOFTWARE",
    },
    { name: "a level that is not invented yet", resource: level("ENCLAVE"), message: "ENCLAVE" },
  ],
  "not-applicable": [
    { name: "external", resource: level("EXTERNAL") },
    { name: "external over a VPC", resource: level("EXTERNAL_VPC") },
    { name: "neither a version nor a template", resource: gcpKmsKey({ primary: known(null), template: known(null) }) },
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) },
  ],
  unknown: [{ name: "not reported", resource: gcpKmsKey({ primary: unreadable("not-reported", "") }) }],
});
