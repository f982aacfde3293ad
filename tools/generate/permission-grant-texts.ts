/** What the call tables do not tell of an identity: who it is, where its permissions go, and how they get there. */
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Provider } from "../../src/model/resource.ts";
import { code } from "./markdown.ts";
import { azurePermissions } from "./permission-lists.ts";

export interface GrantText {
  readonly reader: string;
  /** To grant as they are, beside the page. */
  readonly documents: readonly string[];
  /** What each document is, and at which level it is granted. */
  readonly about: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** For a shell. */
  readonly commands: string;
  /** The use of the module. */
  readonly terraform: string;
  /** What else there is to know before something is withheld. */
  readonly withheld: string;
}

const aws: GrantText = {
  reader:
    "An IAM role of the key's own account: AWS gives a key's policy to no other. The service finds its credentials by the SDK's default chain: environment, shared configuration and SSO, web identity (IRSA), container (EKS Pod Identity, ECS), instance. For keys of several accounts, make such a role in each, name it under `aws.accounts`, and let the service's own role take it on.",
  documents: ["aws.json"],
  about: {
    "aws.json":
      "an IAM policy for that role. Put the ARNs of the keys in place of `arn:aws:kms:*:*:key/*` where it may read no others. Leave out the statement `WhereOrganizationIsRead` unless `reads.aws_organization` is on; the account is then the management account or a delegated administrator.",
  },
  notes: [
    "The key policy has to let the account's IAM policies count, as the usual statement for the account's root does; else allow the `kms:` actions of the role in the key policy itself.",
    "`trust.json` below is the role's trust policy: it names who takes the role on, here a service account of a cluster (IRSA). For EKS Pod Identity the principal is the service `pods.eks.amazonaws.com`, and the actions are `sts:AssumeRole` and `sts:TagSession`, without a condition.",
    "The service's own role needs `sts:AssumeRole` on each role under `aws.accounts`, and nothing else in those accounts. Their trust policies name it, with the external id of the configuration where there is one. The tags that EKS Pod Identity gives a session go with it into those accounts: switch them off in the association, or allow `sts:TagSession` beside `sts:AssumeRole` on both sides.",
  ],
  commands: `cat > trust.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::<account>:oidc-provider/<issuer>"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "<issuer>:sub": "system:serviceaccount:keyposture:keyposture",
          "<issuer>:aud": "sts.amazonaws.com"
        }
      }
    }
  ]
}
EOF
aws iam create-policy --policy-name keyposture --policy-document file://docs/permissions/aws.json
aws iam create-role --role-name keyposture --assume-role-policy-document file://trust.json
aws iam attach-role-policy --role-name keyposture --policy-arn arn:aws:iam::<account>:policy/keyposture`,
  terraform: `module "keyposture" {
  source   = "./docs/permissions/terraform/aws"
  key_arns = ["arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]

  # In the account of the cluster:
  eks_service_account = {
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-2.amazonaws.com/id/EXAMPLE"
    namespace         = "keyposture"
    name              = "keyposture"
  }

  # In every other account:
  # trusted_principal_arns = ["arn:aws:iam::111122223333:role/keyposture"]
  # external_id            = "example"
}`,
  withheld:
    "`kms:ListResourceTags` is used only where a key's policy tests tags of the key. The checks in its row ask for the policy: without the tags, what hangs on them is open.",
};

const gcpApis = [...new Set(Object.keys(gcpCalls).map((name) => name.replace(/:.*/, "")))]
  .filter((api) => api !== "iamcredentials" && api !== "accesscontextmanager")
  .toSorted()
  .map((api) => `${api}.googleapis.com`)
  .join(" ");

const gcp: GrantText = {
  reader:
    "A service account, or a principal of a workload identity pool. The service finds its credentials as Google's libraries do: the file of `GOOGLE_APPLICATION_CREDENTIALS` (workload identity federation is such a file), `gcloud auth application-default login`, the service account of the machine or, by workload identity, of the pod. Where `gcp.impersonate` names a service account, the roles are that account's, and the service's own identity needs `iam.serviceAccounts.getAccessToken` on it (`roles/iam.serviceAccountTokenCreator`) and nothing else.",
  documents: ["gcp.yaml", "gcp-organization.yaml"],
  about: {
    "gcp.yaml": "a custom role for each project that has keys.",
    "gcp-organization.yaml":
      "a custom role for the organization, for what the switches under `reads:` add. Leave out of it what is off; `reads.gcp_ancestors` is on by default.",
  },
  notes: [
    "APIs other than Cloud KMS answer only where they are enabled in the project of the credentials, or in `gcp.quota_project`; with `reads.gcp_perimeters`, `accesscontextmanager.googleapis.com` as well. What is not enabled is named as `api-disabled`.",
    "With `gcp.quota_project` the identity also needs `serviceusage.services.use` in that project (`roles/serviceusage.serviceUsageConsumer`).",
    "Where custom roles of the organization are bound on keys or above them, add `iam.roles.get` to the organization's role: such a role is read there.",
  ],
  commands: `gcloud services enable ${gcpApis} --project <project>
gcloud iam roles create keyposture --project <project> --file docs/permissions/gcp.yaml
gcloud projects add-iam-policy-binding <project> --member serviceAccount:<account> --role projects/<project>/roles/keyposture

gcloud iam roles create keyposture --organization <organization> --file docs/permissions/gcp-organization.yaml
gcloud organizations add-iam-policy-binding <organization> --member serviceAccount:<account> --role organizations/<organization>/roles/keyposture`,
  terraform: `module "keyposture" {
  source       = "./docs/permissions/terraform/gcp"
  projects     = ["acme-prod"]
  organization = "123456789012"
  member       = "serviceAccount:keyposture@acme-audit.iam.gserviceaccount.com"
}`,
  withheld:
    "Nothing is granted for a single key: keys are read by the list of their ring. A role bound on some rings alone is enough for what is read of a key, and the settings of the project stay unreadable.",
};

const graph = "00000003-0000-0000-c000-000000000000";

const azure: GrantText = {
  reader:
    "A managed identity, or the service principal of an application, in the tenant of the vaults. The service finds its credentials by the SDK's default chain: environment, workload identity, managed identity, `az login`.",
  documents: ["azure.json"],
  about: {
    "azure.json":
      "a custom role. Put the subscriptions of the vaults in place of `<subscription>`, and assign it on each subscription. On the vaults' resource groups alone, what is asked of the subscription is refused (deleted vaults, role definitions), and what hangs on it is `unknown`; on the vault alone, its id has to be registered as well (`azure.vault_resource_id`), as it cannot be looked for.",
  },
  notes: [
    `In Microsoft Entra ID, the application permissions ${azurePermissions.directory.map(code).join(" and ")} of Microsoft Graph, with an administrator's consent. Without them set \`reads.azure_directory: false\` and register the object id of Anthropic's service principal (\`azure.service_principal_object_id\`).`,
    'The data action is for one question only: when a key that was deleted is gone for good. Leave it out where the service is to have no access to the data plane; that date is then unknown. A managed HSM answers it by its local role "Managed HSM Crypto Auditor".',
  ],
  commands: `az role definition create --role-definition docs/permissions/azure.json
az role assignment create --assignee-object-id <object id> --assignee-principal-type ServicePrincipal --role Keyposture --scope /subscriptions/<subscription>

graph=$(az ad sp show --id ${graph} --query id --output tsv)
for permission in ${azurePermissions.directory.join(" ")}; do
  role=$(az ad sp show --id ${graph} --query "appRoles[?value=='$permission'].id" --output tsv)
  az rest --method post --url https://graph.microsoft.com/v1.0/servicePrincipals/<object id>/appRoleAssignments \\
    --body "{\\"principalId\\":\\"<object id>\\",\\"resourceId\\":\\"$graph\\",\\"appRoleId\\":\\"$role\\"}"
done

# Only for a managed HSM, and only for the question of the data action:
az keyvault role assignment create --hsm-name <hsm> --role "Managed HSM Crypto Auditor" --assignee <object id> --scope /keys`,
  terraform: `module "keyposture" {
  source              = "./docs/permissions/terraform/azure"
  subscriptions       = ["1f6d0c1e-8d0e-4a51-9a35-3f0a2b7c9d11"]
  principal_object_id = "5b0d4a5e-2f0c-4f0e-9d52-1f2e3d4c5b6a"
}`,
  withheld:
    "The permissions on managed HSMs matter only where keys are in one, and those on deleted vaults and the data action only where something was deleted. Where a key's `azure.vault_resource_id` is registered, its vault is not looked for: without `Microsoft.KeyVault/vaults/read` only the vault's own facts are lost then. Where `azure.service_principal_object_id` is registered, assignments of the service principal do not hang on the directory.",
};

export const grantTexts: Readonly<Record<Provider, GrantText>> = { aws, gcp, azure };
