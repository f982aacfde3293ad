import type { CloudResources } from "./cloud.ts";
import { ControlError } from "./control-error.ts";
import { mergePatch } from "./merge-patch.ts";

/** One kind of simulated resource: how it is named, where it lives, what it is made of. */
export interface ResourceType<State> {
  readonly kind: string;
  /** Whether a name is of this kind, so that a patch finds its table. */
  readonly recognizes: (name: string) => boolean;
  readonly nameOf: (state: State) => string;
  readonly scopeOf: (state: State) => string;
  /** Throws a ControlError with the place when the value is no such state. */
  readonly check: (value: unknown, where: string) => asserts value is State;
  /** What a resource is before the change that creates it. */
  readonly blank: (name: string) => State;
}

/** All resources of one kind, and the state that a reset goes back to. */
export class ResourceTable<State> implements CloudResources {
  readonly #type: ResourceType<State>;
  #states = new Map<string, State>();
  #seeds = new Map<string, State>();

  constructor(type: ResourceType<State>) {
    this.#type = type;
  }

  /** Adds or replaces a resource that a reset will restore. */
  seed(state: State): void {
    const copy: unknown = structuredClone(state);
    this.#type.check(copy, "state");
    this.#seeds.set(this.#type.nameOf(copy), copy);
    this.#states.set(this.#type.nameOf(copy), copy);
  }

  get kind(): string {
    return this.#type.kind;
  }

  recognizes(name: string): boolean {
    return this.#type.recognizes(name);
  }

  list(): readonly { readonly resource: string; readonly scope: string }[] {
    return this.all().map((state) => ({ resource: this.#type.nameOf(state), scope: this.#type.scopeOf(state) }));
  }

  get(name: string): State | undefined {
    return this.#states.get(name);
  }

  all(): readonly State[] {
    return [...this.#states.values()];
  }

  /**
   * Merges a change into a resource; null as the whole change deletes it.
   * @throws ControlError when there is no such resource and `create` is not set, or when the result is no valid state.
   */
  patch(name: string, change: unknown, create = false): void {
    const before = this.#states.get(name);
    if (before === undefined && (!create || change === null)) {
      throw new ControlError(
        "unknown-resource",
        "body.resource",
        `${name} does not exist; "create": true would make it`,
      );
    }
    if (change === null) {
      this.#states.delete(name);
      return;
    }
    const after = mergePatch(before ?? this.#type.blank(name), change);
    this.#type.check(after, "body.change");
    if (this.#type.nameOf(after) !== name) {
      throw new ControlError("wrong-value", "body.change", `a resource keeps its name, ${name}`);
    }
    this.#states.set(name, after);
  }

  reset(): void {
    this.#states = new Map(this.#seeds);
  }
}
