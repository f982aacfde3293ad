import { shellWords } from "./shell-words.ts";

/** What a command takes: its flags, and what its one positional argument is called. */
export interface GcloudForm {
  readonly target: string;
  readonly flags: Readonly<Record<string, GcloudFlag>>;
  /** Flags of which at least one is given. */
  readonly some?: readonly string[];
}

export type GcloudFlag =
  | { readonly value: true; readonly required: boolean }
  /** Says something by being there. */
  | { readonly value: false; readonly required: boolean };

export interface GcloudCommand {
  /** The words after `gcloud`. */
  readonly path: string;
  readonly target: string;
  /** By name; "" for one without a value. */
  readonly flags: Readonly<Record<string, string>>;
}

/**
 * Takes a line apart as `gcloud` does, by the forms given.
 * @throws Error where the command or a flag is not among them, or what it needs is missing.
 */
export function parseGcloud(line: string, forms: Readonly<Record<string, GcloudForm>>): GcloudCommand {
  const [program, ...words] = shellWords(line);
  if (program !== "gcloud") throw new Error(`no command of gcloud: ${line}`);
  const path = Object.keys(forms).find((one) => `${words.join(" ")} `.startsWith(`${one} `));
  const form = path === undefined ? undefined : forms[path];
  if (path === undefined || form === undefined) throw new Error(`gcloud has no such command here: ${line}`);
  const { targets, flags } = given(words.slice(path.split(" ").length), form);
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw new Error(`${path} takes one ${form.target}: ${line}`);
  // A full name holds what the flags would tell.
  const missing = Object.entries(form.flags).filter(
    ([name, { required }]) => required && flags[name] === undefined && !(target.includes("/") && isParent(name)),
  );
  if (missing.length > 0) throw new Error(`${path} needs ${missing.map(([name]) => `--${name}`).join(", ")}: ${line}`);
  if (form.some !== undefined && !form.some.some((name) => flags[name] !== undefined)) {
    throw new Error(`${path} needs one of ${form.some.join(", ")}: ${line}`);
  }
  return { path, target, flags };
}

function isParent(flag: string): boolean {
  return ["keyring", "location", "project"].includes(flag);
}

function given(words: readonly string[], { flags: known }: GcloudForm) {
  const targets: string[] = [];
  const flags: Record<string, string> = {};
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      targets.push(word);
      continue;
    }
    const [, name = "", , inline] = /^--([a-z-]+)(=(.*))?$/s.exec(word) ?? [];
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    if (form === undefined) throw new Error(`gcloud knows no flag ${word} here`);
    if (flags[name] !== undefined) throw new Error(`--${name} is given twice`);
    flags[name] = form.value ? valueOf(name, inline ?? dashless(rest)) : withoutValue(name, inline);
  }
  return { targets, flags };
}

/** The next word, unless it is a flag of its own. */
function dashless(rest: string[]): string | undefined {
  return rest[0]?.startsWith("-") ? undefined : rest.shift();
}

function valueOf(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw new Error(`--${name} needs a value`);
  return value;
}

function withoutValue(name: string, value: string | undefined): string {
  if (value !== undefined) throw new Error(`--${name} takes no value`);
  return "";
}
