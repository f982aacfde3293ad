/** The metrics, labels and values that a PromQL expression names. That the expression is one is Prometheus' own to say. */

export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

const words = new Set(["and", "or", "unless", "bool", "offset"]);
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const braces = /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}/g;
const matcher = /(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;

/** Every metric that is read, each time with the matchers behind it. */
export function selectorsOf(expression: string): Selector[] {
  const ungrouped = expression.replaceAll(grouping, "");
  const bare = ungrouped.replaceAll(braces, (all) => " ".repeat(all.length));
  return [...bare.matchAll(/(?<![\w$.])[a-zA-Z_:][\w:]*/g)].flatMap(({ 0: word, index }) => {
    const rest = bare.slice(index + word.length);
    if (words.has(word) || /^\s*\(/.test(rest)) return [];
    braces.lastIndex = index + word.length;
    const behind = braces.exec(ungrouped);
    const isItsOwn = behind !== null && ungrouped.slice(index + word.length, behind.index).trim() === "";
    return [{ metric: word, matchers: isItsOwn ? matchersOf(behind[1] ?? "") : [] }];
  });
}

/** The labels that series are grouped, joined or extended by. */
export function groupingLabelsOf(expression: string): string[] {
  return [...expression.matchAll(grouping)].flatMap(([, labels = ""]) =>
    labels.split(",").flatMap((one) => one.trim() || []),
  );
}

function matchersOf(text: string): Matcher[] {
  return [...text.matchAll(matcher)].map(([, label = "", operator, value = ""]) => {
    return { label, operator: operator as Matcher["operator"], value };
  });
}

/** What a regular expression of a matcher stands for: `.+/(a|b)` for `.+/a` and `.+/b`. */
export function alternativesOf(value: string): string[] {
  const [, before = "", inner, after = ""] = /^([^(|]*)\(([^()]*)\)([^)|]*)$/.exec(value) ?? [];
  return inner === undefined ? value.split("|") : inner.split("|").map((one) => before + one + after);
}

/** As Prometheus matches: the whole value, https://prometheus.io/docs/prometheus/latest/querying/basics/. */
export function matches({ operator, value }: Matcher, actual: string): boolean {
  if (operator === "=") return actual === value;
  if (operator === "!=") return actual !== value;
  return new RegExp(`^(?:${value})$`).test(actual) === (operator === "=~");
}
