import { keySymmetricEncryptDecrypt } from "../../../checks/gcp/key-symmetric-encrypt-decrypt.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion } from "../../support/gcp-kms-key.ts";

const template = (algorithm: string) => known({ protection_level: "SOFTWARE", algorithm });

testCheck(keySymmetricEncryptDecrypt, {
  pass: [
    { name: "symmetric", resource: gcpKmsKey() },
    {
      name: "no version yet, and the next one will be symmetric",
      resource: gcpKmsKey({ primary: known(null), template: template("GOOGLE_SYMMETRIC_ENCRYPTION") }),
    },
    {
      name: "external: that is for another check",
      resource: gcpKmsKey({ primary: known(gcpVersion({ algorithm: "EXTERNAL_SYMMETRIC_ENCRYPTION" })) }),
    },
  ],
  fail: [
    {
      name: "a key that signs",
      resource: gcpKmsKey({
        purpose: known("ASYMMETRIC_SIGN"),
        primary: known(null),
        template: template("EC_SIGN_P256_SHA256"),
      }),
      message: "ASYMMETRIC_SIGN",
    },
    {
      name: "raw encryption",
      resource: gcpKmsKey({ purpose: known("RAW_ENCRYPT_DECRYPT") }),
      message: "RAW_ENCRYPT_DECRYPT",
    },
    {
      name: "another algorithm",
      resource: gcpKmsKey({ primary: known(gcpVersion({ algorithm: "AES_256_GCM" })) }),
      message: "AES_256_GCM",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "neither a version nor a template", resource: gcpKmsKey({ primary: known(null), template: known(null) }) },
    { name: "purpose not reported", resource: gcpKmsKey({ purpose: unreadable("not-reported", "") }) },
  ],
});
