/** Whether a value that comes from a file is of the type that a raw fact has: the words in which each provider says so. */
export type Form = (value: unknown) => boolean;

export const text: Form = (value) => typeof value === "string";
export const flag: Form = (value) => typeof value === "boolean";
export const number: Form = (value) => typeof value === "number";
export const texts = list(text);
export const textMap = mapOf(text);

export function list(item: Form): Form {
  return (value) => Array.isArray(value) && value.every(item);
}

export function mapOf(item: Form): Form {
  return (value) => isObject(value) && Object.values(value).every(item);
}

export function orNull(form: Form): Form {
  return (value) => value === null || form(value);
}

/** With these members; what else it has is nobody's. */
export function object(members: Readonly<Record<string, Form>>): Form {
  return (value) => isObject(value) && Object.entries(members).every(([name, form]) => form(value[name]));
}

/**
 * By the fact's name, where `<fact>:<part>` is of one of several things. True of a fact that this version does not know:
 * nothing reads it.
 */
export function hasForm(forms: FactFormTable, name: string, value: unknown): boolean {
  const [fact = "", part] = name.split(/:(.*)/s);
  const known = part === undefined ? forms.facts : forms.parts;
  return !Object.hasOwn(known, fact) || known[fact]?.(value) === true;
}

interface FactFormTable {
  readonly facts: Readonly<Record<string, Form>>;
  readonly parts: Readonly<Record<string, Form>>;
}

/** With named members: neither a list nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
