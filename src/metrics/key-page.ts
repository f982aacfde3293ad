import type { MovingKeyFamily } from "./key-family.ts";
import type { KeyHead } from "./metrics-source.ts";
import { MovingLines } from "./moving-lines.ts";
import type { TextBlock } from "./text-block.ts";
import type { TextPiece } from "./text-piece.ts";

/** Keys that lie beside one another: their lines, family by family, first of those that are kept, then of those that move. */
export type KeyBlock = readonly TextPiece[];

/** Keys that were read together, and their lines as they were made last. */
export class KeyPage {
  readonly names: readonly string[];
  readonly #versions: readonly string[];
  readonly #block: TextBlock;
  readonly #moving: readonly MovingLines[];

  /** `versions` of what lies in the block, which may be newer than those of the heads. */
  constructor(
    heads: readonly KeyHead[],
    versions: readonly string[],
    block: TextBlock,
    families: readonly MovingKeyFamily[],
  ) {
    this.names = heads.map(({ name }) => name);
    this.#versions = versions;
    this.#block = block;
    this.#moving = families.map((family) => new MovingLines(family, heads));
  }

  /** Whether these are its keys, and nothing of them has changed but what moves with every scan. */
  isOf(heads: readonly KeyHead[]): boolean {
    return (
      heads.length === this.names.length &&
      heads.every(({ name, version }, at) => name === this.names[at] && version === this.#versions[at])
    );
  }

  /** `heads`: the same keys, as they are now. */
  lines(heads: readonly KeyHead[]): KeyBlock {
    return [...this.#block.pieces, ...this.#moving.map((lines) => lines.of(heads))];
  }
}
