import { registeredNameIsKey } from "../../../checks/gcp/registered-name-is-key.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testGcpKeyName, testGcpProjectNumber } from "../../support/gcp-kms-key.ts";

const byNumber = testGcpKeyName.replace("customer-keys", testGcpProjectNumber);
const parts = {
  project: "customer-keys",
  location: "us-central1",
  ring: "anthropic",
  ring_name: testGcpKeyName.replace(/\/cryptoKeys.*/, ""),
  key: "cmek",
};
const registered = (name: string) => known({ ...parts, name });
const denied = unreadable("access-denied", "");

testCheck(registeredNameIsKey, {
  pass: [
    { name: "the same name", resource: gcpKmsKey() },
    { name: "the same name, and nothing is known of the project", resource: gcpKmsKey({ project: denied }) },
    { name: "answered by the project's number", resource: gcpKmsKey({ read_name: known(byNumber) }) },
    { name: "registered by the project's number", resource: gcpKmsKey({ registered_key: registered(byNumber) }) },
  ],
  fail: [
    {
      name: "a version",
      resource: gcpKmsKey({ registered_key: registered(`${testGcpKeyName}/cryptoKeyVersions/1`) }),
      message: "is not the full name of a key",
    },
    {
      name: "another key",
      resource: gcpKmsKey({ read_name: known(testGcpKeyName.replace("cmek", "other")) }),
      message: "other",
    },
    {
      name: "the key of that name in another project",
      resource: gcpKmsKey({ read_name: known(testGcpKeyName.replace("customer-keys", "other-keys")) }),
      message: "other-keys",
    },
  ],
  "not-applicable": [{ name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "not reported", resource: gcpKmsKey({ read_name: unreadable("not-reported", "") }) },
    {
      name: "another name of perhaps the same project",
      resource: gcpKmsKey({ read_name: known(byNumber), project: denied }),
    },
  ],
});
