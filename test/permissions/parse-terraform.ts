/** Reads the structure of Terraform files: blocks in blocks, attributes with the text of their expression. */

export interface TerraformBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly TerraformBlock[];
}

const opening = /^(\w+)((?: "[^"]*")*) \{$/;
const setting = /^(\w+) *= (.*)$/;

/** What is left of a file. */
interface Rest {
  readonly lines: readonly string[];
  at: number;
}

/** Throws where a line is neither a block's beginning or end nor an attribute, or where brackets are left open. */
export function parseTerraform(text: string): TerraformBlock {
  const rest = { lines: text.split("\n").map((line) => line.trim()), at: 0 };
  const root = body(rest, "", []);
  if (rest.at < rest.lines.length) throw new SyntaxError(`line ${rest.at + 1}: nothing is open that } could close`);
  return root;
}

/** Ends at the line that closes the block. */
function body(rest: Rest, type: string, labels: readonly string[]): TerraformBlock {
  const attributes: Record<string, string> = {};
  const blocks: TerraformBlock[] = [];
  for (; rest.at < rest.lines.length; rest.at += 1) {
    const line = rest.lines[rest.at] ?? "";
    if (line === "}") return { type, labels, attributes, blocks };
    if (line === "" || line.startsWith("# ")) continue;
    const [, name, labelled = ""] = opening.exec(line) ?? [];
    if (name !== undefined) {
      rest.at += 1;
      const labelsOfBlock = [...labelled.matchAll(/"([^"]*)"/g)].map(([, label = ""]) => label);
      blocks.push(body(rest, name, labelsOfBlock));
      continue;
    }
    const [, key, first] = setting.exec(line) ?? [];
    if (key === undefined || first === undefined) throw new SyntaxError(`line ${rest.at + 1}: ${line}`);
    if (key in attributes) throw new SyntaxError(`line ${rest.at + 1}: ${key} is set twice`);
    attributes[key] = expression(rest, first);
  }
  if (type !== "") throw new SyntaxError(`${type} is not closed`);
  return { type, labels, attributes, blocks };
}

function expression(rest: Rest, first: string): string {
  let whole = first;
  while (depthOf(whole) > 0) {
    rest.at += 1;
    const line = rest.lines[rest.at];
    if (line === undefined) throw new SyntaxError(`brackets are left open: ${first}`);
    whole += `\n${line}`;
  }
  if (depthOf(whole) < 0) throw new SyntaxError(`more brackets are closed than opened: ${whole}`);
  return whole;
}

function depthOf(text: string): number {
  const bare = text.replace(/"(?:\$\{[^}]*\}|[^"\\]|\\.)*"/g, "");
  if (bare.includes('"')) throw new SyntaxError(`a text has no end: ${text}`);
  return (bare.match(/[[({]/g) ?? []).length - (bare.match(/[\])}]/g) ?? []).length;
}

/** A list of texts among the local values. Throws where there is none of that name. */
export function localList(file: TerraformBlock, name: string): readonly string[] {
  const value = file.blocks.find(({ type }) => type === "locals")?.attributes[name];
  if (value === undefined) throw new TypeError(`no local value ${name}`);
  const [, items] = /^\[\n((?:"[^"]*",\n)+)\]$/.exec(value) ?? [];
  if (items === undefined) throw new TypeError(`${name} is no list of texts`);
  return [...items.matchAll(/"([^"]*)"/g)].map(([, item = ""]) => item);
}
