import { ControlError } from "../control-error.ts";
import { ResourceTable, type ResourceType } from "../resource-table.ts";

/** A table whose names are found without regard to case, as Azure compares them, and listed as they were given. */
export class AzureTable<State> extends ResourceTable<State> {
  readonly #nameOf: (state: State) => string;
  /** By the name in lower case. */
  #names = new Map<string, string>();

  constructor(type: ResourceType<State>) {
    super(type);
    this.#nameOf = type.nameOf;
  }

  override seed(state: State): void {
    super.seed(state);
    this.#remember(this.#nameOf(state));
  }

  /** What a request means by a name. */
  find(name: string): State | undefined {
    return this.get(this.spelling(name));
  }

  /** A name as it is listed; one that is not here stays as it is. */
  spelling(name: string): string {
    return this.#names.get(name.toLowerCase()) ?? name;
  }

  override patch(name: string, change: unknown, create = false): void {
    const known = this.spelling(name);
    if (known !== name) {
      throw new ControlError("wrong-value", "body.resource", `${name} is listed in another case`, [known]);
    }
    super.patch(name, change, create);
    if (change === null) {
      this.#names.delete(name.toLowerCase());
    } else {
      this.#remember(name);
    }
  }

  override reset(): void {
    super.reset();
    this.#names = new Map();
    for (const { resource } of this.list()) {
      this.#remember(resource);
    }
  }

  #remember(name: string): void {
    this.#names.set(name.toLowerCase(), name);
  }
}
