/** IPv4 and IPv6 addresses and CIDR ranges, as numbers. It knows nothing of policies. */

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A range in CIDR form, or one address; host bits are cut off. Undefined where it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = address.includes(":") ? 6 : 4;
  const bits = family === 4 ? 32 : 128;
  const value = family === 4 ? parseIpv4(address) : parseIpv6(address);
  if (value === undefined || rest.length > 0) return undefined;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const host = (1n << BigInt(bits - length)) - 1n;
  const first = value - (value & host);
  return { family, first, last: first + host };
}

/** Of several such texts; what is no range is left out. */
export function parseRanges(texts: readonly string[]): readonly AddressRange[] {
  return texts.map(parseRange).filter((range) => range !== undefined);
}

/** Whether `range` holds all of `address`, which may be a range itself. */
export function rangeHolds(range: AddressRange, address: AddressRange): boolean {
  return range.family === address.family && range.first <= address.first && address.last <= range.last;
}

/** Cuts a range wherever one of `edges` begins or ends, so that every piece lies wholly inside or outside of each. */
export function cutRange(range: AddressRange, edges: readonly AddressRange[]): readonly AddressRange[] {
  const starts = new Set([range.first]);
  for (const edge of edges) {
    if (edge.family !== range.family) continue;
    for (const start of [edge.first, edge.last + 1n]) {
      if (start > range.first && start <= range.last) starts.add(start);
    }
  }
  const sorted = [...starts].toSorted((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({
    family: range.family,
    first,
    last: (sorted[index + 1] ?? range.last + 1n) - 1n,
  }));
}

/** How much of the Internet the union of these ranges covers, by the family it covers more of. */
export function coverageOf(ranges: readonly AddressRange[]): "all" | "half" | "less" {
  const shares = internet.map((whole) => shareOf(whole, ranges));
  return shares.includes("all") ? "all" : shares.includes("half") ? "half" : "less";
}

/** All of IPv4, and of IPv6 the part that is given out (RFC 4291, global unicast). */
const internet: readonly AddressRange[] = [
  { family: 4, first: 0n, last: (1n << 32n) - 1n },
  { family: 6, first: 1n << 125n, last: (1n << 126n) - 1n },
];

function shareOf(whole: AddressRange, ranges: readonly AddressRange[]): "all" | "half" | "less" {
  const held = cutRange(whole, ranges).filter((piece) => ranges.some((range) => rangeHolds(range, piece)));
  const size = held.reduce((sum, piece) => sum + piece.last - piece.first + 1n, 0n);
  const full = whole.last - whole.first + 1n;
  return size === full ? "all" : size * 2n >= full ? "half" : "less";
}

/** `160.79.104.0-160.79.104.255`, or one address. */
export function rangeText(range: AddressRange): string {
  const [first, last] = [addressText(range.family, range.first), addressText(range.family, range.last)];
  return first === last ? first : `${first}-${last}`;
}

function addressText(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 0xffffn).toString(16)).join(":");
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = ipv6WithoutIpv4(text)?.split("::");
  if (halves === undefined || halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (head === undefined) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

/** Writes an embedded IPv4 tail (`::ffff:192.0.2.1`) as two groups. */
function ipv6WithoutIpv4(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":") + 1;
  const tail = parseIpv4(text.slice(cut));
  return tail === undefined
    ? undefined
    : `${text.slice(0, cut)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
}
