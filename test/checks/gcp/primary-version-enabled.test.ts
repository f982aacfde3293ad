import { primaryVersionEnabled } from "../../../checks/gcp/primary-version-enabled.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion } from "../../support/gcp-kms-key.ts";

const at = Date.UTC(2026, 11, 24);
const inState = (state: string, destroyed: number | null = null) =>
  gcpKmsKey({ primary: known(gcpVersion({ number: 4, state, destroyed })) });

testCheck(primaryVersionEnabled, {
  pass: [{ name: "enabled", resource: gcpKmsKey() }],
  fail: [
    { name: "disabled", resource: inState("DISABLED"), message: "the primary version 4 is in state DISABLED" },
    {
      name: "to be destroyed",
      resource: inState("DESTROY_SCHEDULED", at),
      message: "DESTROY_SCHEDULED, for 2026-12-24T00:00:00Z",
    },
    { name: "destroyed", resource: inState("DESTROYED", at), message: "DESTROYED, since 2026-12-24T00:00:00Z" },
    { name: "being generated", resource: inState("PENDING_GENERATION"), message: "PENDING_GENERATION" },
    { name: "to be imported", resource: inState("PENDING_IMPORT"), message: "PENDING_IMPORT" },
    { name: "not imported", resource: inState("IMPORT_FAILED"), message: "IMPORT_FAILED" },
    { name: "not generated", resource: inState("GENERATION_FAILED"), message: "GENERATION_FAILED" },
    { name: "a state that is not invented yet", resource: inState("HIBERNATING"), message: "HIBERNATING" },
    { name: "none", resource: gcpKmsKey({ primary: known(null) }), message: "no primary version" },
  ],
  "not-applicable": [
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent"), primary: unreadable("not-found", "") }) },
    { name: "a key that signs", resource: gcpKmsKey({ purpose: known("ASYMMETRIC_SIGN"), primary: known(null) }) },
  ],
  unknown: [
    { name: "not reported", resource: gcpKmsKey({ primary: unreadable("not-reported", "") }) },
    { name: "purpose not reported", resource: gcpKmsKey({ purpose: unreadable("not-reported", "") }) },
  ],
});
