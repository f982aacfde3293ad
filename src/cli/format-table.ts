import { visible } from "./visible-text.ts";

/** Columns padded to their widest cell, for terminals. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  return formatRows(all, widthsOf(all));
}

/** How wide each column has to be. */
export function widthsOf(rows: Iterable<readonly string[]>): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visible(cell).length);
  }
  return widths;
}

/** Rows of a table whose columns have these widths; the last one is not padded. */
export function formatRows(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const line = (row: readonly string[]) =>
    row
      .map(visible)
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
