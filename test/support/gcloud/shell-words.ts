/** The words of one line for a POSIX shell. Whatever a shell would make more of than it says is refused. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  const word = / *((?:[A-Za-z0-9_@%+=:,./-]|\\[^\n]|'[^']*')+)/y;
  let end = 0;
  for (let found = word.exec(line); found !== null; found = word.exec(line)) {
    words.push(unquoted(found[1] ?? ""));
    end = word.lastIndex;
    if (end < line.length && line[end] !== " ") break;
  }
  if (end !== line.length) throw new Error(`no plain word for a shell: ${line.slice(end)}`);
  return words;
}

function unquoted(word: string): string {
  return word.replace(/\\(.)|'([^']*)'/gs, (_, escaped?: string, quoted?: string) => escaped ?? quoted ?? "");
}
