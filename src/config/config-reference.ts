import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** One row of docs/configuration.md. */
export interface ConfigField {
  /** E.g. `keys[].name`, `aws.accounts.<name>.role_arn`. */
  readonly path: string;
  readonly type: string;
  /** As one would write it in the file; null where there is none. */
  readonly standard: string | null;
  readonly required: boolean;
  readonly description: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

/** The configuration as JSON Schema: what the file may hold, before defaults and conversion. */
function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
}

/** Every field of the configuration, in the order of the schema. */
export function configReference(): readonly ConfigField[] {
  return fieldsOf(configJsonSchema(), "");
}

function fieldsOf(described: JsonSchema, path: string): ConfigField[] {
  const schema = mappingOf(described);
  const { items, additionalProperties, properties = {} } = schema;
  const named = Object.entries(properties).flatMap(([name, field]) => {
    const at = path === "" ? name : `${path}.${name}`;
    return [fieldOf(field, at, schema.required?.includes(name) === true), ...fieldsOf(field, at)];
  });
  if (items !== undefined) named.push(...fieldsOf(items, `${path}[]`));
  if (typeof additionalProperties === "object") named.push(...fieldsOf(additionalProperties, `${path}.<name>`));
  return named;
}

/** The mapping of what may be a mapping or null. */
function mappingOf(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
}

function fieldOf(schema: JsonSchema, path: string, required: boolean): ConfigField {
  const { description = "", default: standard } = schema;
  // A mapping's default is that of its fields.
  const shown = standard === undefined || schema.properties !== undefined ? null : JSON.stringify(standard);
  return { path, type: typeOf(schema), standard: shown, required, description };
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `list of ${schema.items === undefined ? "anything" : typeOf(schema.items)}`;
  return schema.type === "object" ? "mapping" : (schema.type ?? "anything");
}

/** The names that a mapping of the configuration may hold; none where it takes any, or where there is no mapping. */
export function knownNames(path: readonly PropertyKey[]): readonly string[] {
  let schema: JsonSchema | undefined = configJsonSchema();
  for (const step of path) {
    const rest: JsonSchema | boolean | undefined = schema?.additionalProperties;
    const field: JsonSchema | undefined = schema?.properties?.[String(step)];
    const named: JsonSchema | undefined = field ?? (typeof rest === "object" ? rest : undefined);
    const inside: JsonSchema | undefined = typeof step === "number" ? schema?.items : named;
    schema = inside === undefined ? undefined : mappingOf(inside);
  }
  return Object.keys(schema?.properties ?? {});
}
