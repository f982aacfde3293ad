/** Just enough of `gcloud` for the commands that checks offer: each makes the API calls that gcloud makes. */
import type { Simulator } from "../../../src/simulator/simulator.ts";
import {
  foldersClient,
  kmsClient,
  loggingClient,
  once,
  organizationsClient,
  projectsClient,
  rest,
} from "../../simulator/gcp-clients.ts";
import { changeBindings, type PolicyClient } from "./change-bindings.ts";
import { type GcloudCommand, type GcloudForm, parseGcloud } from "./parse-gcloud.ts";
import { updateKey } from "./update-key.ts";

export interface GcloudClients {
  readonly simulator: Simulator;
  readonly kms: ReturnType<typeof kmsClient>;
  readonly projects: ReturnType<typeof projectsClient>;
  readonly folders: PolicyClient;
  readonly organizations: PolicyClient;
  readonly logging: ReturnType<typeof loggingClient>;
}

interface GcloudVerb extends GcloudForm {
  readonly run: (command: GcloudCommand, clients: GcloudClients) => Promise<unknown>;
}

const required = { value: true, required: true } as const;
const optional = { value: true, required: false } as const;
/** gcloud would take a project from its configuration; a command that is to be copied must say it. */
const ofRing = { location: required, project: required } as const;
const ofKey = { keyring: required, ...ofRing } as const;
const ofVersion = { key: required, ...ofKey } as const;
const binding = { member: required, role: required } as const;
/** Without these gcloud asks, where a policy has conditions. */
const added = { ...binding, condition: required } as const;
const removed = { ...binding, all: { value: false, required: true } } as const;

/** https://cloud.google.com/sdk/gcloud/reference */
const verbs: Readonly<Record<string, GcloudVerb>> = {
  "kms keys add-iam-policy-binding": {
    target: "KEY",
    flags: { ...ofKey, ...added },
    run: (command, { kms }) => changeBindings(command, kms, keyName(command)),
  },
  "kms keys remove-iam-policy-binding": {
    target: "KEY",
    flags: { ...ofKey, ...removed },
    run: (command, { kms }) => changeBindings(command, kms, keyName(command)),
  },
  "kms keyrings remove-iam-policy-binding": {
    target: "KEYRING",
    flags: { ...ofRing, ...removed },
    run: (command, { kms }) => changeBindings(command, kms, ringName(command)),
  },
  "projects remove-iam-policy-binding": {
    target: "PROJECT_ID",
    flags: removed,
    run: (command, { projects }) => changeBindings(command, projects, `projects/${command.target}`),
  },
  "resource-manager folders remove-iam-policy-binding": {
    target: "FOLDER",
    flags: removed,
    run: (command, { folders }) => changeBindings(command, folders, `folders/${command.target}`),
  },
  "organizations remove-iam-policy-binding": {
    target: "ORGANIZATION",
    flags: removed,
    run: (command, { organizations }) => changeBindings(command, organizations, `organizations/${command.target}`),
  },
  "kms keys update": {
    target: "KEY",
    flags: {
      ...ofKey,
      "rotation-period": optional,
      "next-rotation-time": optional,
      "update-labels": optional,
      "remove-labels": optional,
      "allowed-access-reasons": optional,
    },
    some: ["rotation-period", "next-rotation-time", "update-labels", "remove-labels", "allowed-access-reasons"],
    run: (command, { kms }) => updateKey(command, kms, keyName(command)),
  },
  "kms keys versions enable": {
    target: "VERSION",
    flags: ofVersion,
    run: (command, { kms }) => {
      const cryptoKeyVersion = { name: versionName(command), state: "ENABLED" as const };
      return kms.updateCryptoKeyVersion({ cryptoKeyVersion, updateMask: { paths: ["state"] } }, once());
    },
  },
  "kms keys versions restore": {
    target: "VERSION",
    flags: ofVersion,
    run: (command, { kms }) => kms.restoreCryptoKeyVersion({ name: versionName(command) }, once()),
  },
  "projects undelete": {
    target: "PROJECT_ID",
    flags: {},
    run: async ({ target }, { projects }) => {
      const [operation] = await projects.undeleteProject({ name: `projects/${target}` }, once());
      await operation.promise();
    },
  },
  "logging sinks update": {
    target: "SINK_NAME",
    flags: { "no-disabled": { value: false, required: true }, project: required },
    run: ({ target, flags }, { logging }) => {
      const sinkName = `projects/${flags["project"]}/sinks/${target}`;
      return logging.updateSink({ sinkName, sink: { disabled: false }, updateMask: { paths: ["disabled"] } }, once());
    },
  },
  "services enable": {
    target: "SERVICE",
    flags: { project: required },
    run: async ({ target, flags }, { simulator }) => {
      const path = `/v1/projects/${flags["project"]}/services/${target}:enable`;
      const { status, body } = await rest(simulator, path, { method: "POST" });
      if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    },
  },
};

/** The clients that gcloud's calls are made with; closed at the end of the test. */
export function gcloudClients(simulator: Simulator): GcloudClients {
  return {
    simulator,
    kms: kmsClient(simulator),
    projects: projectsClient(simulator),
    folders: foldersClient(simulator),
    organizations: organizationsClient(simulator),
    logging: loggingClient(simulator),
  };
}

/**
 * Carries out one line.
 * @throws Error where gcloud would refuse it, or the service refuses the call.
 */
export async function runGcloud(line: string, clients: GcloudClients): Promise<void> {
  const command = gcloudCommand(line);
  await verbs[command.path]?.run(command, clients);
}

/**
 * One line taken apart.
 * @throws Error where gcloud would refuse it.
 */
export function gcloudCommand(line: string): GcloudCommand {
  return parseGcloud(line, verbs);
}

function ringName({ target, flags }: GcloudCommand): string {
  const ring = flags["keyring"] ?? target;
  return ring.includes("/") ? ring : `projects/${flags["project"]}/locations/${flags["location"]}/keyRings/${ring}`;
}

function keyName(command: GcloudCommand): string {
  const key = command.flags["key"] ?? command.target;
  return key.includes("/") ? key : `${ringName(command)}/cryptoKeys/${key}`;
}

function versionName(command: GcloudCommand): string {
  return `${keyName(command)}/cryptoKeyVersions/${command.target}`;
}
