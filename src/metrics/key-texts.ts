import type { KeyFamily } from "./key-family.ts";
import type { KeyHead, MetricsSource } from "./metrics-source.ts";

/** A key with its text in each family, in the order of the families. */
export interface KeyRow {
  readonly head: KeyHead;
  readonly texts: readonly string[];
}

/** The text of each key in each family, rendered again only for keys that changed. */
export class KeyTexts {
  readonly #source: MetricsSource;
  readonly #families: readonly KeyFamily[];
  readonly #kept = new Map<string, { readonly version: string; readonly texts: readonly string[] }>();

  constructor(source: MetricsSource, families: readonly KeyFamily[]) {
    this.#source = source;
    this.#families = families;
  }

  /** The keys of now. What is returned does not change when keys do. */
  async rows(): Promise<readonly KeyRow[]> {
    const heads = await this.#source.keys();
    const changed = heads.filter(({ name, version }) => this.#kept.get(name)?.version !== version);
    if (changed.length > 0) {
      for (const detail of await this.#source.details(changed.map(({ name }) => name))) {
        const texts = this.#families.map((family) => family.render(detail));
        this.#kept.set(detail.name, { version: detail.version, texts });
      }
    }
    const names = new Set(heads.map(({ name }) => name));
    for (const name of this.#kept.keys()) if (!names.has(name)) this.#kept.delete(name);
    return heads.flatMap((head) => {
      const kept = this.#kept.get(head.name);
      // Without details the key was retired since its head was read.
      return kept === undefined ? [] : [{ head, texts: kept.texts }];
    });
  }
}
