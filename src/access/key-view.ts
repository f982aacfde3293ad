import type { Fact, FactsByName } from "../model/fact.ts";
import type { Lifecycle } from "../model/key.ts";

/** What is told of a key in words that all providers share, and the raw facts that it takes. */
export interface KeyView {
  readonly reads: readonly string[];
  readonly lifecycle: (facts: FactsByName) => Fact<Lifecycle>;
  /**
   * Names of the facts that are the attributes, `<fact>.<member>` where one is part of a fact; null where the provider has
   * no such thing.
   */
  readonly attributes: {
    readonly key_spec: string | null;
    readonly origin: string | null;
    readonly protection_level: string | null;
  };
}
