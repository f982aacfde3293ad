/** What proves the commands must itself refuse what gcloud refuses. */
import { expect, it } from "vitest";
import { shellWord } from "../../src/access/shell-word.ts";
import { testSimulator } from "../simulator/aws-clients.ts";
import { addSamples } from "../simulator/gcp-clients.ts";
import { gcloudClients, runGcloud } from "../support/gcloud/run-gcloud.ts";
import { shellWords } from "../support/gcloud/shell-words.ts";

const key = "anthropic --keyring cmek --location us-east5 --project example-project";
const owner = "--member user:owner@example.com --role roles/owner";

async function clients() {
  const simulator = await testSimulator();
  addSamples(simulator);
  return gcloudClients(simulator);
}

it.each([
  ["another program", /no command of gcloud/, `aws kms keys update ${key} --update-labels a=b`],
  ["an unknown command", /no such command/, `gcloud kms keys destroy ${key}`],
  ["an unknown group", /no such command/, "gcloud folders remove-iam-policy-binding 444444444444 --all"],
  ["an unknown flag", /no flag --labels/, `gcloud kms keys update ${key} --labels a=b`],
  [
    "a flag of another command",
    /no flag --keyring/,
    `gcloud projects remove-iam-policy-binding example-project ${owner} --all --keyring cmek`,
  ],
  ["a flag twice", /given twice/, `gcloud kms keys update ${key} --update-labels a=b --update-labels c=d`],
  ["a flag without its value", /--update-labels needs a value/, `gcloud kms keys update ${key} --update-labels`],
  [
    "a flag in the place of a value",
    /--keyring needs a value/,
    "gcloud kms keys update k --keyring -r --location l --project p --update-labels a=b",
  ],
  [
    "a value where none is taken",
    /--all takes no value/,
    `gcloud projects remove-iam-policy-binding example-project ${owner} --all=yes`,
  ],
  ["no project", /needs --project/, "gcloud services enable cloudkms.googleapis.com"],
  [
    "no key ring",
    /needs --keyring/,
    "gcloud kms keys update anthropic --location us-east5 --project p --update-labels a=b",
  ],
  ["no target", /takes one PROJECT_ID/, `gcloud projects remove-iam-policy-binding ${owner} --all`],
  ["two targets", /takes one PROJECT_ID/, `gcloud projects undelete example-project other-project`],
  ["nothing to update", /needs one of/, `gcloud kms keys update ${key}`],
  ["no word on conditions", /needs --all/, `gcloud projects remove-iam-policy-binding example-project ${owner}`],
  ["no word on a condition", /needs --condition/, `gcloud kms keys add-iam-policy-binding ${key} ${owner}`],
  ["a binding that is not there", /not found/, `gcloud kms keys remove-iam-policy-binding ${key} ${owner} --all`],
  ["a label that Google does not take", /no label/, `gcloud kms keys update ${key} --update-labels Team=Payments`],
  [
    "an access reason in Google's own spelling",
    /no access reason/,
    `gcloud kms keys update ${key} --allowed-access-reasons CUSTOMER_INITIATED_ACCESS`,
  ],
  ["a project that is not leaving", /FAILED_PRECONDITION/, "gcloud projects undelete example-project"],
  ["a second command", /no plain word/, "gcloud projects undelete a; gcloud projects undelete b"],
  ["what a shell would fill in", /no plain word/, "gcloud projects undelete $PROJECT"],
])("%s is refused", async (_, message, line) => {
  const made = await clients();
  await expect(runGcloud(line, made)).rejects.toThrow(message);
});

it.each([
  "plain",
  "user:o'brien@example.com",
  "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
  "with \"both\" 'kinds' of quotes",
  "$HOME `id` \\ ; & | < > # ~ ! ? [x] {y}",
  "two\nlines",
])("a shell gets %j as it is", (text) => {
  expect(shellWords(`gcloud ${shellWord(text)} end`)).toEqual(["gcloud", text, "end"]);
});
