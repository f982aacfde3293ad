/** A part of a list, and the marker that leads to the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** One page of a list. The marker is opaque to callers; undefined where no page gave it. */
export function pageOf<T>(items: readonly T[], limit: number, marker: string | undefined): Page<T> | undefined {
  const start = marker === undefined ? 0 : readMarker(marker, items.length);
  if (start === undefined) {
    return undefined;
  }
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? writeMarker(end) : undefined };
}

function writeMarker(start: number): string {
  return Buffer.from(`page-from-${start}`).toString("base64");
}

function readMarker(marker: string, length: number): number | undefined {
  const digits = /^page-from-(\d+)$/.exec(Buffer.from(marker, "base64").toString("utf8"))?.[1];
  return digits === undefined || Number(digits) > length ? undefined : Number(digits);
}
