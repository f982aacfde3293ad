import { organization } from "../support/gcloud/simulated-key.ts";
import { binding, type CommandScenario, owner, policy } from "./gcp-scenario.ts";

const version = {
  protectionLevel: "HSM",
  algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
  createTime: "2026-07-01T00:00:00Z",
  generateTime: "2026-07-01T00:00:00Z",
};
const enabled = { ...version, state: "ENABLED" };
const leaving = { ...version, state: "DESTROY_SCHEDULED", destroyTime: "2026-12-10T00:00:00Z" };
const label = (uuid: string) => `anthropic-org-${uuid}`;
const stranger = "11111111-2222-4333-8444-555555555555";
const denied = {
  deniedPrincipals: ["principalSet://goog/public:all"],
  deniedPermissions: [
    "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
    "cloudkms.googleapis.com/cryptoKeys.get",
  ],
};

/** Keys with which something is wrong that is no matter of bindings. */
export const keyScenarios: readonly CommandScenario[] = [
  {
    check: "gcp/key-exists",
    name: "the project is to be deleted",
    wrong: { project: { state: "DELETE_REQUESTED" } },
    commands: ["gcloud projects undelete example-project"],
  },
  {
    check: "gcp/key-exists",
    name: "the project is to be deleted, and is registered by its number",
    wrong: { project: { state: "DELETE_REQUESTED" }, registered_project: "123456789012" },
    commands: ["gcloud projects undelete example-project"],
  },
  {
    check: "gcp/kms-api-enabled",
    name: "the API is switched off",
    wrong: { project: { services: { "cloudkms.googleapis.com": "DISABLED" } } },
    commands: ["gcloud services enable cloudkms.googleapis.com --project example-project"],
  },
  {
    check: "gcp/primary-version-enabled",
    name: "disabled",
    wrong: { key: { versions: { "1": { state: "DISABLED" } } } },
    commands: ["gcloud kms keys versions enable 1 --key <key id> <parents>"],
  },
  {
    check: "gcp/primary-version-enabled",
    name: "scheduled for destruction",
    wrong: { key: { versions: { "1": leaving } } },
    commands: [
      "gcloud kms keys versions restore 1 --key <key id> <parents>",
      "gcloud kms keys versions enable 1 --key <key id> <parents>",
    ],
  },
  {
    check: "gcp/earlier-versions-enabled",
    name: "one is disabled, one scheduled for destruction",
    wrong: { key: { primary: "3", versions: { "1": { state: "DISABLED" }, "2": leaving, "3": enabled } } },
    commands: [
      "gcloud kms keys versions enable 1 --key <key id> <parents>",
      "gcloud kms keys versions restore 2 --key <key id> <parents>",
      "gcloud kms keys versions enable 2 --key <key id> <parents>",
    ],
  },
  {
    check: "gcp/earlier-versions-enabled",
    name: "what is destroyed stays destroyed",
    wrong: {
      key: {
        primary: "3",
        versions: {
          "1": { ...version, state: "DESTROYED", destroyEventTime: "2026-08-01T00:00:00Z" },
          "2": { ...version, state: "DISABLED" },
          "3": enabled,
        },
      },
    },
    commands: ["gcloud kms keys versions enable 2 --key <key id> <parents>"],
    rest: /^version 1 is in state DESTROYED[^;]*$/,
  },
  {
    check: "gcp/access-justifications-allow-use",
    name: "other reasons are allowed",
    wrong: {
      key: { keyAccessJustificationsPolicy: { allowedAccessReasons: ["CUSTOMER_INITIATED_SUPPORT"] } },
    },
    commands: [
      "gcloud kms keys update <key> --allowed-access-reasons customer-initiated-support,customer-initiated-access",
    ],
  },
  {
    check: "gcp/access-justifications-allow-use",
    name: "no reason is allowed",
    wrong: { key: { keyAccessJustificationsPolicy: { allowedAccessReasons: [] } } },
    commands: ["gcloud kms keys update <key> --allowed-access-reasons customer-initiated-access"],
  },
  {
    check: "gcp/data-access-logs-stored",
    name: "the sink that would keep them is switched off",
    wrong: { project: { sinks: { _Default: { disabled: true } } } },
    commands: ["gcloud logging sinks update _Default --no-disabled --project example-project"],
  },
  {
    check: "gcp/rotation-scheduled",
    name: "no period",
    wrong: { key: { rotationPeriod: null, nextRotationTime: null } },
    commands: ["gcloud kms keys update <key> --rotation-period 90d --next-rotation-time 2026-11-23T12:00:00Z"],
  },
  {
    check: "gcp/organization-label",
    name: "one is missing, one is somebody else's",
    wrong: { key: { labels: { team: "payments", [label(stranger)]: "true" } } },
    commands: [
      `gcloud kms keys update <key> --update-labels ${label(organization)}=true`,
      `gcloud kms keys update <key> --remove-labels ${label(stranger)}`,
    ],
  },
  {
    check: "gcp/organization-label",
    name: "two are missing, one of them by its value",
    wrong: {
      key: { labels: { team: "payments", [label(organization)]: "no" } },
      registration: { organizations: [organization, stranger.toUpperCase()] },
    },
    commands: [`gcloud kms keys update <key> --update-labels ${label(organization)}=true,${label(stranger)}=true`],
  },
  {
    check: "gcp/primary-version-enabled",
    name: "names that begin with a dash",
    wrong: {
      key: {
        name: "projects/example-project/locations/us-east5/keyRings/-eu-ring/cryptoKeys/-key--1",
        versions: { "1": { state: "DISABLED" } },
      },
    },
    commands: [
      "gcloud kms keys versions enable 1 --key=-key--1 --keyring=-eu-ring --location us-east5 --project example-project",
    ],
  },
];

/** Keys that fail a check against which no command helps. */
export const scenariosWithoutCommands: readonly Omit<CommandScenario, "commands" | "rest">[] = [
  {
    check: "gcp/key-exists",
    name: "the key is gone",
    wrong: { registered_key: "gone" },
  },
  {
    check: "gcp/primary-version-enabled",
    name: "destroyed",
    wrong: {
      key: { versions: { "1": { ...version, state: "DESTROYED", destroyEventTime: "2026-08-01T00:00:00Z" } } },
    },
  },
  {
    check: "gcp/rotation-scheduled",
    name: "the material comes from an external key manager",
    wrong: {
      key: {
        rotationPeriod: null,
        nextRotationTime: null,
        versionTemplate: { protectionLevel: "EXTERNAL", algorithm: "EXTERNAL_SYMMETRIC_ENCRYPTION" },
      },
    },
  },
  {
    check: "gcp/access-justifications-allow-use",
    name: "a reason is allowed that nobody knew yet",
    wrong: { key: { keyAccessJustificationsPolicy: { allowedAccessReasons: ["77"] } } },
  },
  {
    check: "gcp/data-access-logs-stored",
    name: "the sink is switched off, and would drop them",
    wrong: {
      project: {
        sinks: { _Default: { disabled: true } },
        exclusions: { audit: { filter: 'logName:"cloudaudit.googleapis.com%2Fdata_access"' } },
      },
    },
  },
  {
    check: "gcp/rotation-scheduled",
    name: "the material is imported",
    wrong: { key: { rotationPeriod: null, nextRotationTime: null, importOnly: true } },
  },
  ...["gcp/service-account-can-encrypt-and-decrypt", "gcp/service-account-can-view"].map((check) => ({
    check,
    name: "a deny policy takes it away",
    wrong: { project: { deny_policies: { strict: { rules: [{ denyRule: denied }] } } } },
  })),
  {
    check: "gcp/no-unexpected-external-principal",
    name: "an owner of the project",
    wrong: { project: policy(owner, binding("roles/owner", "user:partner@partner.example")) },
  },
];
