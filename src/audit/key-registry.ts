import { freeKeyName } from "../config/key-name.ts";
import type { KeyResource, Registration } from "../model/key.ts";
import { notBefore } from "../model/moment.ts";
import type { Store, StoreWriter } from "../store/store.ts";
import type { Concluding } from "./moments.ts";

/** What people say about a key: an absent field is not touched, null is "not said". */
export type RegistrationChange = {
  readonly [Field in keyof Registration]?: Registration[Field] | null | undefined;
};

export interface KeyRequest {
  /** Null: the default one, made unique. */
  readonly name: string | null;
  readonly default_name: string;
  readonly resource: KeyResource;
  readonly fields: RegistrationChange;
}

export interface KeyRegistryOptions {
  readonly store: Store;
  /** The organizations of keys that name none. */
  readonly organizations: readonly string[];
  readonly concluding: Concluding;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told after every change. */
  readonly onChange: () => void;
}

/** Registers, changes and retires the keys of the API; those of the file change only in the file. */
export function createKeyRegistry({ store, organizations, concluding, now, onChange }: KeyRegistryOptions) {
  const nothingSaid: Registration = {
    compartments: [],
    organizations,
    expected_principals: [],
    in_use_since: null,
    role_arn: null,
    azure: null,
    guidance: null,
    labels: {},
  };

  /** The registration with the changes made to it; what is not said gets its default. */
  function changed(before: Registration, fields: RegistrationChange): Registration {
    const said = Object.entries(fields).filter(([, value]) => value !== undefined);
    const changes = said.map(([name, value]) => [name, value ?? nothingSaid[name as keyof Registration]]);
    return { ...before, ...(Object.fromEntries(changes) as Partial<Registration>) };
  }

  function change<T>(body: (tx: StoreWriter, at: number) => Promise<T>): Promise<T> {
    return concluding((at) => store.write(async (tx) => body(tx, notBefore((await tx.changedAt()) + 1, at, now()))));
  }

  return {
    async registerKey({ name, default_name, resource, fields }: KeyRequest) {
      const result = await change(async (tx, at) => {
        const taken = new Set((await tx.keys()).map((key) => key.name));
        const chosen = name ?? freeKeyName(default_name, resource, (other) => taken.has(other));
        const registration = changed(nothingSaid, fields);
        return tx.registerKey({ ...resource, name: chosen, source: "api", registration }, at);
      });
      if (result.state === "registered") onChange();
      return result;
    },

    async updateKey(name: string, fields: RegistrationChange) {
      const result = await change(async (tx, at) => {
        const key = await tx.key(name);
        if (key === undefined) return { state: "no-such-key" } as const;
        if (key.source === "file") return { state: "key-from-file", key } as const;
        const updated = await tx.updateRegistration(name, changed(key.registration, fields), at);
        return { state: "updated", key: updated } as const;
      });
      if (result.state === "updated") onChange();
      return result;
    },

    async retireKey(name: string) {
      const result = await change(async (tx, at) => {
        const key = await tx.key(name);
        if (key === undefined) return { state: "no-such-key" } as const;
        if (key.source === "file") return { state: "key-from-file", key } as const;
        return { state: "retired", key: await tx.retireKey(name, at) } as const;
      });
      if (result.state === "retired") onChange();
      return result;
    },
  };
}
