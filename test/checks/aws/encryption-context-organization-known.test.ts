import { encryptionContextOrganizationKnown } from "../../../checks/aws/encryption-context-organization-known.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny } from "../../support/ask-policy.ts";
import { awsKmsKey, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { boundBy, documented, keyWith, organizationIs, strangeOrganization } from "../../support/key-policies.ts";

const and = (...statements: Readonly<Record<string, unknown>>[]) => keyWith([...documented["2026-09"], ...statements]);

testCheck(encryptionContextOrganizationKnown, {
  pass: [
    { name: "the own organization", resource: keyWith(documented["2026-09"]) },
    { name: "no organization at all", resource: keyWith(documented["2026-06"]) },
    { name: "under an older revision", resource: keyWith(documented["2026-09"]), guidance: "2026-06" },
    {
      name: "two own ones",
      resource: boundBy(organizationIs([testOrganization, strangeOrganization]), {
        organizations: [testOrganization, strangeOrganization],
      }),
    },
    {
      name: "the own one in upper case, which is a mistake of another kind",
      resource: boundBy(organizationIs(testOrganization.toUpperCase())),
    },
    {
      name: "a placeholder, which is another matter",
      resource: boundBy(organizationIs([testOrganization, "<org-uuid>"])),
    },
    {
      name: "a Deny for another organization",
      resource: and(deny({ Condition: organizationIs(strangeOrganization) })),
    },
    {
      name: "an Allow for all but another organization",
      resource: and(allow({ Condition: organizationIs(strangeOrganization, "StringNotEquals") })),
    },
    {
      name: "another organization's compartment of that number",
      resource: boundBy({ StringEquals: { "kms:EncryptionContext:anthropic:compartment_uuid": strangeOrganization } }),
    },
  ],
  fail: [
    {
      name: "another organization alone",
      resource: boundBy(organizationIs(strangeOrganization)),
      message: `statement 2 "Uses" lists ${strangeOrganization}, which is not the customer's`,
    },
    { name: "beside the own one", resource: boundBy(organizationIs([testOrganization, strangeOrganization])) },
    {
      name: "under an older revision",
      resource: boundBy(organizationIs([strangeOrganization, testOrganization])),
      guidance: "2026-07",
    },
    {
      name: "in upper case, and with the condition key in lower case",
      resource: boundBy({
        StringEquals: { "kms:encryptioncontext:anthropic:org_uuid": strangeOrganization.toUpperCase() },
      }),
      message: strangeOrganization.toUpperCase(),
    },
    { name: "under IfExists", resource: boundBy(organizationIs(strangeOrganization, "StringEqualsIfExists")) },
    {
      name: "in a statement for somebody else",
      resource: and(
        allow({ Sid: "Other", Principal: { AWS: "444455556666" }, Condition: organizationIs(strangeOrganization) }),
      ),
      message: '"Other"',
    },
    {
      name: "spared by a Deny for all others",
      resource: and(
        deny({ Sid: "Others", Condition: organizationIs([testOrganization, strangeOrganization], "StringNotEquals") }),
      ),
      message: '"Others"',
    },
  ],
  "not-applicable": [
    { name: "no such key", resource: awsKmsKey({ existence: known("absent") }) },
    {
      name: "no organization is known",
      resource: keyWith(documented["2026-09"], { organizations: [] }),
      message: "set `organizations`",
    },
  ],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "registration not read", resource: awsKmsKey({ registration: unreadable("not-read-yet", "") }) },
  ],
});
