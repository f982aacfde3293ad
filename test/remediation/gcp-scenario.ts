import type { Wrong } from "../support/gcloud/simulated-key.ts";

/** A key that fails a check, and what is offered against it. */
export interface CommandScenario {
  readonly check: string;
  readonly name: string;
  readonly wrong: Wrong;
  /** `<key>` and `<ring>` stand for what names the sample key and its ring. */
  readonly commands: readonly string[];
  /** What the check still says where no command can mend everything. */
  readonly rest?: RegExp;
}

export const binding = (role: string, ...members: readonly string[]) => ({ role, members });

/** In the form in which samples are changed. */
export const policy = (...bindings: readonly (ReturnType<typeof binding> & { condition?: object })[]) =>
  ({ policy: { bindings } }) as { policy: { bindings: { role: string; members: readonly string[] }[] } };

/** What the sample project binds. */
export const owner = binding("roles/owner", "user:owner@example.com");
