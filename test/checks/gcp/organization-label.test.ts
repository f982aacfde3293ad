import { organizationLabel } from "../../../checks/gcp/organization-label.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { testCheck } from "../../support/check-tester.ts";
import { gcpKmsKey, testAnthropicOrganization, testGcpRegistration } from "../../support/gcp-kms-key.ts";

const label = `anthropic-org-${testAnthropicOrganization}`;
const another = "11111111-2222-4333-8444-555555555555";
const labelled = (labels: Record<string, string>) => gcpKmsKey({ labels: known(labels) });
const registered = (organizations: readonly string[]) => known({ ...testGcpRegistration, organizations });

testCheck(organizationLabel, {
  pass: [
    { name: "labelled", resource: gcpKmsKey() },
    { name: "labelled among others", resource: labelled({ [label]: "true", team: "payments" }) },
    {
      name: "labelled with each of several",
      resource: gcpKmsKey({
        labels: known({ [label]: "true", [`anthropic-org-${another}`]: "true" }),
        registration: registered([testAnthropicOrganization, another]),
      }),
    },
  ],
  fail: [
    { name: "not labelled", resource: labelled({}), message: `the label ${label} = true is missing` },
    { name: "another value", resource: labelled({ [label]: "yes" }), message: 'its value is "yes"' },
    { name: "a value in capitals", resource: labelled({ [label]: "TRUE" }), message: 'its value is "TRUE"' },
    {
      name: "a stranger's label beside it",
      resource: labelled({ [label]: "true", [`anthropic-org-${another}`]: "true" }),
      message: `anthropic-org-${another} is for none of the customer's organizations`,
    },
    {
      name: "a stranger's label that is off",
      resource: labelled({ [label]: "true", [`anthropic-org-${another}`]: "false" }),
      message: another,
    },
    {
      name: "one of two",
      resource: gcpKmsKey({ registration: registered([testAnthropicOrganization, another]) }),
      message: `the label anthropic-org-${another} = true is missing`,
    },
    {
      name: "a placeholder",
      resource: labelled({ [label]: "true", "anthropic-org-your-org-uuid": "true" }),
      message: "anthropic-org-your-org-uuid",
    },
  ],
  "not-applicable": [
    { name: "before it was asked for", resource: labelled({ nothing: "here" }), guidance: "2026-07" },
    { name: "no organization is configured", resource: gcpKmsKey({ registration: registered([]) }) },
    { name: "no such key", resource: gcpKmsKey({ existence: known("absent") }) },
  ],
  unknown: [{ name: "not reported", resource: gcpKmsKey({ labels: unreadable("not-reported", "") }) }],
});
