import { TextPiece } from "./text-piece.ts";

/** The text of some keys in each family: in one piece, and still to be told apart. */
export class TextBlock {
  /** How many keys there are. */
  readonly size: number;
  /** All of the keys' lines, family by family. */
  readonly pieces: readonly TextPiece[];
  /** Family by family, where the lines of each key end. */
  readonly #ends: readonly Uint32Array[];

  /** `texts`: of each key its lines, family by family. */
  constructor(texts: readonly (readonly Buffer[])[], families: number) {
    const byFamily = Array.from({ length: families }, (_, family) => texts.map((ofKey) => ofKey[family] as Buffer));
    this.size = texts.length;
    this.pieces = byFamily.map((ofFamily) => new TextPiece(Buffer.concat(ofFamily)));
    this.#ends = byFamily.map((ofFamily) => {
      let end = 0;
      return Uint32Array.from(ofFamily, ({ length }) => (end += length));
    });
  }

  /** One key's lines, family by family. */
  textsOf(index: number): readonly Buffer[] {
    return this.pieces.map(({ bytes }, family) => {
      const ends = this.#ends[family];
      return bytes.subarray(ends?.[index - 1] ?? 0, ends?.[index]);
    });
  }
}
