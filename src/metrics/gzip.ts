import { joinedChecksum } from "./joined-checksum.ts";
import type { TextPiece } from "./text-piece.ts";

/** Deflated, no file name, no time, unknown system. https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty block that is the last one. https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3 */
const lastBlock = Buffer.from([3, 0]);

/** The pieces as one gzip file. Those that were compressed before are not looked at again. */
export async function* gzip(pieces: AsyncIterable<TextPiece>): AsyncGenerator<Buffer> {
  yield header;
  let checksum = 0;
  let length = 0;
  for await (const piece of pieces) {
    yield await piece.deflated();
    checksum = joinedChecksum(checksum, piece.checksum, piece.bytes.length);
    length += piece.bytes.length;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  yield Buffer.concat([lastBlock, trailer]);
}
