/** Wildcards of AWS policies: `*` for any run of characters, `?` for one. It knows nothing of what it matches. */

/** A pattern as character codes, with `anyRun` and `anyOne` among them. */
export type Glob = readonly number[];

export const anyRun = -1;
export const anyOne = -2;

/** A pattern of a policy: `*` and `?` in it are wildcards. */
export function globOf(pattern: string): Glob {
  const codes = literalGlob(pattern);
  return codes.map((code) => (code === 0x2a ? anyRun : code === 0x3f ? anyOne : code));
}

/** A pattern without wildcards, whatever characters it holds. */
export function literalGlob(text: string): Glob {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

export function isLiteral(glob: Glob): boolean {
  return !glob.includes(anyRun) && !glob.includes(anyOne);
}

/** Whether `text` is of the pattern's form. Linear but for backtracking to the last `*`. */
export function globMatches(glob: Glob, text: string): boolean {
  return covers(glob, text.length, (index) => text.charCodeAt(index));
}

/** Whether every text of the form `inner` certainly matches `outer`. May say no where it could say yes. */
export function globCovers(outer: Glob, inner: Glob): boolean {
  return covers(outer, inner.length, (index) => inner[index] as number);
}

/** Whether some text matches both. */
export function globsIntersect(a: Glob, b: Glob): boolean {
  // `reached[j]`: some text matches the first i of `a` and the first j of `b`.
  let reached = new Array<boolean>(b.length + 1).fill(false);
  for (let i = 0; i <= a.length; i += 1) {
    const next = new Array<boolean>(b.length + 1).fill(false);
    for (let j = 0; j <= b.length; j += 1) {
      next[j] = intersectsHere(a, b, i, j, reached, next);
    }
    reached = next;
  }
  return reached[b.length] === true;
}

function intersectsHere(a: Glob, b: Glob, i: number, j: number, before: boolean[], now: boolean[]): boolean {
  if (i === 0 && j === 0) return true;
  const fromA = i > 0 && before[j] === true;
  const fromB = j > 0 && now[j - 1] === true;
  if (fromA && (a[i - 1] === anyRun || b[j - 1] === anyRun)) return true;
  if (fromB && (b[j - 1] === anyRun || a[i - 1] === anyRun)) return true;
  if (i === 0 || j === 0 || before[j - 1] !== true) return false;
  const [x, y] = [a[i - 1] as number, b[j - 1] as number];
  return x === y || x < 0 || y < 0;
}

function covers(glob: Glob, length: number, codeAt: (index: number) => number): boolean {
  let at = 0;
  let index = 0;
  let resumeAt = -1;
  let resumeIndex = 0;
  while (index < length) {
    const wanted = glob[at];
    const code = codeAt(index);
    if (wanted === anyRun) {
      resumeAt = ++at;
      resumeIndex = index;
    } else if (wanted === code || (wanted === anyOne && code !== anyRun)) {
      at += 1;
      index += 1;
    } else if (resumeAt >= 0) {
      at = resumeAt;
      index = ++resumeIndex;
    } else {
      return false;
    }
  }
  while (glob[at] === anyRun) at += 1;
  return at === glob.length;
}
