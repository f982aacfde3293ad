/**
 * Between what the outcomes of each kind lie, all kinds side by side: a list passes most of them over by that, without
 * going to their own columns.
 */
import type { FirstPlaces } from "./first-places.ts";
import { withValue } from "./number-column.ts";

/** What lies between these is still asked for. */
type AskedFor = Pick<FirstPlaces, "sign" | "begin" | "end">;

export const orderNames = ["seq", "from", "id", "subject"] as const;
export type OrderName = (typeof orderNames)[number];

/** That an outcome held at a moment, and had not begun before another one. */
export interface Held {
  readonly at: number;
  readonly since: number;
}

export interface Span {
  readonly least: number;
  readonly most: number;
}

/** Where there is nothing. */
export const nothing: Span = { least: Infinity, most: -Infinity };

/** Where it is not known. */
export const anything: Span = { least: -Infinity, most: Infinity };

export class KindSpans {
  readonly #spans: Readonly<Record<OrderName, Spans>> = {
    seq: new Spans(),
    from: new Spans(),
    id: new Spans(),
    subject: new Spans(),
  };

  /** Of another kind, whose number is one more than that of the last one. */
  add(kind: number): void {
    for (const spans of Object.values(this.#spans)) spans.set(kind, nothing);
  }

  /** One more outcome. */
  widen(kind: number, by: OrderName, value: number): void {
    this.#spans[by].widen(kind, value);
  }

  set(kind: number, by: OrderName, span: Span): void {
    this.#spans[by].set(kind, span);
  }

  /** Whether none of a kind held, or none of it is among the first any more. */
  isApart(kind: number, { at, since }: Held, by: OrderName, { sign, begin, end }: AskedFor): boolean {
    const { from, [by]: values } = this.#spans;
    if (from.leastOf(kind) > at || from.mostOf(kind) < since) return true;
    const [least, most] = [values.leastOf(kind), values.mostOf(kind)];
    return sign === 1 ? least > end || most < begin : -most > end || -least < begin;
  }
}

class Spans {
  #least = new Float64Array(0);
  #most = new Float64Array(0);

  leastOf(place: number): number {
    return this.#least[place] as number;
  }

  mostOf(place: number): number {
    return this.#most[place] as number;
  }

  set(place: number, { least, most }: Span): void {
    this.#least = withValue(this.#least, place, least);
    this.#most = withValue(this.#most, place, most);
  }

  widen(place: number, value: number): void {
    if (value < this.leastOf(place)) this.#least[place] = value;
    if (value > this.mostOf(place)) this.#most[place] = value;
  }
}
