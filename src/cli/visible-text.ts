/**
 * Text of a cloud or a file, for a terminal: what that would obey or not show is written as an escape. Whoever may write
 * a policy could otherwise clear the screen, or add lines to the report about it.
 */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}
