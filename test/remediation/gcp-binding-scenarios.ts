import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount, anthropicGcpMember } from "../../src/guidance/identifiers.ts";
import { binding, type CommandScenario, owner, policy } from "./gcp-scenario.ts";

const encrypts = gcpEncrypterDecrypterRole;
const views = gcpViewerRole;
const account = anthropicGcpMember;
/** The account as IAM's second version spells it. */
const address = `principal://iam.googleapis.com/projects/-/serviceAccounts/${anthropicGcpAccount}`;
const decrypts = "roles/cloudkms.cryptoKeyDecrypter";
const bind = (role: string) =>
  `gcloud kms keys add-iam-policy-binding <key> --member ${account} --role ${role} --condition None`;
const unbind = (member: string, role: string) =>
  `gcloud kms keys remove-iam-policy-binding <key> --member ${member} --role ${role} --all`;
const unbindRing = (member: string, role: string) =>
  `gcloud kms keyrings remove-iam-policy-binding <ring> --member ${member} --role ${role} --all`;
const unbindProject = (member: string, role: string, project = "example-project") =>
  `gcloud projects remove-iam-policy-binding ${project} --member ${member} --role ${role} --all`;

const until2030 = { title: "until 2030", expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' };
const until2025 = { title: "until 2025", expression: 'request.time < timestamp("2025-01-01T00:00:00Z")' };
const documented = [binding(encrypts, account), binding(views, account)];
const admin = binding("roles/resourcemanager.organizationAdmin", "user:admin@example.com");
const pool = "iam.googleapis.com/locations/global/workforcePools/partners";

/** Keys that the wrong people are bound to, or the right ones in the wrong way. */
export const bindingScenarios: readonly CommandScenario[] = [
  {
    check: "gcp/service-account-can-encrypt-and-decrypt",
    name: "nothing is bound",
    wrong: { key: policy(binding(views, account)) },
    commands: [bind(encrypts)],
  },
  {
    check: "gcp/service-account-can-encrypt-and-decrypt",
    name: "what is bound has ended; the project is registered by its number",
    wrong: {
      key: policy(
        { ...binding(encrypts, account, "user:clerk@example.com"), condition: until2025 },
        binding(views, account),
      ),
      registered_project: "123456789012",
    },
    commands: [bind(encrypts).replace("<key>", "<key by number>")],
  },
  {
    check: "gcp/service-account-can-view",
    name: "nothing is bound",
    wrong: { key: policy(binding(encrypts, account)) },
    commands: [bind(views)],
  },
  {
    check: "gcp/bindings-stay-in-force",
    name: "one of two ends",
    wrong: { key: policy({ ...binding(encrypts, account), condition: until2030 }, binding(views, account)) },
    commands: [bind(encrypts)],
  },
  {
    check: "gcp/bindings-stay-in-force",
    name: "all of it is bound on the ring, and ends",
    wrong: {
      key: policy(),
      ring: policy(...documented.map((one) => ({ ...one, condition: until2030 }))),
    },
    commands: [bind(encrypts), bind(views)],
  },
  {
    check: "gcp/grant-scoped-to-key",
    name: "bound on every level above and not on the key, under several conditions, in two spellings",
    wrong: {
      key: policy(),
      ring: policy(
        binding(encrypts, account, "user:clerk@example.com"),
        { ...binding(encrypts, account), condition: until2030 },
        binding(views, account),
      ),
      project: policy(owner, binding(decrypts, address)),
      folder: policy({ ...binding(encrypts, account), condition: until2025 }),
      organization: policy(admin, binding(views, account)),
    },
    commands: [
      bind(encrypts),
      bind(views),
      unbindRing(account, encrypts),
      unbindRing(account, views),
      unbindProject(address, decrypts),
      `gcloud resource-manager folders remove-iam-policy-binding 444444444444 --member ${account} --role ${encrypts} --all`,
      `gcloud organizations remove-iam-policy-binding 555555555555 --member ${account} --role ${views} --all`,
    ],
  },
  {
    check: "gcp/grant-scoped-to-key",
    name: "what the key itself gives would end",
    wrong: {
      key: policy({ ...binding(encrypts, account), condition: until2030 }, binding(views, account)),
      ring: policy(binding(encrypts, account)),
    },
    commands: [bind(encrypts), unbindRing(account, encrypts)],
  },
  {
    check: "gcp/grant-scoped-to-key",
    name: "the key has all it needs; the project is registered by its number",
    wrong: { project: policy(owner, binding("roles/viewer", account)), registered_project: "123456789012" },
    commands: [unbindProject(account, "roles/viewer", "123456789012")],
  },
  {
    check: "gcp/service-account-least-privilege",
    name: "the owner of the project, and nothing else",
    wrong: { key: policy(), project: policy(binding("roles/owner", "user:owner@example.com", account)) },
    commands: [bind(encrypts), bind(views), unbindProject(account, "roles/owner")],
  },
  {
    check: "gcp/service-account-least-privilege",
    name: "a role of the customer's own, twice, beside an administrator of Cloud KMS who keeps it",
    wrong: {
      key: policy(...documented, binding("roles/cloudkms.admin", account, "user:keeper@example.com")),
      ring: policy(binding("projects/example-project/roles/keyBreaker", account), {
        ...binding("projects/example-project/roles/keyBreaker", account),
        condition: until2030,
      }),
      role: {
        name: "projects/example-project/roles/keyBreaker",
        includedPermissions: ["cloudkms.cryptoKeyVersions.destroy"],
      },
    },
    commands: [
      unbind(account, "roles/cloudkms.admin"),
      unbindRing(account, "projects/example-project/roles/keyBreaker"),
    ],
  },
  {
    check: "gcp/no-public-access",
    name: "everybody, and the account only among them",
    wrong: { key: policy(binding(encrypts, "allUsers", "user:clerk@example.com"), binding(views, account)) },
    commands: [bind(encrypts), unbind("allUsers", encrypts)],
  },
  {
    check: "gcp/no-public-access",
    name: "on the ring, under a condition, and in the project",
    wrong: {
      ring: policy({ ...binding(decrypts, "allAuthenticatedUsers"), condition: until2030 }),
      project: policy(owner, binding("roles/viewer", "allUsers", "group:staff@example.com")),
    },
    commands: [unbindRing("allAuthenticatedUsers", decrypts), unbindProject("allUsers", "roles/viewer")],
  },
  {
    check: "gcp/no-lookalike-principal",
    name: "in the account's place, in another's clothes, and what was deleted",
    wrong: {
      key: policy(
        ...documented,
        binding(encrypts, "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-client.iam.gserviceaccount.com"),
        binding(decrypts, `deleted:${account}?uid=123456789012345678901`),
      ),
      folder: policy(binding("roles/viewer", account.replace("serviceAccount", "group"))),
    },
    commands: [
      unbind(`'deleted:${account}?uid=123456789012345678901'`, decrypts),
      unbind("serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-client.iam.gserviceaccount.com", encrypts),
      `gcloud resource-manager folders remove-iam-policy-binding 444444444444 --member ${account.replace("serviceAccount", "group")} --role roles/viewer --all`,
    ],
  },
  {
    check: "gcp/no-unexpected-external-principal",
    name: "strangers of every form, beside whom is expected",
    wrong: {
      key: policy(
        ...documented,
        binding(encrypts, "user:o'brien+keys@partner.example", "user:auditor@expected.example"),
        binding(decrypts, `principal://${pool}/subject/it's me`, `principalSet://${pool}/*`, "domain:partner.example"),
      ),
      ring: policy(binding("roles/cloudkms.admin", "serviceAccount:robot@partner-project.iam.gserviceaccount.com")),
      project: policy(owner, binding(decrypts, "group:all@partner.example", "group:staff@example.com")),
      registration: { expected_principals: ["user:auditor@expected.example"] },
    },
    commands: [
      unbind("domain:partner.example", decrypts),
      unbind(`'principal://${pool}/subject/it'\\''s me'`, decrypts),
      unbind(`'principalSet://${pool}/*'`, decrypts),
      unbind("'user:o'\\''brien+keys@partner.example'", encrypts),
      unbindRing("serviceAccount:robot@partner-project.iam.gserviceaccount.com", "roles/cloudkms.admin"),
      unbindProject("group:all@partner.example", decrypts),
    ],
  },
  {
    check: "gcp/no-unexpected-external-principal",
    name: "who has more than keys in the project is left to whoever knows them",
    wrong: {
      key: policy(...documented, binding(decrypts, "user:partner@partner.example")),
      project: policy(owner, binding("roles/owner", "user:partner@partner.example")),
    },
    commands: [unbind("user:partner@partner.example", decrypts)],
    rest: /^[^;]*user:partner@partner\.example \(roles\/owner on [^;]*$/,
  },
  {
    check: "gcp/no-unexpected-external-principal",
    name: "where nobody said which domains are the customer's, no people are taken out",
    wrong: {
      key: policy(
        ...documented,
        binding(decrypts, "user:keeper@example.com", "serviceAccount:robot@partner-project.iam.gserviceaccount.com"),
      ),
      own_domains: [],
    },
    commands: [unbind("serviceAccount:robot@partner-project.iam.gserviceaccount.com", decrypts)],
    rest: /user:keeper@example\.com/,
  },
  {
    check: "gcp/no-unexpected-external-principal",
    name: "names that begin with a dash",
    wrong: {
      key: {
        name: "projects/example-project/locations/us-east5/keyRings/-eu-ring/cryptoKeys/-key--1",
        ...policy(...documented, binding(decrypts, "user:partner@partner.example")),
      },
      ring: policy(binding(decrypts, "user:partner@partner.example")),
    },
    commands: [
      unbind("user:partner@partner.example", decrypts).replace(
        "<key>",
        "projects/example-project/locations/us-east5/keyRings/-eu-ring/cryptoKeys/-key--1",
      ),
      unbindRing("user:partner@partner.example", decrypts).replace(
        "<ring>",
        "projects/example-project/locations/us-east5/keyRings/-eu-ring",
      ),
    ],
  },
];
