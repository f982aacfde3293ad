// What people say about a key, in the configuration file and in POST and PATCH /keys.
import { z } from "zod";
import { guidanceRevisions } from "../model/guidance-revision.ts";
import type { Registration } from "../model/key.ts";
import { keyNameForm, keyNamePattern } from "./key-name.ts";

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What to say about a text that is no bare UUID: AWS compares the bare one, in lower case. */
function uuidHint(text: string): string {
  const tag = /^([a-z]+)_/.exec(text)?.[1];
  if (tag === "org") return "a bare UUID; this is an organization's tagged id, and keys are bound to its UUID";
  if (tag === "wrkspc")
    return "a bare UUID; this is a workspace's tagged id, and keys are bound to its compartment's UUID";
  if (tag !== undefined) return `a bare UUID; this is a tagged id (${tag}_)`;
  if (uuidPattern.test(text.toLowerCase())) return "a UUID in lower case; it is compared with regard to case";
  return "a bare lowercase UUID such as f8a7b6c5-0d1e-4f2a-9b3c-4d5e6f708192";
}

/** A list without repetition. The check runs also where an item is wrong, so that all mistakes are said at once. */
export function distinct<T extends z.ZodType<string, string>>(item: T) {
  return z.array(item).refine((items) => new Set(items).size === items.length, {
    error: ({ input }) => `a list that holds nothing twice; ${repeated(input)}`,
    when: ({ value }) => Array.isArray(value),
  });
}

function repeated(items: unknown): string {
  if (!Array.isArray(items)) return "";
  const second = items.findIndex((item, index) => items.indexOf(item) < index);
  return `[${items.indexOf(items[second])}] and [${second}] are the same`;
}

const uuid = z.string().regex(uuidPattern, { error: ({ input }) => uuidHint(String(input)) });

/** The organizations of a customer, at the top of the configuration and at a key. */
export const organizationsSchema = distinct(uuid);

const roleForm = "the ARN of a role, arn:aws:iam::<account>:role/<name>";

/** A role of any account. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
export const roleArnSchema = z
  .string({ error: roleForm })
  .regex(/^arn:aws(?:-us-gov|-cn)?:iam::\d{12}:role\/\S+$/, { error: roleForm });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const principalForms = [
  /^\d{12}$/,
  /^arn:aws[a-z-]*(?::[^:\s]*){3}:\S+$/,
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
  /^A(?:ROA|IDA)[A-Z0-9]{12,124}$/,
  // An organization or a part of it, as aws:PrincipalOrgID and aws:PrincipalOrgPaths name them.
  /^o-[a-z0-9]+(?:\/\S*)?$/,
  // Members as Google Cloud writes them: https://cloud.google.com/iam/docs/principal-identifiers
  /^(?:user|group|serviceAccount):[^\s@]+@\S+$/,
  /^domain:[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
  /^project(?:Owner|Editor|Viewer):\S+$/,
  /^principal(?:Set)?:\/\/\S+$/,
  // Object ids in the directory of an Azure tenant.
  uuidPattern,
];

const memberKinds = ["user", "group", "serviceAccount", "domain", "projectOwner", "projectEditor", "projectViewer"];

const principal = z.string().refine((text) => principalForms.some((form) => form.test(text)), {
  error: ({ input }) =>
    `an account number of 12 digits, an ARN, a service name, a unique id (AROA…, AIDA…), an organization's id, a member of Google Cloud (user:…, serviceAccount:…, group:…, domain:…, principal://…), or an object id of Azure (a UUID in lower case)${principalHint(String(input))}`,
});

function principalHint(text: string): string {
  if (/^(?:\*|allUsers|allAuthenticatedUsers)$/.test(text)) return `; ${text} would expect everybody`;
  const prefix = /^[A-Za-z]+(?=:)/.exec(text)?.[0].toLowerCase();
  const meant = memberKinds.find((kind) => kind.toLowerCase() === prefix);
  if (meant !== undefined && !text.startsWith(`${meant}:`)) return `; capitals count: ${meant}:`;
  return /^[^\s:@]+@/.test(text) ? "; before an address stands whose it is: user:, group: or serviceAccount:" : "";
}

/** An id of Azure: it compares them without regard to case, and so lower case is as good as any. */
function azureId(what: string) {
  return (
    z
      .string()
      .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: `${what}, a UUID` })
      // No transform: that would take the examples out of the description of what is sent.
      .toLowerCase()
      .nullable()
      .default(null)
  );
}

const vaultIdForm =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.KeyVault\/(?:vaults|managedHSMs)\/[A-Za-z0-9-]+$/i;

const azureRegistrationSchema = z.strictObject({
  dedicated_vault: z
    .boolean()
    .default(false)
    .describe(
      "Whether the vault holds keys for Anthropic only, so that a role on the vault is as good as one on the key.",
    ),
  tenant_id: azureId("the id of a tenant").describe("The tenant that is registered for the key with Anthropic."),
  vault_resource_id: z
    .string()
    .regex(vaultIdForm, {
      error: "the id of a vault, /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>",
    })
    .nullable()
    .default(null)
    .describe("The vault's id. Default: it is looked for in `azure.subscriptions`."),
  service_principal_object_id: azureId("the object id of a service principal").describe(
    "Object id of Anthropic's application in the vault's tenant. Default: the directory is asked, where `reads.azure_directory` is on.",
  ),
  client_id: azureId("the id of an application").describe(
    "The application (client) id that was registered for the key. Default: the one that Anthropic publishes.",
  ),
});

const labelNamePattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;

/** Everything that PATCH /keys/{name} may change. An absent field stays as it is; null is "not said". */
export const registrationSchema = z.strictObject({
  compartments: distinct(uuid)
    .optional()
    .describe("UUIDs of the compartments (workspaces) that use the key. What is not listed is not expected."),
  organizations: organizationsSchema
    .nullable()
    .optional()
    .describe("UUIDs of the Anthropic organizations that use the key. Default: the top-level `organizations`."),
  expected_principals: distinct(principal)
    .optional()
    .describe(
      "Principals besides Anthropic's that are meant to have access: account numbers, ARNs and service names of AWS, members as Google Cloud writes them, object ids of Azure.",
    ),
  in_use_since: z.iso
    .date({ error: "a date such as 2026-07-01" })
    .nullable()
    .optional()
    .describe("Date since which Anthropic uses the key. Keys in use before 2026-09 have data that must stay readable."),
  role_arn: roleArnSchema
    .nullable()
    .optional()
    .describe("In AWS, the role that is registered for the key with Anthropic, where one is."),
  azure: azureRegistrationSchema
    .nullable()
    .optional()
    .describe("In Azure, what is expected of the key's vault and of Anthropic's application in its tenant."),
  guidance: z
    .enum(guidanceRevisions)
    .nullable()
    .optional()
    .describe("Revision of the documented rules that the key is judged by. Default: the top-level `guidance`."),
  labels: z
    .record(
      z.string().regex(labelNamePattern, { error: "a label name of letters, digits, dots, dashes and slashes" }),
      z.string().max(256, { error: "at most 256 characters" }),
    )
    .optional()
    .describe("For people and exports. Those listed in `metrics.key_labels` become labels of keyposture_key_info."),
});
export type RegistrationFields = z.output<typeof registrationSchema>;

/**
 * A key as it is registered, by the file or by POST /keys. Whether `resource` names a key is for `parseKeyResource` to
 * say: it has more to tell than a pattern.
 */
export const keySchema = z.strictObject({
  name: z
    .string()
    .regex(keyNamePattern, { error: keyNameForm })
    .optional()
    .describe(
      "Its name here: in paths, in `--key` and in the metric label `key`. Default: the last part of the resource.",
    ),
  resource: z
    .string({ error: "the full name of a key" })
    .describe(
      "The key's full name: its ARN in AWS, `projects/…/cryptoKeys/…` in Google Cloud, `https://<vault>.vault.azure.net/keys/<key>` in Azure. Provider, account and, but in Azure, location follow from it.",
    ),
  ...registrationSchema.shape,
});
export type KeyFields = z.output<typeof keySchema>;

/** A registration with everything said; `organizations` are those of a key that names none of its own. */
export function toRegistration(fields: RegistrationFields, organizations: readonly string[]): Registration {
  return {
    compartments: fields.compartments ?? [],
    organizations: fields.organizations ?? organizations,
    expected_principals: fields.expected_principals ?? [],
    in_use_since: fields.in_use_since ?? null,
    role_arn: fields.role_arn ?? null,
    azure: fields.azure ?? null,
    guidance: fields.guidance ?? null,
    labels: fields.labels ?? {},
  };
}
