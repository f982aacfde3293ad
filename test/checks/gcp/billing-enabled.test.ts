import { billingEnabled } from "../../../checks/gcp/billing-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey } from "../../support/gcp-kms-key.ts";

testCheck(billingEnabled, {
  pass: [{ name: "linked and open", resource: gcpKmsKey() }],
  fail: [
    {
      name: "none linked",
      resource: gcpKmsKey({ billing: known({ enabled: false, account: null }) }),
      message: "no billing account",
    },
    {
      name: "linked and closed",
      resource: gcpKmsKey({ billing: known({ enabled: false, account: "billingAccounts/A" }) }),
      message: "billingAccounts/A is closed",
    },
  ],
  "not-applicable": "cannot-happen",
  unknown: [{ name: "may not be read", resource: gcpKmsKey({ billing: unreadable("access-denied", "") }) }],
});
