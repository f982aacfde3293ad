/** What an operator grants to the service: exactly the permissions of the call tables, in each provider's own form. */
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Call, CallTable } from "../../src/model/call.ts";
import { formatted } from "./formatted.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import { code, page, table } from "./markdown.ts";

/** What is needed on the impersonated service account is no permission of a project that has keys. */
const ofProject: CallTable = Object.fromEntries(
  Object.entries(gcpCalls).filter(([name]) => !name.startsWith("iamcredentials:")),
);

const awsPath = "docs/permissions/aws.json";

export function permissionFiles(): readonly GeneratedFile[] {
  return [
    { path: awsPath, text: formatted(awsPath, JSON.stringify(awsPolicy(), null, 2)) },
    {
      path: "docs/permissions/gcp.yaml",
      text: gcpRole(permissionsOf(ofProject, ({ switch: on }) => on === undefined)),
    },
    { path: "docs/permissions/gcp-organization.yaml", text: gcpRole(permissionsOf(gcpCalls, isSwitched)) },
    {
      path: "docs/permissions/README.md",
      text: page(
        pageNote("the tables of calls in src/collect"),
        "# Permissions",
        "Every permission that the service uses, and no other: the same tables name what is missing where something cannot be read. None of them lets anybody use or change a key.",
        "## AWS",
        "[aws.json](aws.json) is an IAM policy for the identity that reads an account: one of the key's own account, as AWS gives a key's policy to no other. The key policy has to let that account's IAM policies count, as the usual statement for the account's root does. Put the ARNs of the keys in place of `arn:aws:kms:*:*:key/*` where it may read no others.",
        "Leave out the statement `WhereOrganizationIsRead` unless `reads.aws_organization` is on; it then belongs to an identity of the management account or of a delegated administrator. For keys of several accounts, name a role of each under `aws.accounts` and attach the policy to those roles; the service's own identity then needs `sts:AssumeRole` on each of them and nothing else. `kms:ListResourceTags` is used only where a key's policy tests tags.",
        permissionTable(awsCalls),
        "## Google Cloud",
        "[gcp.yaml](gcp.yaml) is a custom role for each project that has keys, and [gcp-organization.yaml](gcp-organization.yaml) one for the organization, for what the switches under `reads:` add; leave out of it what is off (`reads.gcp_ancestors` is on by default).",
        "```sh\ngcloud iam roles create keyposture --project <project> --file docs/permissions/gcp.yaml\ngcloud projects add-iam-policy-binding <project> --member serviceAccount:<account> --role projects/<project>/roles/keyposture\n\ngcloud iam roles create keyposture --organization <organization> --file docs/permissions/gcp-organization.yaml\ngcloud organizations add-iam-policy-binding <organization> --member serviceAccount:<account> --role organizations/<organization>/roles/keyposture\n```",
        "- APIs other than Cloud KMS (Resource Manager, Organization Policy, Service Usage, Cloud Billing, IAM, Logging) answer only where they are enabled in the project of the credentials, or in `gcp.quota_project`. What is not enabled is named as `api-disabled`.\n- With `gcp.quota_project` the identity also needs `serviceusage.services.use` in that project (`roles/serviceusage.serviceUsageConsumer`).\n- Where `gcp.impersonate` names a service account, the roles are that account's, and the service's own identity needs `iam.serviceAccounts.getAccessToken` on it (`roles/iam.serviceAccountTokenCreator`) and nothing else.",
        permissionTable(gcpCalls),
      ),
    },
  ];
}

function isSwitched({ switch: on }: Call): boolean {
  return on !== undefined;
}

/** Sorted, each once. */
function permissionsOf(calls: CallTable, wanted: (call: Call) => boolean): readonly string[] {
  const permissions = Object.values(calls)
    .filter(wanted)
    .map(({ permission }) => permission);
  return [...new Set(permissions)].toSorted();
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
function awsPolicy(): object {
  const actions = permissionsOf(
    awsCalls,
    ({ switch: on, permission }) => on === undefined && !permission.startsWith("sts:"),
  );
  const ofKeys = actions.filter((action) => action.startsWith("kms:"));
  const statement = (Sid: string, Action: readonly string[], Resource: string) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      statement("Keys", ofKeys, "arn:aws:kms:*:*:key/*"),
      statement(
        "Trails",
        actions.filter((action) => !ofKeys.includes(action)),
        "*",
      ),
      statement("WhereOrganizationIsRead", permissionsOf(awsCalls, isSwitched), "*"),
    ],
  };
}

/** https://cloud.google.com/iam/docs/creating-custom-roles */
function gcpRole(permissions: readonly string[]): string {
  const lines = permissions.map((permission) => `  - ${permission}`);
  return `# Generated by "npm run docs" from src/collect/gcp/calls.ts. Edit that, not this.
title: Keyposture
description: Reads the posture of Cloud KMS keys. Uses and changes nothing.
stage: GA
includedPermissions:
${lines.join("\n")}
`;
}

function permissionTable(calls: CallTable): string {
  const rows = Object.entries(calls).map(([name, { permission, facts, leads_to = [], lane, switch: on }]) => [
    code(name),
    code(permission),
    [...facts, ...leads_to].map(code).join(", "),
    lane,
    on === undefined ? "" : code(`reads.${on}`),
  ]);
  return table(["Call", "Permission", "Facts", "Lane", "Only with"], rows);
}
