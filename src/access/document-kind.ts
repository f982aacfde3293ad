import type { FactsByName } from "../model/fact.ts";
import type { KeyResource } from "../model/key.ts";
import type { Registration } from "../model/registration.ts";
import type { ResourceKind } from "../model/resource.ts";

/** What is said of a document's key beside the document; null where nobody said. */
export interface DocumentOrigin {
  readonly account: string | null;
  readonly key: KeyResource | null;
}

export type DocumentContent =
  | { readonly ok: true; readonly content: string }
  /** What is wrong, with line and column. */
  | { readonly ok: false; readonly error: string };

/** A kind of document that stands for a part of a key's facts, judged without a cloud. */
export interface DocumentKind {
  readonly kind: ResourceKind;
  /** Whether a text looks like one, be it a broken one. */
  readonly recognizes: (text: string) => boolean;
  /** From the text of a file to what the provider would store. */
  readonly read: (text: string) => DocumentContent;
  /** The raw facts that the document itself tells. */
  readonly tells: readonly string[];
  /** Raw facts that come with it: what people say, and what is supposed of the key where nobody can look. */
  readonly comesWith: readonly string[];
  /** Checks that look at what it tells and decide by what is only supposed: of those it says nothing. */
  readonly saysNothingTo: readonly string[];
  /** What of `reads:` is supposed of it. */
  readonly reads: Readonly<Record<string, boolean>>;
  /** What whoever reads the outcomes should know beside them, as a sentence. */
  readonly remark: (content: string) => string | null;
  /** The raw facts of the key, `tells` and `comesWith` and no others but `reads`. */
  readonly facts: (content: string, registration: Registration, key: KeyResource) => FactsByName;
  /** Of which key it says itself that it is, or of which vault; undefined, as a missing member, where it does not say. */
  readonly names?: (content: string) => string | undefined;
  /** The keys that it may belong to, at least one: what is not the same for all of them the document does not tell. */
  readonly keys: (content: string, origin: DocumentOrigin) => readonly KeyResource[];
}
