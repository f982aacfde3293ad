import { organizationTag } from "../../../checks/azure/organization-tag.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureRegistration, azureVaultKey, testAzureVersion } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { testAnthropicOrganization } from "../../support/gcp-kms-key.ts";

const tag = `anthropic-org-${testAnthropicOrganization}`;
const another = "11111111-2222-4333-8444-555555555555";
const tagged = (tags: Record<string, string>) => azureVaultKey({ tags: known(tags) });
const registered = (organizations: readonly string[]) => known(azureRegistration({ organizations }));

testCheck(organizationTag, {
  pass: [
    { name: "tagged", resource: azureVaultKey(), message: `the current version (${testAzureVersion}) is tagged` },
    { name: "tagged among others", resource: tagged({ Team: "payments", [tag]: "true" }) },
    {
      name: "tagged with each of several",
      resource: azureVaultKey({
        tags: known({ [tag]: "true", [`anthropic-org-${another}`]: "true" }),
        registration: registered([testAnthropicOrganization, another]),
      }),
    },
    {
      name: "an organization in capitals is the same one",
      resource: azureVaultKey({ registration: registered([testAnthropicOrganization.toUpperCase()]) }),
    },
    { name: "in a managed HSM", resource: azureHsmKey() },
    {
      name: "which version is current is not known",
      resource: azureVaultKey({ current_version: unreadable("not-reported", "") }),
      message: "the current version is tagged",
    },
  ],
  fail: [
    {
      name: "the version after a rotation is not tagged",
      resource: azureVaultKey({ tags: known({}), current_version: known("fedcba9876543210fedcba9876543210") }),
      message: `on the current version (fedcba9876543210fedcba9876543210): the tag ${tag} = true is missing`,
    },
    { name: "another value", resource: tagged({ [tag]: "yes" }), message: 'its value is "yes"' },
    { name: "a value in capitals", resource: tagged({ [tag]: "True" }), message: 'its value is "True"' },
    {
      name: "a name in capitals",
      resource: tagged({ [tag.toUpperCase()]: "true" }),
      message: `the tag ${tag} = true is missing: it is written ${tag.toUpperCase()}`,
    },
    {
      name: "a stranger's tag beside it",
      resource: tagged({ [tag]: "true", [`anthropic-org-${another}`]: "true" }),
      message: `anthropic-org-${another} is for none of the customer's organizations`,
    },
    {
      name: "a stranger's tag in capitals",
      resource: tagged({ [tag]: "true", [`Anthropic-Org-${another}`]: "true" }),
      message: `Anthropic-Org-${another} is for none`,
    },
    {
      name: "a stranger's tag that is off",
      resource: tagged({ [tag]: "true", [`anthropic-org-${another}`]: "false" }),
      message: another,
    },
    {
      name: "one of two",
      resource: azureVaultKey({ registration: registered([testAnthropicOrganization, another]) }),
      message: `the tag anthropic-org-${another} = true is missing`,
    },
    {
      name: "a placeholder",
      resource: tagged({ [tag]: "true", "anthropic-org-your-org-uuid": "true" }),
      message: "anthropic-org-your-org-uuid",
    },
    { name: "not in a managed HSM", resource: azureHsmKey({ tags: known({}) }), message: "missing" },
  ],
  "not-applicable": [
    { name: "before it was asked for", resource: tagged({ nothing: "here" }), guidance: "2026-07" },
    { name: "at first", resource: tagged({ nothing: "there" }), guidance: "2026-06" },
    { name: "no organization is configured", resource: azureVaultKey({ registration: registered([]) }) },
    { name: "no such key", resource: azureVaultKey({ existence: known("absent") }) },
  ],
  unknown: [
    { name: "not reported", resource: azureVaultKey({ tags: unreadable("not-reported", "") }) },
    { name: "registration not read", resource: azureVaultKey({ registration: unreadable("stale", "") }) },
  ],
});
