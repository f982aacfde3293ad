/** The IAM policy of a key in a file, as `gcloud kms keys get-iam-policy --format=json` prints it. */
import { documentedGcpPermissions } from "../../guidance/gcp-roles.ts";
import { anthropicGcpProject } from "../../guidance/identifiers.ts";
import { type Fact, known, unreadable } from "../../model/fact.ts";
import type { GcpIamPolicy, GcpRole } from "../../model/gcp.ts";
import type { KeyResource } from "../../model/key.ts";
import type { DocumentContent, DocumentKind, DocumentOrigin } from "../document-kind.ts";
import { gcpKeyParts } from "./key-name.ts";
import { levelAccess } from "./level-access.ts";
import { ownerOfMember } from "./member-owner.ts";
import { parseIamPolicy } from "./parse-iam-policy.ts";
import { parseGcpMember } from "./parse-member.ts";

export const gcloudIamPolicyDocument: DocumentKind = {
  kind: "gcp.kms-key",
  // YAML is what gcloud prints where nobody asks for JSON; of a key without bindings it prints the etag alone.
  recognizes: (text) => /"bindings"\s*:|^bindings:|^\s*(?:\{\s*"etag"|etag)\s*:/m.test(text),
  read: readIamPolicy,
  tells: ["key_policy"],
  comesWith: ["registration", "existence", "role", "ring_policy", "project_policy", "reads"],
  // Nobody has looked at what is above the key.
  saysNothingTo: ["gcp/grant-scoped-to-key"],
  remark,
  reads: { gcp_ancestors: false, gcp_perimeters: false, gcp_deny_policies: false },
  facts: (content, registration, key) => {
    const policy = parseIamPolicy(content);
    if (!policy.ok) throw new Error(`a policy that was read does not parse: ${policy.error.message}`);
    return {
      key_policy: known(policy.value),
      registration: known(registration),
      ...rolesOf(policy.value),
      // The document alone is judged: of a key that is there, and that nothing above it gives access to.
      existence: known("present"),
      project_policy: known(emptyPolicy),
      [`ring_policy:${gcpKeyParts(key.resource).ring_name}`]: known(emptyPolicy),
    };
  },
  keys: keysOf,
};

/** A project's policy is easily given for the key's: nothing in it says whose it is. */
function remark(content: string): string {
  const policy = parseIamPolicy(content);
  const { bindings, audit_configs } = policy.ok ? policy.value : emptyPolicy;
  const stranger = bindings.find(({ role }) => otherService.test(role));
  const sign = audit_configs.length > 0 ? "it has auditConfigs" : stranger && `it binds ${stranger.role}`;
  return sign === undefined
    ? "judged as the key's own policy; what the key ring, the project and what is above them give was not looked at"
    : `judged as the key's own policy, and ${sign}, as policies of projects do: \`gcloud kms keys get-iam-policy\` prints the key's`;
}

/** Predefined roles that are for something else than keys, and for more than IAM itself and all services. */
const otherService = /^roles\/(?!cloudkms\.|iam\.)[a-zA-Z]+\./;

const emptyPolicy: GcpIamPolicy = { version: 3, bindings: [], audit_configs: [] };

function readIamPolicy(text: string): DocumentContent {
  const parsed = parseIamPolicy(text);
  if (parsed.ok) return { ok: true, content: text };
  const { message, line, column } = parsed.error;
  const hint = /^\s*[{[]/.test(text) ? "" : "; print the policy with --format=json";
  return { ok: false, error: `${message} (line ${line}, column ${column})${hint}` };
}

/** What is documented of the roles; nobody here can ask what another one permits. */
function rolesOf(policy: GcpIamPolicy): Readonly<Record<string, Fact<GcpRole>>> {
  const { bindings } = levelAccess({ kind: "key", name: "" }, policy, documentedRole);
  return Object.fromEntries(bindings.map(({ role, permits }) => [`role:${role}`, permits]));
}

function documentedRole(role: string): Fact<GcpRole> {
  const permissions = documentedGcpPermissions[role];
  if (permissions === undefined) {
    return unreadable("unsupported", `what ${role} permits is not known without asking Google Cloud`);
  }
  const others = permissions.filter((permission) => !permission.startsWith("cloudkms."));
  return known({
    kms_permissions: permissions.filter((permission) => permission.startsWith("cloudkms.")),
    other_permissions: others.length,
    some_others: others,
    deleted: false,
  });
}

/** Projects that stand for any that the policy does not name. */
const anyProjects = ["any-project", "another-project"];

/** Where nobody says which key it is: one of each project that the policy names, and of two others. */
function keysOf(content: string, { account, key }: DocumentOrigin): readonly KeyResource[] {
  if (key !== null) return [key];
  const projects = account === null ? [...projectsIn(content), ...anyProjects] : [account];
  const named = keysIn(content).filter(({ account: project }) => account === null || project === account);
  return [
    ...named,
    ...projects.map((project) => keyOf(`projects/${project}/locations/us-central1/keyRings/any/cryptoKeys/any`)),
  ];
}

function projectsIn(content: string): ReadonlySet<string> {
  const policy = parseIamPolicy(content);
  const members = policy.ok ? policy.value.bindings.flatMap(({ members: texts }) => texts) : [];
  const owners = members.map((text) => ownerOfMember(parseGcpMember(text)));
  const projects = new Set(owners.flatMap((owner) => (owner.kind === "project" ? [owner.project] : [])));
  projects.delete(anthropicGcpProject);
  return projects;
}

/** Keys that a condition speaks of. */
function keysIn(content: string): readonly KeyResource[] {
  const names = content.match(/projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+/g);
  return [...new Set(names ?? [])].map(keyOf);
}

function keyOf(resource: string): KeyResource {
  const { project, location } = gcpKeyParts(resource);
  return {
    provider: "gcp",
    kind: "gcp.kms-key",
    resource,
    scope: `projects/${project}`,
    account: project,
    location,
  };
}
