import { type Config, type ConfiguredKey, configSchema } from "./config-schema.ts";
import { crossCheck } from "./cross-checks.ts";
import { halfCharacters } from "./half-characters.ts";
import { freeKeyName } from "./key-name.ts";
import { parseKeyResource } from "./key-resource.ts";
import { expectation, type FoundMistake, type Mistake, mistakesOf, shown, writtenPath } from "./mistake.ts";
import { type KeyFields, toRegistration } from "./registration-schema.ts";
import { type Environment, substitute } from "./substitute.ts";
import { type Path, readYaml } from "./yaml-source.ts";

export interface ParseOptions {
  /** How the file is called in messages. */
  readonly file: string;
  /** For `${NAME}`. */
  readonly env: Environment;
  /** The calls that can have a budget of their own, e.g. `kms:GetKeyPolicy`. */
  readonly knownCalls: readonly string[];
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  /** All mistakes, in the order of the file. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads the text of a configuration file. Pure: the environment comes as an argument. */
export function parseConfig(text: string, { file, env, knownCalls }: ParseOptions): ParsedConfig {
  const yaml = readYaml(text);
  if (!yaml.ok) {
    const unread = yaml.errors.map(({ line, column, text: why }) => ({
      path: "",
      line,
      column,
      message: `${file}:${line}:${column}: not YAML: ${why}`,
    }));
    return { ok: false, mistakes: unread };
  }
  const { source } = yaml;
  const { data, variables, mistakes } = substitute(source.data, env);
  const show = (path: Path) => shown(valueAt(data, path), variables.get(JSON.stringify(path)));
  const parsed = configSchema.safeParse(data, { error: expectation });
  const issues = parsed.success ? [] : parsed.error.issues;

  // A text whose variable is missing is not what was meant: what else is wrong with it is not known.
  const unset = new Set(mistakes.map(({ path }) => JSON.stringify(path)));
  const found: FoundMistake[] = [
    ...issues.flatMap((issue) => mistakesOf(issue, (path) => valueAt(data, path), show)),
    ...halfCharacters(data).map((path) => ({
      path,
      part: "value" as const,
      text: `expected whole characters, got ${show(path)}`,
    })),
    ...crossCheck({ data, knownCalls, show, lineOf: (path) => source.locate(path, "value").line }),
  ].filter(({ path }) => !unset.has(JSON.stringify(path)));
  found.push(...mistakes.map((mistake) => ({ ...mistake, part: "value" as const })));

  if (found.length > 0) return { ok: false, mistakes: placed(found, file, source.locate) };
  if (!parsed.success) throw new Error("the schema refuses the configuration without saying why");
  const { keys, ...config } = parsed.data;
  return { ok: true, config: { ...config, keys: configuredKeys(keys, config.organizations) } };
}

function placed(
  found: readonly FoundMistake[],
  file: string,
  locate: (path: Path, part: "name" | "value") => { line: number; column: number },
): Mistake[] {
  const mistakes = found.map(({ path, part, text }) => {
    const { line, column } = locate(path, part);
    const at = writtenPath(path);
    return { path: at, line, column, message: `${file}:${line}:${column}: ${at === "" ? "" : `${at}: `}${text}` };
  });
  mistakes.sort((a, b) => a.line - b.line || a.column - b.column);
  // Several rules may refuse one value in the same words.
  return mistakes.filter(({ message }, index) => mistakes.findIndex((other) => other.message === message) === index);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** Keys with names: given ones come first, so that a default never takes one away. */
function configuredKeys(keys: readonly KeyFields[], organizations: readonly string[]): ConfiguredKey[] {
  const taken = new Set(keys.map(({ name }) => name));
  return keys.map((fields) => {
    const parsed = parseKeyResource(fields.resource);
    if (!parsed.ok) throw new Error(`a resource passed the checks that is none: ${parsed.detail}`);
    const name = fields.name ?? freeKeyName(parsed.default_name, parsed.resource, (other) => taken.has(other));
    taken.add(name);
    return { ...parsed.resource, name, registration: toRegistration(fields, organizations) };
  });
}
