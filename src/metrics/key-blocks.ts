// The keys' lines, made again only for keys that changed, and in small portions: with ten thousand keys they are some
// fifty megabytes, and nothing else is answered while one portion is made.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { KeyFamily, MovingKeyFamily } from "./key-family.ts";
import { type KeyBlock, KeyPage } from "./key-page.ts";
import type { KeyHead, MetricsSource } from "./metrics-source.ts";
import { TextBlock } from "./text-block.ts";

interface KeptKey {
  readonly version: string;
  readonly block: TextBlock;
  /** Its place in the block. */
  readonly index: number;
}

/** A page and its lines as they are now. */
interface Told {
  readonly page: KeyPage;
  readonly lines: KeyBlock;
}

/** How many keys are read in full and rendered before others have their turn. */
const keysAtOnce = 50;

export class KeyBlocks {
  readonly #source: MetricsSource;
  readonly #families: readonly KeyFamily[];
  readonly #movingFamilies: readonly MovingKeyFamily[];
  readonly #kept = new Map<string, KeptKey>();
  /** As they were told last. */
  #pages: readonly KeyPage[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<readonly KeyBlock[]> | undefined;

  constructor(
    source: MetricsSource,
    families: { readonly kept: readonly KeyFamily[]; readonly moving: readonly MovingKeyFamily[] },
  ) {
    this.#source = source;
    this.#families = families.kept;
    this.#movingFamilies = families.moving;
  }

  /**
   * The keys of now, nothing of it older than the question; what is returned does not change when keys do. Who asks
   * while this is made for another gets the next one, together with all others who wait for it.
   */
  newest(): Promise<readonly KeyBlock[]> {
    this.#next ??= this.#afterLast();
    return this.#next;
  }

  async #afterLast(): Promise<readonly KeyBlock[]> {
    await this.#last;
    this.#next = undefined;
    const made = this.#make();
    // Who asked is told of a failure; the next one only waits for the end.
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #make(): Promise<readonly KeyBlock[]> {
    const told: (Told | readonly KeyHead[])[] = [];
    for await (const heads of this.#source.keys()) {
      const page = this.#pages[told.length];
      // What lives no longer than its portion is cheap to forget.
      told.push(page?.isOf(heads) ? { page, lines: page.lines(heads) } : heads);
      await nextTurn();
    }
    if (told.length < this.#pages.length || !told.every(isTold)) await this.#renew(told);
    const all: Told[] = [];
    for (const one of told) {
      all.push(isTold(one) ? one : this.#tell(one));
      if (!isTold(one)) await nextTurn();
    }
    this.#pages = all.map(({ page }) => page);
    return all.map(({ lines }) => lines);
  }

  /** Reads those in full that are not as they were, and forgets those that are gone. */
  async #renew(told: readonly (Told | readonly KeyHead[])[]): Promise<void> {
    const names = new Set(told.flatMap((one) => (isTold(one) ? one.page.names : one.map(({ name }) => name))));
    for (const name of this.#kept.keys()) if (!names.has(name)) this.#kept.delete(name);
    const heads = told.flatMap((one) => (isTold(one) ? [] : one));
    const changed = heads.filter(({ name, version }) => this.#kept.get(name)?.version !== version);
    for (let first = 0; first < changed.length; first += keysAtOnce) {
      await this.#render(changed.slice(first, first + keysAtOnce).map(({ name }) => name));
      await nextTurn();
    }
  }

  async #render(names: readonly string[]): Promise<void> {
    const details = await this.#source.details(names);
    const texts = details.map((detail) => this.#families.map((family) => Buffer.from(family.render(detail))));
    for (const name of names) this.#kept.delete(name);
    this.#keep(details, new TextBlock(texts, this.#families.length));
  }

  #tell(heads: readonly KeyHead[]): Told {
    // Without details a key was retired since its head was read.
    const present = heads.filter(({ name }) => this.#kept.has(name));
    const keys = present.flatMap(({ name }) => {
      const kept = this.#kept.get(name);
      return kept === undefined ? [] : [{ name, ...kept }];
    });
    const versions = keys.map(({ version }) => version);
    const page = new KeyPage(present, versions, this.#joined(keys), this.#movingFamilies);
    return { page, lines: page.lines(present) };
  }

  /** The kept block of just these keys, or a new one. */
  #joined(keys: readonly (KeptKey & { readonly name: string })[]): TextBlock {
    const first = keys[0]?.block;
    const isKept = first?.size === keys.length && keys.every(({ block, index }, at) => block === first && index === at);
    if (isKept) return first;
    const texts = keys.map(({ block, index }) => block.textsOf(index));
    const joined = new TextBlock(texts, this.#families.length);
    this.#keep(keys, joined);
    return joined;
  }

  #keep(keys: readonly { readonly name: string; readonly version: string }[], block: TextBlock): void {
    for (const [index, { name, version }] of keys.entries()) this.#kept.set(name, { version, block, index });
  }
}

/** Others are keys of which something has changed. */
function isTold(one: Told | readonly KeyHead[]): one is Told {
  return "page" in one;
}
