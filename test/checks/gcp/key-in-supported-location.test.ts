import { keyInSupportedLocation } from "../../../checks/gcp/key-in-supported-location.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testGcpKeyName } from "../../support/gcp-kms-key.ts";

const inLocation = (location: string) =>
  gcpKmsKey({
    registered_key: known({
      name: testGcpKeyName.replace("us-central1", location),
      project: "customer-keys",
      location,
      ring: "anthropic",
      ring_name: testGcpKeyName.replace(/\/cryptoKeys.*/, "").replace("us-central1", location),
      key: "cmek",
    }),
  });

testCheck(keyInSupportedLocation, {
  pass: [
    { name: "recommended", resource: gcpKmsKey() },
    { name: "supported", resource: inLocation("us-west4"), message: "recommended is us-central1 or us-east5" },
    { name: "a region of the south", resource: inLocation("us-south1") },
  ],
  fail: [
    {
      name: "the United States at large",
      resource: inLocation("us"),
      message: "the location us is not a single region",
    },
    { name: "a dual region", resource: inLocation("nam6"), message: "not a single region" },
    { name: "everywhere", resource: inLocation("global"), message: "not a single region" },
    { name: "elsewhere", resource: inLocation("europe-west4"), message: "outside the supported geography" },
    { name: "elsewhere in America", resource: inLocation("northamerica-northeast1"), message: "outside" },
    { name: "a region that nobody knows yet", resource: inLocation("us-north1"), message: "not known to this version" },
    { name: "a zone", resource: inLocation("us-central1-a"), message: "not known to this version" },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [{ name: "existence unknown", resource: gcpKmsKey({ existence: unreadable("timeout", "") }) }],
});
