// Checksums of texts are remainders of polynomials over {0, 1}: that of two texts, one after the other, is the first's times
// x to the number of the second's bits, plus the second's. https://www.rfc-editor.org/rfc/rfc1952#section-8

/** What zlib's crc32 divides by; as everywhere here, the highest bit is the coefficient of 1. */
const divisor = 0xedb88320;
const one = 0x80000000;
const xToTheEighth = one >>> 8;

/** The CRC-32 of a text followed by one of so many bytes, without looking at either again. */
export function joinedChecksum(first: number, second: number, secondBytes: number): number {
  return (times(first, power(xToTheEighth, secondBytes)) ^ second) >>> 0;
}

function power(base: number, exponent: number): number {
  let result = one;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(result, square);
    square = times(square, square);
  }
  return result;
}

/** The remainder of the product. */
function times(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit -= 1) {
    if (((a >>> bit) & 1) === 1) product ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ divisor : shifted >>> 1;
  }
  return product >>> 0;
}
