// The values of the Helm chart as its values.yaml tells them: the one source of its schema and of the table in its README.
import { isMap, isNode, isScalar, type Pair, parseDocument } from "yaml";

/** A value with a comment of its own, or a mapping of such values. */
export type ChartValue =
  | { readonly path: readonly string[]; readonly standard: unknown; readonly description: string }
  | { readonly path: readonly string[]; readonly values: readonly ChartValue[] };

/** Reads the text of values.yaml. Throws for a value without a comment that begins with `# --`. */
export function readChartValues(text: string): readonly ChartValue[] {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error("values.yaml is no mapping");
  return valuesOf(document.contents.items, [], document.contents.commentBefore);
}

function valuesOf(pairs: readonly Pair[], path: readonly string[], head: string | null | undefined): ChartValue[] {
  return pairs.map(({ key, value }, index) => {
    if (!isScalar(key)) throw new Error(`${path.join(".")}: a name that is none`);
    const at = [...path, String(key.value)];
    // The parser leaves the comment of the first value with the mapping.
    const description = described(index === 0 ? (head ?? key.commentBefore) : key.commentBefore);
    if (description !== undefined)
      return { path: at, standard: isNode(value) ? (value.toJSON() as unknown) : value, description };
    if (!isMap(value) || value.items.length === 0)
      throw new Error(`${at.join(".")}: has no comment that begins with --`);
    return { path: at, values: valuesOf(value.items, at, value.commentBefore) };
  });
}

/** Only the last comment: one before it, after an empty line, is about more. */
function described(comment: string | null | undefined): string | undefined {
  const lines = (comment ?? "").split("\n").map((line) => line.trim());
  const begin = lines.findLastIndex((line) => line.startsWith("-- "));
  return begin === -1 ? undefined : lines.slice(begin).join(" ").slice(3);
}
