// ${NAME} in texts: values that must not stand in the file come from the environment.
import type { Path } from "./yaml-source.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  readonly data: unknown;
  /** Names of the variables of which a text was made, by its path as JSON: it may be secret, and is never shown. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  readonly mistakes: readonly { readonly path: Path; readonly text: string }[];
}

/** Puts variables in place of `${NAME}` in every text, names of mappings excepted. `$${` stands for `${` itself. */
export function substitute(data: unknown, env: Environment): Substituted {
  const variables = new Map<string, readonly string[]>();
  const mistakes: { path: Path; text: string }[] = [];

  function walk(value: unknown, path: Path, around: readonly unknown[]): unknown {
    if (typeof value === "string") return expand(value, path);
    if (typeof value !== "object" || value === null) return value;
    if (around.includes(value)) {
      mistakes.push({ path, text: "an alias that refers to what it is part of" });
      return null;
    }
    const within = [...around, value];
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], within));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, [...path, name], within)]));
  }

  function expand(text: string, path: Path): string {
    const used: string[] = [];
    const expanded = text.replace(/\$\$\{|\$\{([^}]*)\}?/g, (match, name: string | undefined) => {
      if (name === undefined) return "${";
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !match.endsWith("}")) {
        mistakes.push({ path, text: `expected \${NAME} of an environment variable, got ${match}; write $\${ for \${` });
        return match;
      }
      const value = env[name];
      if (value === undefined) {
        mistakes.push({ path, text: `the environment variable ${name} is not set` });
        return match;
      }
      used.push(name);
      return value;
    });
    if (used.length > 0) variables.set(JSON.stringify(path), used);
    return expanded;
  }

  return { data: walk(data, [], []), variables, mistakes };
}
