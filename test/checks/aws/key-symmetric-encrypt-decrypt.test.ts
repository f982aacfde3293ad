import { keySymmetricEncryptDecrypt } from "../../../checks/aws/key-symmetric-encrypt-decrypt.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { awsKmsKey } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(keySymmetricEncryptDecrypt, {
  pass: [{ name: "as documented", resource: awsKmsKey() }],
  fail: [
    {
      name: "an asymmetric key for encryption",
      resource: awsKmsKey({ spec: known("RSA_4096") }),
      message: "spec RSA_4096 instead of SYMMETRIC_DEFAULT",
    },
    {
      name: "a signing key",
      resource: awsKmsKey({ spec: known("ECC_NIST_P256"), usage: known("SIGN_VERIFY") }),
      message: "spec ECC_NIST_P256 instead of SYMMETRIC_DEFAULT and usage SIGN_VERIFY instead of ENCRYPT_DECRYPT",
    },
    {
      name: "a key for message authentication",
      resource: awsKmsKey({ spec: known("HMAC_256"), usage: known("GENERATE_VERIFY_MAC") }),
    },
    {
      name: "the right spec with a usage not yet invented",
      resource: awsKmsKey({ usage: known("SOMETHING_NEW") }),
      message: "usage SOMETHING_NEW",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "spec not reported", resource: awsKmsKey({ spec: unreadable("not-reported", "") }) },
    { name: "usage not reported", resource: awsKmsKey({ usage: unreadable("not-reported", "") }) },
  ],
});
