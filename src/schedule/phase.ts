/** Keys of one scope that are scanned together. More are spread over the interval instead of bursting at its start. */
const keysTogether = 16;
const mostSlots = 20;

/** In how many parts the keys of a scope are read. */
export function slotsOf(keysInScope: number): number {
  return Math.min(mostSlots, Math.ceil(keysInScope / keysTogether));
}

/**
 * When in its interval a key is due: an offset in milliseconds, always the same for the same key. Keys of a small scope
 * share theirs, so that one run reads what they share.
 */
export function phaseOf(key: string, scope: string, keysInScope: number, interval: number): number {
  const slots = slotsOf(keysInScope);
  const slot = slots <= 1 ? 0 : hash(key) % slots;
  const start = hash(scope) % interval;
  return Math.floor((start + (slot * interval) / Math.max(1, slots)) % interval);
}

/** The first moment after `after` that has this phase. Epoch milliseconds. */
export function nextDue(after: number, phase: number, interval: number): number {
  const elapsed = (((after - phase) % interval) + interval) % interval;
  return after + interval - elapsed;
}

/** FNV-1a: spreads names evenly, and is the same on every machine. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
