// The part of the Kusto Query Language that the simulator knows: filters joined by `and`, `project`, `order by`, `take`.
// https://learn.microsoft.com/en-us/kusto/query/
import { isJsonObject, type JsonObject } from "../shape.ts";
import { AzureError } from "./azure-error.ts";

export interface LogTable {
  readonly name: string;
  /** The types of its columns, by name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly JsonObject[];
}

/** Runs a query over the one table that it may name. @throws AzureError for what is not known, in the API's own form. */
export function runQuery(query: string, table: LogTable): LogTable {
  const [source = "", ...operators] = split(query.trim(), "|");
  if (source !== table.name) {
    throw semanticError("SEM0100", `Failed to resolve table or column expression named '${source}'`);
  }
  return operators.reduce(applied, table);
}

function applied(table: LogTable, operator: string): LogTable {
  const [, name = "", rest = ""] = /^(where|project|order by|sort by|take|limit)\s+(.+)$/is.exec(operator) ?? [];
  switch (name.toLowerCase()) {
    case "where": {
      const conditions = splitWords(rest).map((condition) => conditionOf(table, condition));
      return { ...table, rows: table.rows.filter((row) => conditions.every((holds) => holds(row))) };
    }
    case "project":
      return projected(table, rest);
    case "order by":
    case "sort by":
      return ordered(table, rest);
    case "take":
    case "limit":
      return { ...table, rows: table.rows.slice(0, countOf(rest)) };
    default:
      throw syntaxError(operator);
  }
}

type Condition = (row: JsonObject) => boolean;

/** What can be compared. */
type Cell = string | number | boolean | undefined;

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function conditionOf(table: LogTable, text: string): Condition {
  const parts = /^(\S+?)\s*(==|!=|=~|<=|>=|<|>|\sin~?(?=\s*\())\s*(.+)$/is.exec(text);
  if (parts === null) {
    throw syntaxError(text);
  }
  const [, left = "", operator = "", right = ""] = parts;
  const read = columnOf(table, left);
  const word = operator.trim().toLowerCase();
  if (word.startsWith("in")) {
    const values = split(right.replace(/^\((.*)\)$/s, "$1"), ",").map(literalOf);
    const same = word === "in~" ? sameText : (one: Cell, other: Cell) => orderOf(one, other) === 0;
    return (row) => values.some((value) => same(cellOf(read(row)), value));
  }
  const value = literalOf(right);
  const holds = comparisons[word];
  if (holds === undefined) {
    return (row) => sameText(cellOf(read(row)), value);
  }
  // A comparison with nothing holds for nothing, but for its being different.
  return (row) => holds(orderOf(cellOf(read(row)), value));
}

/** Negative, zero or positive; not a number where the two cannot be compared. */
function orderOf(one: Cell, other: Cell): number {
  if (one === undefined) {
    return Number.NaN;
  }
  if (typeof other === "number") {
    return (typeof one === "string" ? Date.parse(one) : Number(one)) - other;
  }
  const [left, right] = [String(one), String(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sameText(one: Cell, other: Cell): boolean {
  return one !== undefined && String(one).toLowerCase() === String(other).toLowerCase();
}

function cellOf(value: unknown): Cell {
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return plain ? value : value === undefined ? undefined : JSON.stringify(value);
}

/** A column, or what is inside a dynamic one. */
function columnOf({ columns }: LogTable, text: string): (row: JsonObject) => unknown {
  const path = text.replace(/^tostring\((.*)\)$/i, "$1").split(".");
  const [column = ""] = path;
  if (!Object.hasOwn(columns, column)) {
    throw semanticError("SEM0100", `Failed to resolve column or scalar expression named '${column}'`);
  }
  return (row) => path.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), row);
}

/** Times become epoch milliseconds. */
function literalOf(text: string): string | number | boolean {
  if (/^("[^"]*"|'[^']*')$/.test(text)) {
    return text.slice(1, -1);
  }
  const time = Date.parse(/^datetime\(\s*["']?([^"')]+?)["']?\s*\)$/i.exec(text)?.[1] ?? "");
  if (!Number.isNaN(time)) {
    return time;
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  if (/^(true|false)$/i.test(text)) {
    return text.toLowerCase() === "true";
  }
  throw syntaxError(text);
}

function projected(table: LogTable, list: string): LogTable {
  const chosen = split(list, ",").map((item) => {
    const [, alias, source = item] = /^(\w+)\s*=\s*(\S+)$/.exec(item) ?? [];
    return { name: alias ?? source, source, read: columnOf(table, source) };
  });
  return {
    name: table.name,
    columns: Object.fromEntries(chosen.map(({ name, source }) => [name, table.columns[source] ?? "string"])),
    rows: table.rows.map((row) => Object.fromEntries(chosen.map(({ name, read }) => [name, read(row)]))),
  };
}

/** The newest, or greatest, first unless it says `asc`. https://learn.microsoft.com/en-us/kusto/query/sort-operator */
function ordered(table: LogTable, text: string): LogTable {
  const [, column, direction = "desc"] = /^(\S+)(?:\s+(asc|desc))?$/i.exec(text) ?? [];
  if (column === undefined) {
    throw syntaxError(text);
  }
  const read = columnOf(table, column);
  const sign = direction.toLowerCase() === "asc" ? 1 : -1;
  const rows = table.rows.toSorted((one, other) => sign * orderOf(cellOf(read(one)) ?? "", cellOf(read(other)) ?? ""));
  return { ...table, rows };
}

function countOf(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw syntaxError(text);
  }
  return Number(text);
}

/** Splits at a sign that stands outside of quotes. */
function split(text: string, sign: "|" | ","): readonly string[] {
  const parts = text.match(new RegExp(`(?:"[^"]*"|'[^']*'|[^${sign}"'])+`, "g")) ?? [];
  if (parts.join(sign) !== text) {
    throw syntaxError(text);
  }
  return parts.map((part) => part.trim());
}

/** Splits at each `and` outside of quotes; there is no `or`. */
function splitWords(text: string): readonly string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\s+and\s+|\s+|[^\s"']+/gi) ?? [];
  const parts = [""];
  for (const word of words) {
    if (/^\s+and\s+$/i.test(word)) {
      parts.push("");
    } else {
      parts[parts.length - 1] += word;
    }
  }
  return parts.map((part) => part.trim());
}

const badArgument = "The request had some invalid properties";

/** https://learn.microsoft.com/en-us/azure/azure-monitor/logs/api/errors#query-syntax-error */
function syntaxError(token: string): AzureError {
  const inner = { code: "SYN0002", message: `Query could not be parsed at '${token}'` };
  const innererror = { code: "SyntaxError", message: "A recognition error occurred in the query.", innererror: inner };
  return new AzureError(400, "BadArgumentError", badArgument, { more: { innererror } });
}

function semanticError(code: string, message: string): AzureError {
  const innererror = { code: "SemanticError", message: "A semantic error occurred.", innererror: { code, message } };
  return new AzureError(400, "BadArgumentError", badArgument, { more: { innererror } });
}
