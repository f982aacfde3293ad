// The shape of the configuration, with every default and every description: docs/configuration.md is made of it.
import { isIP } from "node:net";
import { z } from "zod";
import { guidanceRevisions, newestGuidance } from "../model/guidance-revision.ts";
import type { KeyResource, Registration } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import { azureClouds } from "./azure-key-resource.ts";
import { durationForm, parseDuration } from "./duration.ts";
import { distinct, keySchema, organizationsSchema, roleArnSchema } from "./registration-schema.ts";

/** Timers hold 32 bits: a longer pause would be none. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestLane = 24 * 86_400_000;

function duration({ min, max, form }: { min: number; max: number; form: string }) {
  return z.string({ error: form }).transform((text, context) => {
    const parsed = parseDuration(text);
    if (parsed !== undefined && parsed >= min && parsed <= max) return parsed;
    context.issues.push({ code: "custom", input: text, message: form });
    return z.NEVER;
  });
}

function lane(standard: string) {
  return duration({ min: 1000, max: longestLane, form: `${durationForm}, from 1s to 24d` }).prefault(standard);
}

function period(standard: string) {
  return duration({ min: 0, max: Number.MAX_SAFE_INTEGER, form: durationForm }).prefault(standard);
}

function count(min: number, max: number, form: string) {
  const error = form;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const portForm = "a port from 0 to 65535; 0 lets the system choose";
const ratioForm = "a share above 0 and at most 1";
const rateForm = "requests per second, above 0";

function isHost(host: string): boolean {
  return (
    isIP(host) !== 0 || /^(?=.{1,253}$)[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i.test(host)
  );
}

/** Whether a range begins where its mask says, so that what is written is what is meant. */
function isNetwork(cidr: string): boolean {
  const [address = "", length = ""] = cidr.split("/");
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}

const accountSchema = z.strictObject({
  role_arn: roleArnSchema.describe("Role of this account that the service takes on to read it."),
  external_id: z
    .string()
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    .regex(/^[\w+=,.@:/-]{2,1224}$/, { error: "2 to 1224 letters, digits and +=,.@:/-" })
    .nullable()
    .default(null)
    .describe("External id that the role's trust policy asks for."),
});

const project = z.string().regex(/^(?:(?:[a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[1-9][0-9]*)$/, {
  error: ({ input }) =>
    `a project's id or number${String(input).startsWith("projects/") ? "; leave out projects/" : ""}`,
});

const gcpSchema = z.strictObject({
  quota_project: project
    .nullable()
    .default(null)
    .describe(
      "Project whose quotas are used for all requests; the identity needs `serviceusage.services.use` there. The budget is then one for all projects that have keys. Without it, Google counts requests by the credentials, and each project that has keys has a budget of its own.",
    ),
  impersonate: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+\.gserviceaccount\.com$/, { error: "the e-mail address of a service account" })
    .nullable()
    .default(null)
    .describe("E-mail address of a service account that the service's own credentials impersonate to read everything."),
  own_domains: distinct(
    z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, { error: "a domain in lower case, such as example.com" }),
  )
    .default([])
    .describe("Domains whose users and groups are the customer's own, and no finding."),
  own_projects: distinct(project)
    .default([])
    .describe("Projects, by id or number, whose service accounts are the customer's own; the key's project always is."),
  anthropic_customer_id: z
    .string()
    .regex(/^C[0-9a-z]{8}$/, { error: "a customer id such as C01234abc" })
    .nullable()
    .default(null)
    .describe("Anthropic's customer id, where an organization policy must list it. Ask Anthropic for it."),
});

const subscription = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, {
  error: ({ input }) =>
    `a subscription's id, a UUID in lower case${String(input).startsWith("/subscriptions/") ? "; leave out /subscriptions/" : ""}`,
});

const azureSchema = z.strictObject({
  subscriptions: distinct(subscription)
    .default([])
    .describe("Subscriptions in which the vaults of registered keys are looked for, by their ids."),
  cloud: z.enum(azureClouds).default("public").describe("Which of Azure's clouds the vaults are in."),
});

const lanesSchema = z.strictObject({
  fast: lane("60s").describe("How often the state and the policy of each key are read."),
  full: lane("15m").describe("How often everything else is read."),
} satisfies Record<ScanLane, z.ZodType>);

const budgetsSchema = z
  .object({
    ratio: z
      .number({ error: ratioForm })
      .gt(0, { error: ratioForm })
      .max(1, { error: ratioForm })
      .default(0.25)
      .describe("Share of each published request quota that the service may use; the rest is for others."),
    concurrency: count(1, 1024, "a whole number from 1 to 1024")
      .default(16)
      .describe("Requests in flight at any time, over all accounts and projects."),
  })
  .catchall(z.number({ error: rateForm }).gt(0, { error: rateForm }))
  .transform(({ ratio, concurrency, ...rates }) => ({ ratio, concurrency, rates: rates as Record<string, number> }));

const settingsSchema = z.strictObject({
  max_administrators: count(0, 1_000_000, "a whole number from 0")
    .default(5)
    .describe("How many principals may administer a key before that is a finding."),
  key_expiry_notice: period("30d").describe("How long before the expiry of key material that is a finding."),
  min_destroy_delay: period("7d").describe(
    "Shortest acceptable time between the decision to destroy a key and its end.",
  ),
  anthropic_egress: distinct(
    z
      .cidrv4({ error: "an IPv4 range such as 160.79.104.0/21", abort: true })
      .refine(isNetwork, { error: "an IPv4 range that begins at its network address" }),
  )
    .min(1, { error: "at least one range" })
    .default(["160.79.104.0/21"])
    .describe("IPv4 ranges from which Anthropic calls. Ask Anthropic for the current list."),
});

const hostSchema = z.string().refine(isHost, { error: "an IP address or a host name" });

const serverSchema = z.strictObject({
  host: hostSchema
    .default("127.0.0.1")
    .describe("Address of the API. Another one than a loopback address only where tokens are asked for."),
  port: count(0, 65_535, portForm).default(8080).describe("Port of the API; 0 lets the system choose."),
  auth: z
    .enum(["none", "tokens"])
    .default("none")
    .describe("Whether each request to the API has to bring a token; `keyposture token create` makes one."),
  tokens_file: z
    .string()
    .min(1, { error: "the path of a file" })
    .nullable()
    .default(null)
    .describe(
      "Path of a file with hashes of tokens, beside those of the database: a YAML list of `name`, `role`, `sha256` and, if need be, `expires`, as `keyposture token create --hash-only` writes them. It is read again when it has changed.",
    ),
});

const metricsModes = ["detailed", "summary"] as const;

const metricsSchema = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether /metrics, /healthz and /readyz have a listener of their own."),
  host: hostSchema.default("127.0.0.1").describe("Its address."),
  port: count(0, 65_535, portForm).default(9090).describe("Its port; 0 lets the system choose."),
  mode: z
    .enum(metricsModes)
    .default("detailed")
    .describe(
      "With `summary`, the series of `keyposture_check_failing` that are 0 are left out: advisable with more than 1000 keys.",
    ),
  // https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
  key_labels: distinct(
    z.string().regex(/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/, {
      error: "a Prometheus label name; letters, digits and underscores, no digit first, not two underscores first",
    }),
  )
    .default([])
    .describe("Labels of keys that become labels `label_<name>` of keyposture_key_info."),
});

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export const configSchema = z.strictObject({
  keys: z.array(keySchema).default([]).describe("The keys to watch. Keys can also be registered with POST /keys."),
  guidance: z
    .enum(guidanceRevisions)
    .default(newestGuidance)
    .describe("Revision of the documented rules that keys are judged by."),
  organizations: organizationsSchema.default([]).describe("UUIDs of the Anthropic organizations that use the keys."),
  aws: z
    .strictObject({
      accounts: z
        .record(z.string(), accountSchema)
        .default({})
        .describe(
          "How to read each account, by its number. Accounts without an entry are read with the service's own identity.",
        ),
    })
    .prefault({})
    .describe("What is particular to AWS."),
  gcp: gcpSchema.prefault({}).describe("What is particular to Google Cloud."),
  azure: azureSchema.prefault({}).describe("What is particular to Azure."),
  reads: z
    .strictObject({
      aws_organization: z.boolean().default(false).describe("Read the organization's resource control policies."),
      gcp_ancestors: z
        .boolean()
        .default(true)
        .describe("Read the IAM policies of the folders and the organization above a Google Cloud project."),
      gcp_deny_policies: z
        .boolean()
        .default(false)
        .describe("Read the IAM deny policies of a Google Cloud project and above."),
      gcp_perimeters: z
        .boolean()
        .default(false)
        .describe("Read the service perimeters of the Google Cloud organization."),
      azure_directory: z
        .boolean()
        .default(true)
        .describe("Read Anthropic's application and those that resemble it in the directory of an Azure tenant."),
    })
    .prefault({})
    .describe("Reads beyond the keys' own accounts and projects. What is off is listed in /summary."),
  lanes: lanesSchema.prefault({}).describe("How often keys are read."),
  budgets: budgetsSchema
    .prefault({})
    .describe(
      'How much the service may ask. Requests per second of one call by its name: `"kms:GetKeyPolicy": 100`. Calls that share a quota have one name: `"cloudkms:read": 5`, `"arm:read": 6`.',
    ),
  settings: settingsSchema.prefault({}).describe("What may be adjusted in the checks."),
  database: z
    .string()
    .refine((path) => path !== "" && path !== ":memory:", { error: "the path of a file" })
    .default("./keyposture.db")
    .describe("Path of the SQLite database, relative to the working directory. It is made where there is none."),
  server: serverSchema.prefault({}).describe("The listener of the API."),
  metrics: metricsSchema.prefault({}).describe("What Prometheus reads."),
  log: z
    .strictObject({ level: z.enum(logLevels).default("info").describe("Least severity that is logged.") })
    .prefault({})
    .describe("The log, on standard error."),
});

/** A key of the file, with its defaults filled in. */
export interface ConfiguredKey extends KeyResource {
  readonly name: string;
  readonly registration: Registration;
}

/** The configuration, whole and checked. Durations are milliseconds. */
export interface Config extends Readonly<Omit<z.output<typeof configSchema>, "keys">> {
  readonly keys: readonly ConfiguredKey[];
}
