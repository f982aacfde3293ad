interface Range {
  readonly type: string;
  readonly weight: number;
}

/**
 * The media type, of those that there are, that an Accept header likes best, and among equals the first of them;
 * undefined where it takes none. Without the header, the first. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function acceptedMedia<const T extends string>(
  accept: string | undefined,
  offered: readonly T[],
): T | undefined {
  const ranges = (accept ?? "").split(",").flatMap(rangeOf);
  // An empty header says no more than none.
  if (ranges.length === 0) return offered[0];
  const weighed = offered.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const [best] = weighed.toSorted((a, b) => b.weight - a.weight);
  return best !== undefined && best.weight > 0 ? best.type : undefined;
}

/** Of a media type's parameters only its weight counts: what is offered is in UTF-8 and has no other. */
function rangeOf(text: string): Range[] {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  if (type === "") return [];
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  // A weight that is none takes nothing, and does not keep the others from being compared.
  return [{ type, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }];
}

/** The most specific range decides, whatever the weight of others. */
function weightOf(type: string, ranges: readonly Range[]): number {
  const [main = ""] = type.split("/", 1);
  for (const pattern of [type, `${main}/*`, "*/*"]) {
    const range = ranges.find((one) => one.type === pattern);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
