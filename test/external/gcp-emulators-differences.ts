// Where the emulators are known to answer otherwise than Google Cloud, each with what Google documents.
import { gcpViewerRole } from "../../src/guidance/gcp-roles.ts";
import {
  bindingOf,
  condition,
  documentedBindings,
  makeKey,
  ring,
  rotation,
  template,
} from "./gcp-emulators-resources.ts";
import { type GcpClients, type GcpEmulators, gcpClients } from "./gcp-emulators-servers.ts";

export interface GcpEmulatorDifference {
  readonly what: string;
  /** Where Google says otherwise. */
  readonly documented: string;
  /** Whether it is still so. */
  holds(emulators: GcpEmulators): Promise<boolean>;
}

const keyReference = "https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys";
const policyReference = "https://cloud.google.com/iam/docs/reference/rest/v1/Policy";

let made = 0;

/** A key that no other row has touched. */
async function newKey({ local }: GcpEmulators): Promise<GcpClients & { readonly name: string }> {
  made += 1;
  const clients = gcpClients(local.grpc);
  return { ...clients, name: await makeKey(clients, `difference-${made}`) };
}

async function fails(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  );
}

export const gcpEmulatorDifferences: readonly GcpEmulatorDifference[] = [
  {
    what: "the one for Cloud KMS knows no policies, so that both must stand behind one address",
    documented: `${keyReference}/getIamPolicy`,
    async holds(emulators) {
      const { name } = await newKey(emulators);
      return fails(gcpClients(emulators.kmsAlone).policies.getIamPolicy({ resource: name }));
    },
  },
  {
    what: "a key is made without the rotation and the delay that were asked for",
    documented: `${keyReference}/create`,
    async holds({ local }) {
      const { kms } = gcpClients(local.grpc);
      const rotationPeriod = { seconds: rotation.period / 1000 };
      const nextRotationTime = { seconds: rotation.next / 1000 };
      const destroyScheduledDuration = { seconds: 86_400 };
      const asked = { rotationPeriod, nextRotationTime, destroyScheduledDuration };
      const cryptoKey = { purpose: "ENCRYPT_DECRYPT", versionTemplate: template, ...asked } as const;
      const [key] = await kms.createCryptoKey({ parent: ring, cryptoKeyId: "at-once", cryptoKey });
      return (key.rotationPeriod ?? null) === null && Number(key.destroyScheduledDuration?.seconds) === 30 * 86_400;
    },
  },
  {
    what: "a version is of software, whatever the key's template says",
    documented: `${keyReference}#CryptoKeyVersionTemplate.FIELDS.protection_level`,
    async holds(emulators) {
      const { kms, name } = await newKey(emulators);
      const [key] = await kms.getCryptoKey({ name });
      return key.versionTemplate?.protectionLevel === "HSM" && key.primary?.protectionLevel === "SOFTWARE";
    },
  },
  {
    what: "a version is destroyed after 30 days, whatever the key's delay",
    documented: `${keyReference}#CryptoKey.FIELDS.destroy_scheduled_duration`,
    async holds(emulators) {
      const { kms, name } = await newKey(emulators);
      const [version] = await kms.destroyCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/1` });
      const days = (Number(version.destroyTime?.seconds) - Number(version.createTime?.seconds)) / 86_400;
      return Math.round(days) === 30;
    },
  },
  {
    what: "a version that is asked for or listed does not tell when it is destroyed",
    documented: `${keyReference}.cryptoKeyVersions#CryptoKeyVersion.FIELDS.destroy_time`,
    async holds(emulators) {
      const { kms, name } = await newKey(emulators);
      await kms.destroyCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/1` });
      const [[listed]] = await kms.listCryptoKeyVersions({ parent: name });
      const [read] = await kms.getCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/1` });
      return listed?.state === "DESTROY_SCHEDULED" && listed.destroyTime === null && read.destroyTime === null;
    },
  },
  {
    what: "a key that signs has a primary version",
    documented: `${keyReference}#CryptoKey.FIELDS.primary`,
    async holds({ local }) {
      const { kms } = gcpClients(local.grpc);
      const versionTemplate = { algorithm: "EC_SIGN_P256_SHA256" } as const;
      const cryptoKey = { purpose: "ASYMMETRIC_SIGN", versionTemplate } as const;
      const [key] = await kms.createCryptoKey({ parent: ring, cryptoKeyId: "signs", cryptoKey });
      return key.primary?.state === "ENABLED";
    },
  },
  {
    what: "a list has one page of any length",
    documented: `${keyReference}/list`,
    async holds(emulators) {
      const { kms } = await newKey(emulators);
      await newKey(emulators);
      const [keys] = await kms.listCryptoKeys({ parent: ring, pageSize: 1 }, { autoPaginate: false });
      return keys.length > 1;
    },
  },
  {
    what: "what is not there has a policy, that binds nobody",
    documented: `${keyReference}/getIamPolicy`,
    async holds({ local }) {
      const { policies } = gcpClients(local.grpc);
      const [policy] = await policies.getIamPolicy({ resource: `${ring}/cryptoKeys/never-there` });
      return bindingsOf(policy).length === 0;
    },
  },
  {
    what: "conditions are told to whoever asks for no version",
    documented: "https://cloud.google.com/iam/docs/policies#specifying-version-get",
    async holds(emulators) {
      const { policies, name } = await newKey(emulators);
      const bindings = [{ ...bindingOf(gcpViewerRole, "user:somebody@example.com"), condition }];
      await policies.setIamPolicy({ resource: name, policy: { version: 3, bindings } });
      const [policy] = await policies.getIamPolicy({ resource: name });
      return bindingsOf(policy).length === 1 && Reflect.get(bindingsOf(policy)[0] ?? {}, "condition") !== null;
    },
  },
  {
    what: "a policy with a condition is taken as one of version 1",
    documented: `${policyReference}#FIELDS.version`,
    async holds(emulators) {
      const { policies, name } = await newKey(emulators);
      const bindings = documentedBindings.map((one) => ({ ...one, condition }));
      return !(await fails(policies.setIamPolicy({ resource: name, policy: { version: 1, bindings } })));
    },
  },
  {
    what: "a policy is set over one that was changed after it was read",
    documented: `${policyReference}#FIELDS.etag`,
    async holds(emulators) {
      const { policies, name } = await newKey(emulators);
      const etag = Buffer.from("of another time");
      return !(await fails(policies.setIamPolicy({ resource: name, policy: { version: 3, bindings: [], etag } })));
    },
  },
  {
    what: "a member of no form that there is can be bound",
    documented: `${policyReference}#Binding.FIELDS.members`,
    async holds(emulators) {
      const { policies, name } = await newKey(emulators);
      const bindings = [bindingOf(gcpViewerRole, "nobody in particular")];
      return !(await fails(policies.setIamPolicy({ resource: name, policy: { version: 3, bindings } })));
    },
  },
  {
    what: "no role is known over REST, and the refusal's status is no word of Google's",
    documented: "https://cloud.google.com/apis/design/errors#http_mapping",
    async holds({ local }) {
      const response = await fetch(`${local.rest}/v1/${gcpViewerRole}`);
      const { error } = (await response.json()) as { readonly error: { readonly status: string } };
      return response.status === 400 && error.status === "InvalidArgument";
    },
  },
];

function bindingsOf(policy: unknown): readonly object[] {
  return (policy as { readonly bindings: readonly object[] }).bindings;
}
