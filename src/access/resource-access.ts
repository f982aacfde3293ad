import type { CheckSettings } from "../model/check-settings.ts";
import type { FactsByName } from "../model/fact.ts";
import type { KeyResource } from "../model/key.ts";
import type { KeyAccess } from "../model/key-access.ts";
import type { KeyView } from "./key-view.ts";

/** Everything that a kind of resource needs computed from its raw facts. */
export interface ResourceAccess {
  /** The derived facts. */
  readonly derive: (facts: FactsByName, key: KeyResource) => FactsByName;
  /** The raw facts that each derived one rests on. */
  readonly derivedSources: Readonly<Record<string, readonly string[]>>;
  /** Who can do what with a key, from its facts, raw and derived. */
  readonly keyAccess: (facts: FactsByName, key: KeyResource, context: AccessContext) => KeyAccess;
  /** What is told of a key in words that all providers share. */
  readonly view: KeyView;
  /** Whether a value that comes from a file is of the type that the raw fact of this name has. */
  readonly isFactValue: (name: string, value: unknown) => boolean;
  /** Null where no check corrects a policy as a whole. */
  readonly policyCorrection: PolicyCorrection | null;
}

/** What it takes to offer a corrected policy: the facts as they would be with it, and the command that puts it in place. */
export interface PolicyCorrection {
  /** Undefined where the provider would refuse that policy. `at` in epoch milliseconds. */
  readonly factsWith: (facts: FactsByName, key: KeyResource, policyText: string, at: number) => FactsByName | undefined;
  /** For a shell; `file` is where the policy's text is. */
  readonly command: (resource: string, file: string) => string;
}

export interface AccessContext {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly settings: CheckSettings;
}
