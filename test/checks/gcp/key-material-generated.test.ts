import { keyMaterialGenerated } from "../../../checks/gcp/key-material-generated.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, gcpVersion } from "../../support/gcp-kms-key.ts";

const second = (imported: boolean) => known([gcpVersion(), gcpVersion({ number: 2, imported })]);

testCheck(keyMaterialGenerated, {
  pass: [
    { name: "generated", resource: gcpKmsKey() },
    { name: "all generated", resource: gcpKmsKey({ versions: second(false) }) },
    {
      name: "generated, and imports from now on",
      resource: gcpKmsKey({ import_only: known(true) }),
      message: "only imported ones",
    },
  ],
  fail: [
    { name: "one imported", resource: gcpKmsKey({ versions: second(true) }), message: "version 2 of the key" },
    {
      name: "all imported",
      resource: gcpKmsKey({
        versions: known([gcpVersion({ imported: true }), gcpVersion({ number: 2, imported: true })]),
      }),
      message: "versions 1, 2",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "the versions may not be listed", resource: gcpKmsKey({ versions: unreadable("access-denied", "") }) },
  ],
});
