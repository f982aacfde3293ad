/** Reads what RFC 4180 allows and nothing else: lines end with CRLF, also the last one. Throws for anything else. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let place = 0;
  while (place < text.length) {
    const cell = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
    cell.lastIndex = place;
    const found = cell.exec(text);
    row.push(found?.[1]?.replaceAll('""', '"') ?? found?.[2] ?? "");
    place = cell.lastIndex;
    if (text.startsWith("\r\n", place)) {
      rows.push(row);
      row = [];
      place += 2;
    } else if (text[place] === ",") {
      place += 1;
    } else {
      throw new SyntaxError(`at ${place}: expected a comma or the end of the line, got ${JSON.stringify(text[place])}`);
    }
  }
  return rows;
}
