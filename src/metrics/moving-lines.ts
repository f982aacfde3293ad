import { line, series } from "./exposition.ts";
import type { MovingKeyFamily } from "./key-family.ts";
import type { KeyHead } from "./metrics-source.ts";
import { TextPiece } from "./text-piece.ts";

/** The lines of some keys in a family whose values move: made again where one of them has moved. */
export class MovingLines {
  readonly #family: MovingKeyFamily;
  readonly #series: readonly string[];
  #values: readonly number[];
  #piece: TextPiece;

  constructor(family: MovingKeyFamily, keys: readonly KeyHead[]) {
    this.#family = family;
    this.#series = keys.map(({ provider, name }) => series(family.metric, { provider, key: name }));
    this.#values = keys.map((key) => family.value(key));
    this.#piece = this.#made();
  }

  /** `keys`: the same ones, as they are now. */
  of(keys: readonly KeyHead[]): TextPiece {
    const values = keys.map((key) => this.#family.value(key));
    if (values.some((value, index) => value !== this.#values[index])) {
      this.#values = values;
      this.#piece = this.#made();
    }
    return this.#piece;
  }

  #made(): TextPiece {
    return new TextPiece(
      Buffer.from(this.#series.map((one, index) => line(one, this.#values[index] as number)).join("")),
    );
  }
}
