// What a schema cannot say: rules between several values. They look at what was written, so that a mistake elsewhere
// hides none of these.
import { isIPv4 } from "node:net";
import { azureCloudOf, azureClouds } from "./azure-key-resource.ts";
import { configSchema } from "./config-schema.ts";
import { keyNamePattern } from "./key-name.ts";
import { parseKeyResource } from "./key-resource.ts";
import { isLoopback } from "./loopback.ts";
import { type FoundMistake, isShown, type Show, unknownName, writtenPath } from "./mistake.ts";
import type { Path } from "./yaml-source.ts";

export interface CrossCheckContext {
  readonly data: unknown;
  /** The calls that can have a budget of their own. */
  readonly knownCalls: readonly string[];
  readonly show: Show;
  /** Line on which the value at a path stands. */
  readonly lineOf: (path: Path) => number;
}

/** Mistakes between values, in the order of the file's parts. */
export function crossCheck(context: CrossCheckContext): FoundMistake[] {
  return [
    ...resourceMistakes(context),
    ...repeatedMistakes(context, "name"),
    ...repeatedMistakes(context, "resource"),
    ...accountMistakes(context),
    ...azureMistakes(context),
    ...budgetMistakes(context),
    ...listenerMistakes(context),
    ...tokenMistakes(context),
  ];
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The texts that the keys have under a name, with their paths. */
function keyTexts(data: unknown, field: "name" | "resource"): { path: Path; text: string }[] {
  const keys = fieldOf(data, "keys");
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key, index) => {
    const text = fieldOf(key, field);
    return typeof text === "string" ? [{ path: ["keys", index, field], text }] : [];
  });
}

function resourceMistakes({ data, show }: CrossCheckContext): FoundMistake[] {
  return keyTexts(data, "resource").flatMap(({ path, text }) => {
    const parsed = parseKeyResource(text);
    if (parsed.ok) return [];
    return [
      {
        path,
        part: "value",
        text: `expected the full name of a key, got ${show(path)}: ${detailOf(parsed.detail, text, show(path))}`,
      },
    ];
  });
}

/** A detail quotes parts of the resource: nothing of it may be said where the resource itself may not be shown. */
function detailOf(detail: string, text: string, shownText: string): string {
  return isShown(text, shownText) ? detail : "it names no key";
}

function repeatedMistakes({ data, show, lineOf }: CrossCheckContext, field: "name" | "resource"): FoundMistake[] {
  const first = new Map<string, Path>();
  return keyTexts(data, field).flatMap(({ path, text }) => {
    const named = field === "name" ? nameOf(text) : resourceOf(text);
    const earlier = named === undefined ? undefined : first.get(named);
    if (earlier === undefined) {
      if (named !== undefined) first.set(named, path);
      return [];
    }
    const where = `${writtenPath(earlier)} on line ${lineOf(earlier)}`;
    return [{ path, part: "value", text: `expected a ${field} of its own, got ${show(path)}, which ${where} has` }];
  });
}

function nameOf(text: string): string | undefined {
  return keyNamePattern.test(text) ? text : undefined;
}

/** What a text names: one resource may be written in several ways. */
function resourceOf(text: string): string | undefined {
  const parsed = parseKeyResource(text);
  return parsed.ok ? parsed.resource.resource : undefined;
}

/**
 * What is said of Azure has to be about a key in Azure, of the cloud that is configured, and about its own vault; and
 * where that is has to be said, as it does not follow from the key's name.
 */
function azureMistakes({ data, show }: CrossCheckContext): FoundMistake[] {
  const keys = fieldOf(data, "keys");
  const written = fieldOf(fieldOf(data, "azure"), "cloud") ?? "public";
  const cloud = azureClouds.find((one) => one === written);
  const subscriptions = fieldOf(fieldOf(data, "azure"), "subscriptions") ?? [];
  const areNone = Array.isArray(subscriptions) && subscriptions.length === 0;
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key: unknown, index): FoundMistake[] => {
    const text = fieldOf(key, "resource");
    const parsed = typeof text === "string" ? parseKeyResource(text) : undefined;
    if (parsed?.ok !== true) return [];
    const { provider, account: host } = parsed.resource;
    const azure = fieldOf(key, "azure");
    if (provider !== "azure") {
      if (azure === undefined || azure === null) return [];
      return [
        { path: ["keys", index, "azure"], part: "name", text: `expected nothing of the kind: ${provider} has the key` },
      ];
    }
    const mistakes: FoundMistake[] = [];
    const of = azureCloudOf(host);
    if (cloud !== undefined && of !== cloud) {
      const path = ["keys", index, "resource"];
      mistakes.push({
        path,
        part: "value",
        text: `expected a key of azure.cloud ${cloud}, got ${show(path)}, one of ${of}`,
      });
    }
    const id = fieldOf(azure, "vault_resource_id");
    if (typeof id === "string" && id.split("/").at(-1)?.toLowerCase() !== host.split(".")[0]) {
      const path = ["keys", index, "azure", "vault_resource_id"];
      mistakes.push({ path, part: "value", text: `expected the id of the key's own vault, got ${show(path)}` });
    }
    if (areNone && (id ?? null) === null) {
      const path = ["keys", index, "resource"];
      const ways = `name its subscription under azure.subscriptions, or its id under keys[${index}].azure.vault_resource_id`;
      mistakes.push({ path, part: "value", text: `nothing says where the vault of ${show(path)} is; ${ways}` });
    }
    return mistakes;
  });
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html: "Cross-account use: No". */
function accountMistakes({ data, show }: CrossCheckContext): FoundMistake[] {
  return entriesOf(fieldOf(fieldOf(data, "aws"), "accounts")).flatMap(([account, entry]): FoundMistake[] => {
    const path = ["aws", "accounts", account];
    if (!/^\d{12}$/.test(account)) return [{ path, part: "name", text: "expected an account number of 12 digits" }];
    const role = fieldOf(entry, "role_arn");
    const owner = typeof role === "string" ? /^arn:[\w-]+:iam::(\d{12}):role\//.exec(role)?.[1] : undefined;
    if (owner === undefined || owner === account) return [];
    const at = [...path, "role_arn"];
    const text = `expected a role of account ${account}, got ${show(at)}; a key's policy can be read from its own account only`;
    return [{ path: at, part: "value", text }];
  });
}

function budgetMistakes({ data, knownCalls }: CrossCheckContext): FoundMistake[] {
  const known = ["ratio", "concurrency", ...knownCalls];
  return entriesOf(fieldOf(data, "budgets")).flatMap(([name]) => {
    if (known.includes(name)) return [];
    const ofService = knownCalls.filter((call) => call.startsWith(`${name.split(":")[0]}:`));
    const text = unknownName(name, ofService.length > 0 ? ofService : known);
    return [{ path: ["budgets", name], part: "name", text }];
  });
}

/** A port that is not written is the default one, and may be the other listener's too. */
function listenerMistakes({ data, show }: CrossCheckContext): FoundMistake[] {
  const server = configSchema.shape.server.safeParse(fieldOf(data, "server"));
  const metrics = configSchema.shape.metrics.safeParse(fieldOf(data, "metrics"));
  if (!server.success || !metrics.success || !metrics.data.enabled) return [];
  const { host, port } = metrics.data;
  if (port === 0 || port !== server.data.port || !hostsOverlap(server.data.host, host)) return [];
  const written = fieldOf(fieldOf(data, "metrics"), "port") !== undefined;
  const [part, other] = written ? (["metrics", "server"] as const) : (["server", "metrics"] as const);
  const path = [part, "port"];
  return [{ path, part: "value", text: `expected a port of its own, got ${show(path)}, which ${other}.port has` }];
}

/** Where nobody is asked for a token, nobody else may reach the API, and a list of tokens would be a misunderstanding. */
function tokenMistakes({ data, show }: CrossCheckContext): FoundMistake[] {
  const server = fieldOf(data, "server");
  if (fieldOf(server, "auth") === "tokens") return [];
  const mistakes: FoundMistake[] = [];
  const host = fieldOf(server, "host");
  if (typeof host === "string" && !isLoopback(host)) {
    const path = ["server", "host"];
    const text = `expected a loopback address (127.0.0.1, ::1, localhost), got ${show(path)}; others take server.auth: tokens`;
    mistakes.push({ path, part: "value", text });
  }
  if (typeof fieldOf(server, "tokens_file") === "string") {
    const path = ["server", "tokens_file"];
    const text = `expected none, got ${show(path)}; without server.auth: tokens, nobody is asked for one`;
    mistakes.push({ path, part: "value", text });
  }
  return mistakes;
}

/** Whether listening on both takes one address twice. `localhost` may be either loopback, and `::` takes IPv4 as well. */
function hostsOverlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || covers(a, b) || covers(b, a);
}

function covers(host: string, other: string): boolean {
  if (host === "::") return true;
  if (host === "0.0.0.0") return isIPv4(other) || other === "localhost";
  return host === "localhost" && (other === "127.0.0.1" || other === "::1");
}
