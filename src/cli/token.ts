import { type Command, InvalidArgumentError, Option } from "commander";
import type { Config } from "../config/config-schema.ts";
import { durationForm, parseDuration } from "../config/duration.ts";
import { momentForm, parseMoment } from "../config/moment.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { type NewTokenText, newTokenText } from "../http/auth/token-text.ts";
import {
  type Role,
  roles,
  standardLifetime,
  stateOfToken,
  type Token,
  tokenNameForm,
  tokenNamePattern,
} from "../model/token.ts";
import { openTokens } from "../store/open-tokens.ts";
import type { Tokens } from "../store/store.ts";
import { chosenDatabase } from "./chosen-database.ts";
import { formatTable } from "./format-table.ts";

interface DatabaseOptions {
  readonly config?: string;
}

interface CreateOptions extends DatabaseOptions {
  readonly role: Role;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly expires?: number | "never";
  readonly hashOnly?: true;
}

function configOption(): Option {
  return new Option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)");
}

/** `keyposture token` */
export function addTokenCommand(program: Command): void {
  const token = program.command("token").description("say who may ask the API, beside a service that may be running");
  token
    .command("create")
    .description("make a token; its text is on standard output, this once")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).makeOptionMandatory())
    .requiredOption("--name <name>", "for whom or what it is", parseName)
    .option("--expires <when>", "a duration, a date, a time, or never (default: 90d)", parseExpiry)
    .option("--hash-only", "store nothing; print an entry for server.tokens_file on standard error")
    .addOption(configOption())
    .action(create);
  token
    .command("list")
    .description("list the tokens of the database, those that are revoked or expired included")
    .addOption(new Option("--format <format>", "for people or programs").choices(["table", "json"]).default("table"))
    .addOption(configOption())
    .action(list);
  token
    .command("revoke")
    .description("make a token useless, from the next request on")
    .argument("<token>", "its id, or the name of a live one")
    .addOption(configOption())
    .action(revoke);
}

function parseName(text: string): string {
  if (!tokenNamePattern.test(text)) throw new InvalidArgumentError(`It must be ${tokenNameForm}.`);
  return text;
}

function parseExpiry(text: string): number | "never" {
  if (text === "never") return text;
  const now = Date.now();
  const lifetime = parseDuration(text);
  const at = lifetime === undefined ? parseMoment(text) : now + lifetime;
  if (at === undefined || Number.isNaN(new Date(at).getTime())) {
    throw new InvalidArgumentError(`It must be ${durationForm}, ${momentForm}, or never.`);
  }
  if (at <= now) throw new InvalidArgumentError("It must lie in the future.");
  return at;
}

async function create({ config, name, role, expires, hashOnly }: CreateOptions): Promise<void> {
  const at = Date.now();
  const expires_at = expires === "never" ? null : (expires ?? at + standardLifetime);
  const made = newTokenText();
  if (hashOnly === true) {
    process.stderr.write(`${fileEntry(made, { name, role, expires_at })}\n`);
  } else {
    const { id, sha256 } = made;
    const unused = { source: "database", created_at: at, revoked_at: null, last_used_at: null } as const;
    const token = { id, name, role, sha256, expires_at, ...unused };
    const { created, auth, madeDatabase } = await withTokens(config, async (tokens, { server }, newDatabase) => {
      return { created: await tokens.create(token, at), auth: server.auth, madeDatabase: newDatabase };
    });
    if (!created) throw new OperatorError("token-exists", `a live token has the name ${name}`);
    const until = expires_at === null ? "never expires" : `expires at ${time(expires_at)}`;
    process.stderr.write(`token ${id}: ${name}, ${role}, ${until}; its text is shown this once\n`);
    process.stderr.write(madeDatabase ?? "");
    if (auth === "none") process.stderr.write("nobody is asked for it as long as server.auth is none\n");
  }
  process.stdout.write(`${made.text}\n`);
}

function fileEntry({ sha256 }: NewTokenText, { name, role, expires_at }: Pick<Token, "name" | "role" | "expires_at">) {
  const entry = [`- name: "${name}"`, `  role: ${role}`, `  sha256: "${sha256}"`];
  return (expires_at === null ? entry : [...entry, `  expires: "${time(expires_at)}"`]).join("\n");
}

async function list({ config, format }: DatabaseOptions & { readonly format: string }): Promise<void> {
  const all = await withTokens(config, (tokens) => tokens.list());
  const at = Date.now();
  const rows = all.map((token) => ({
    id: token.id,
    name: token.name,
    role: token.role,
    state: stateOfToken(token, at),
    created_at: timeOrNull(token.created_at),
    expires_at: timeOrNull(token.expires_at),
    revoked_at: timeOrNull(token.revoked_at),
    last_used_at: timeOrNull(token.last_used_at),
  }));
  if (format === "json") return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  const header = ["ID", "NAME", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED"];
  const cells = rows.map(({ id, name, role, state, created_at, expires_at, last_used_at }) => {
    return [id, name, role, state, created_at ?? "", expires_at ?? "never", last_used_at ?? "never"];
  });
  process.stdout.write(formatTable(header, cells));
}

async function revoke(named: string, { config }: DatabaseOptions): Promise<void> {
  const at = Date.now();
  const { id, name, revoked_at } = await withTokens(config, async (tokens) => {
    const all = await tokens.list();
    const token =
      all.find((one) => one.id === named) ??
      all.find((one) => one.name === named && stateOfToken(one, at) === "live") ??
      noSuchToken(named);
    await tokens.revoke(token.id, at);
    return token;
  });
  const done = revoked_at === null ? "revoked" : `was revoked at ${time(revoked_at)} already`;
  process.stderr.write(`token ${id}: ${name}, ${done}\n`);
}

function noSuchToken(named: string): never {
  throw new OperatorError("token-not-found", `no token has the id ${named}, and no live one that name`);
}

/** `newDatabase`: what to say of one that was made; null where it was there. */
async function withTokens<T>(
  path: string | undefined,
  work: (tokens: Tokens, config: Config, newDatabase: string | null) => Promise<T>,
): Promise<T> {
  const { config, willBeMade } = await chosenDatabase(path);
  const { tokens, close } = await openTokens(config.database);
  try {
    return await work(tokens, config, willBeMade);
  } finally {
    await close();
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}
