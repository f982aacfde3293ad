import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TextDecoder } from "node:util";
import { OperatorError } from "../errors/operator-error.ts";
import type { Config } from "./config-schema.ts";
import { parseConfig } from "./parse-config.ts";
import type { Environment } from "./substitute.ts";

export interface LoadOptions {
  /** `--config`. */
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly knownCalls: readonly string[];
  /** Whether to go on with the defaults where no file is named and there is no ./keyposture.yaml. */
  readonly optional?: boolean;
}

export type LoadedConfig =
  /** `file` is the absolute path that was read; null where the defaults stand in for a missing file. */
  | { readonly ok: true; readonly config: Config; readonly file: string | null }
  /** `config-not-found`, `config-unreadable` or `config-invalid`, the last with every mistake in `errors`. */
  | { readonly ok: false; readonly error: OperatorError };

const standardFile = "keyposture.yaml";

/** Finds and reads the configuration: `--config`, then `KEYPOSTURE_CONFIG`, then `./keyposture.yaml`. */
export async function loadConfig({ path, env, cwd, knownCalls, optional = false }: LoadOptions): Promise<LoadedConfig> {
  // An empty variable is how a shell unsets one for a single command.
  const named = path ?? (env["KEYPOSTURE_CONFIG"] || undefined);
  const file = resolve(cwd, named ?? standardFile);
  const read = await readText(file);
  if (!read.ok && read.missing && named === undefined && optional) {
    return parsed("", standardFile, null, env, knownCalls);
  }
  if (!read.ok) return { ok: false, error: read.missing ? notFound(file, named !== undefined) : read.error };
  return parsed(read.text, named ?? standardFile, file, env, knownCalls);
}

function parsed(
  text: string,
  shownFile: string,
  file: string | null,
  env: Environment,
  knownCalls: readonly string[],
): LoadedConfig {
  const result = parseConfig(text, { file: shownFile, env, knownCalls });
  if (result.ok) return { ok: true, config: result.config, file };
  const { mistakes } = result;
  const detail = `${shownFile} has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}`;
  const errors = mistakes.map(({ path, message }) => ({ path, detail: message }));
  return { ok: false, error: new OperatorError("config-invalid", detail, { errors }) };
}

function notFound(file: string, named: boolean): OperatorError {
  const detail = named
    ? `there is no file ${file}`
    : `there is no ${file}, and neither --config nor KEYPOSTURE_CONFIG names a file; the least that one holds is\n` +
      "keys:\n  - resource: arn:aws:kms:<region>:<account>:key/<key id>";
  return new OperatorError("config-not-found", detail);
}

type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: true }
  | { readonly ok: false; readonly missing: false; readonly error: OperatorError };

/** The text of a file that the configuration consists of. */
export async function readText(file: string): Promise<ReadText> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    if (cause.code === "ENOENT") return { ok: false, missing: true };
    const detail = whyUnreadable(file, cause.code) ?? cause.message;
    return { ok: false, missing: false, error: new OperatorError("config-unreadable", detail, { cause }) };
  }
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const error = new OperatorError("config-unreadable", `${file} is not UTF-8 text`, { cause });
    return { ok: false, missing: false, error };
  }
}

function whyUnreadable(file: string, code: unknown): string | undefined {
  if (code === "EISDIR") return `${file} is a directory; expected the path of a file`;
  return code === "EACCES" ? `there is no permission to read ${file}` : undefined;
}
