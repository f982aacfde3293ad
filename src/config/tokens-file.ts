// The file that server.tokens_file names: who may ask, as a secret that is mounted into the service's file system.
import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";
import { roles, type StoredToken, tokenNameForm, tokenNamePattern } from "../model/token.ts";
import { readText } from "./load-config.ts";
import { momentForm, parseMoment } from "./moment.ts";
import { type Path, readYaml, type YamlSource } from "./yaml-source.ts";

export type TokensFile =
  | { readonly ok: true; readonly tokens: readonly StoredToken[] }
  /** `config-unreadable`, or `config-invalid` with every mistake in `errors`. */
  | { readonly ok: false; readonly error: OperatorError };

const hashForm = "the SHA-256 of a token, 64 hexadecimal digits";

const entrySchema = z.strictObject(
  {
    name: z.string({ error: tokenNameForm }).regex(tokenNamePattern, { error: tokenNameForm }),
    role: z.enum(roles, { error: `one of ${roles.join(", ")}` }),
    sha256: z
      .string({ error: hashForm })
      .regex(/^[0-9a-f]{64}$/i, { error: hashForm })
      .toLowerCase(),
    expires: z
      .string({ error: momentForm })
      .transform((text, context) => {
        const at = parseMoment(text);
        if (at !== undefined) return at;
        context.issues.push({ code: "custom", input: text, message: momentForm });
        return z.NEVER;
      })
      .optional(),
  },
  { error: "a mapping with name, role and sha256" },
);
const listSchema = z.array(entrySchema, { error: "a list of tokens" });

interface FoundMistake {
  readonly path: Path;
  readonly part: "name" | "value";
  readonly text: string;
}

/** Reads the file anew. */
export async function readTokensFile(file: string): Promise<TokensFile> {
  const read = await readText(file);
  if (read.ok) return parseTokensFile(read.text, file);
  const error = read.missing
    ? new OperatorError("config-unreadable", `there is no file ${file}, which server.tokens_file names`)
    : read.error;
  return { ok: false, error };
}

/** Of a text. A mistake is told by its place and by what is expected there, never by what is there: it may be a secret. */
export function parseTokensFile(text: string, file: string): TokensFile {
  const yaml = readYaml(text);
  if (!yaml.ok)
    return broken(
      file,
      yaml.errors.map(({ line, column }) => `${file}:${line}:${column}: not YAML`),
    );
  const { source } = yaml;
  const parsed = listSchema.safeParse(source.data);
  if (!parsed.success) return mistaken(file, source, parsed.error.issues.flatMap(mistakesOf));
  const repeated = [...repeatedMistakes(parsed.data, "name"), ...repeatedMistakes(parsed.data, "sha256")];
  if (repeated.length > 0) return mistaken(file, source, repeated);
  const unsaid = { source: "file", created_at: null, revoked_at: null, last_used_at: null } as const;
  const tokens = parsed.data.map(({ name, role, sha256, expires = null }): StoredToken => {
    return { id: `file:${name}`, name, role, sha256, expires_at: expires, ...unsaid };
  });
  return { ok: true, tokens };
}

function mistakesOf(issue: z.core.$ZodIssue): FoundMistake[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const text = `unknown name; known here: ${Object.keys(entrySchema.shape).join(", ")}`;
    return issue.keys.map((name) => ({ path: [...path, name], part: "name", text }));
  }
  return [{ path, part: "value", text: `expected ${issue.message}` }];
}

function repeatedMistakes(entries: readonly z.output<typeof entrySchema>[], field: "name" | "sha256"): FoundMistake[] {
  return entries.flatMap((entry, index): FoundMistake[] => {
    const first = entries.findIndex((other) => other[field] === entry[field]);
    if (first === index) return [];
    return [{ path: [index, field], part: "value", text: `expected a ${field} of its own, got that of [${first}]` }];
  });
}

function mistaken(file: string, source: YamlSource, mistakes: readonly FoundMistake[]): TokensFile {
  const details = mistakes.map(({ path, part, text }) => {
    const { line, column } = source.locate(path, part);
    const [index, field] = path;
    const known = field !== undefined && Object.hasOwn(entrySchema.shape, field) ? `.${field}` : "";
    return `${file}:${line}:${column}: ${index === undefined ? "" : `[${index}]${known}: `}${text}`;
  });
  return broken(file, details);
}

function broken(file: string, details: readonly string[]): TokensFile {
  const said = `${file} has ${details.length === 1 ? "a mistake" : `${details.length} mistakes`}`;
  const errors = details.map((detail) => ({ path: "server.tokens_file", detail }));
  return { ok: false, error: new OperatorError("config-invalid", said, { errors }) };
}
