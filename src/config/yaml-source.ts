// YAML as plain data that still knows where each value stands. Knows nothing of the configuration's shape.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** The way to a value: names of mappings and positions in lists. */
export type Path = readonly (string | number)[];

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  readonly data: unknown;
  /** Where the value at a path stands, or its name; where there is none, where the nearest thing around it does. */
  locate(path: Path, part: "name" | "value"): Position;
}

export type YamlResult =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly errors: readonly (Position & { readonly text: string })[] };

/** Reads one YAML 1.2 document. An empty one is an empty mapping. */
export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  // stringKeys: an account number that begins with 0 would lose it as a number.
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  // A warning is a tag that means nothing to YAML 1.2: whoever wrote it expects something of it.
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return { ok: false, errors: errors.map(({ pos, message }) => ({ ...position(pos[0]), text: message })) };
  }
  const data = toData(document);
  if (!data.ok) return { ok: false, errors: [{ ...position(0), text: data.text }] };
  return {
    ok: true,
    source: {
      data: data.value ?? {},
      locate: (path, part) => position(offsetOf(document, path, part)),
    },
  };
}

function toData(document: Document.Parsed): { ok: true; value: unknown } | { ok: false; text: string } {
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    // Thrown for aliases that multiply beyond all use: https://eemeli.org/yaml/#data-schemas (maxAliasCount)
    if (error instanceof ReferenceError) return { ok: false, text: error.message };
    throw error;
  }
}

function offsetOf(document: Document.Parsed, path: Path, part: "name" | "value"): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const container = isAlias(node) ? node.resolve(document) : node;
    let next: Node | null = null;
    if (isMap<Node, Node | null>(container)) {
      const pair = container.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return offset;
      next = pair.value;
      // An empty value has a place, but the name before it is easier to find.
      const shown = part === "name" && index === path.length - 1 ? pair.key : (next ?? pair.key);
      offset = shown.range?.[0] ?? offset;
    } else if (isSeq<Node>(container) && typeof step === "number") {
      next = container.items[step] ?? null;
      offset = next?.range?.[0] ?? offset;
    }
    if (next === null) return offset;
    node = next;
  }
  return offset;
}
