import { gcpEncrypterDecrypterRole, gcpViewerRole } from "../../guidance/gcp-roles.ts";
import { anthropicGcpAccountName, anthropicGcpMember } from "../../guidance/identifiers.ts";
import { markerOfOrganization } from "../../guidance/organization-marker.ts";
import { sampleCryptoKey, sampleKeyRing, sampleProject } from "../../simulator/gcp/resources.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { type DemoKey, type DemoState, demoOrganization } from "./demo-state.ts";

/** Names that the simulator alone knows. */
const sharedProject = "example-keys";
const location = "us-east5";

type KeyChange = NonNullable<Parameters<typeof sampleCryptoKey>[0]>;
type ProjectChange = NonNullable<Parameters<typeof sampleProject>[0]>;

interface GcpDemoState extends DemoState {
  /** In what it differs from a documented key. */
  readonly change?: Omit<KeyChange, "name">;
  readonly location?: string;
  /** Where what is wrong is the project's, it has one of its own. */
  readonly project?: Omit<ProjectChange, "name" | "number">;
  readonly denied?: string;
  readonly deleted?: true;
}

const uses = { role: gcpEncrypterDecrypterRole, members: [anthropicGcpMember] };
const views = { role: gcpViewerRole, members: [anthropicGcpMember] };
const owner = { role: "roles/owner", members: ["user:owner@example.com"] };
const bound = (...bindings: readonly object[]) => ({ policy: { bindings } }) as Pick<KeyChange, "policy">;
const label = markerOfOrganization(demoOrganization);
const version = {
  protectionLevel: "HSM",
  algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
  createTime: "2026-07-01T00:00:00Z",
};

/** One key of Google Cloud for each important failure, named after it. */
export const gcpDemoStates: Readonly<Record<string, GcpDemoState>> = {
  "gcp-as-documented": { shows: null },
  "gcp-primary-disabled": {
    shows: "gcp/primary-version-enabled",
    change: { versions: { "1": { ...version, state: "DISABLED" } } },
  },
  "gcp-older-version-destroyed": {
    shows: "gcp/earlier-versions-enabled",
    change: {
      primary: "2",
      versions: {
        "1": { ...version, state: "DESTROYED", destroyEventTime: "2026-10-01T00:00:00Z" },
        "2": { ...version, state: "ENABLED" },
      },
    },
  },
  "gcp-deleted": { shows: "gcp/key-exists", deleted: true },
  "gcp-public": {
    shows: "gcp/no-public-access",
    change: bound(uses, views, { role: "roles/cloudkms.cryptoKeyDecrypter", members: ["allAuthenticatedUsers"] }),
  },
  "gcp-lookalike-account": {
    shows: "gcp/no-lookalike-principal",
    change: bound(uses, views, {
      role: gcpEncrypterDecrypterRole,
      members: [`serviceAccount:${anthropicGcpAccountName}@gcp-anthropic-cmek-client.iam.gserviceaccount.com`],
    }),
  },
  "gcp-foreign-account": {
    shows: "gcp/no-unexpected-external-principal",
    change: bound(uses, views, {
      role: "roles/cloudkms.cryptoKeyDecrypter",
      members: ["serviceAccount:analytics@partner-data.iam.gserviceaccount.com"],
    }),
  },
  "gcp-bound-on-project": {
    shows: "gcp/grant-scoped-to-key",
    project: { policy: { bindings: [owner, uses, views] } },
  },
  "gcp-account-administers": {
    shows: "gcp/service-account-least-privilege",
    change: bound(uses, views, { role: "roles/cloudkms.admin", members: [anthropicGcpMember] }),
  },
  "gcp-account-cannot-use-it": { shows: "gcp/service-account-can-encrypt-and-decrypt", change: bound(views) },
  "gcp-grant-ends": {
    shows: "gcp/bindings-stay-in-force",
    change: bound(views, {
      ...uses,
      condition: { title: "trial", expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' },
    }),
  },
  "gcp-not-labelled": { shows: "gcp/organization-label", change: { labels: { [label.name]: null } } },
  "gcp-multi-region": { shows: "gcp/key-in-supported-location", location: "us" },
  "gcp-use-not-logged": {
    shows: "gcp/data-access-logs-enabled",
    project: { policy: { bindings: [owner], auditConfigs: [] } },
  },
  "gcp-not-billed": { shows: "gcp/billing-enabled", project: { billing: { enabled: false } } },
  "gcp-policy-unreadable": { shows: "gcp/service-account-can-view", denied: "cloudkms:GetCryptoKeyIamPolicy" },
};

/** Fills the simulated Google Cloud, and returns the keys as they are to be registered; one of them is not there at all. */
export function addGcpDemoKeys({ gcp, control }: Simulator): readonly DemoKey[] {
  gcp.addProject(sampleProject({ name: `projects/${sharedProject}` }));
  return Object.entries(gcpDemoStates).map(([name, state], index) => {
    const project = state.project === undefined ? sharedProject : name;
    if (state.project !== undefined) {
      const number = String(200_000_000_000 + index);
      gcp.addProject(sampleProject({ name: `projects/${project}`, number, ...state.project }));
    }
    const ring = `projects/${project}/locations/${state.location ?? location}/keyRings/anthropic`;
    gcp.addKeyRing(sampleKeyRing({ name: ring }));
    const resource = `${ring}/cryptoKeys/${name}`;
    const documented = { name: resource, labels: { [label.name]: label.value }, ...bound(uses, views) };
    if (state.deleted !== true) gcp.addKey(sampleCryptoKey({ ...documented, ...state.change }));
    if (state.denied !== undefined) control.deny({ call: state.denied, resource });
    return { name, resource };
  });
}
