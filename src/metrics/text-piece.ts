import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);

/** Some of the text, as bytes; compressed and summed up once for all who read it compressed. */
export class TextPiece {
  readonly bytes: Buffer;
  #deflated: Promise<Buffer> | undefined;
  #checksum: number | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /**
   * As a part of a deflate stream: it refers to nothing before it and ends at a whole byte, so that it can stand beside
   * any other part. Level 1: the text repeats itself so much that more effort makes it hardly smaller. zlib works in
   * threads of its own.
   */
  deflated(): Promise<Buffer> {
    this.#deflated ??= this.#deflate();
    return this.#deflated;
  }

  async #deflate(): Promise<Buffer> {
    try {
      return await deflate(this.bytes, {
        level: 1,
        chunkSize: roomFor(this.bytes),
        finishFlush: constants.Z_FULL_FLUSH,
      });
    } catch (error) {
      // Who asks next may have more luck.
      this.#deflated = undefined;
      throw error;
    }
  }

  /** CRC-32. */
  get checksum(): number {
    this.#checksum ??= crc32(this.bytes);
    return this.#checksum;
  }
}

/** Mostly enough, as the text becomes far shorter than a quarter; what is too much stays in memory beside the result. */
function roomFor({ length }: Buffer): number {
  return Math.min(65_536, 1_024 + Math.ceil(length / 4));
}
