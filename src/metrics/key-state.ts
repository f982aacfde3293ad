import { type Lifecycle, lifecycles } from "../model/key.ts";
import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";
import type { KeyDetail } from "./metrics-source.ts";

const metric = catalogue.key_state;

/** Losing sight of a key changes nothing but `unknown`: a disabled key goes on being shown as one. */
export const keyState: KeyFamily = {
  metric,
  render(key) {
    const { provider, name, lifecycle } = key;
    const now = lastKnown(key);
    const line = (state: Lifecycle | "unknown", holds: boolean) =>
      sample(metric, { provider, key: name, state }, holds ? 1 : 0);
    return (
      lifecycles.map((state) => line(state, state === now)).join("") + line("unknown", lifecycle.state !== "known")
    );
  },
};

function lastKnown({ lifecycle, last_known_lifecycle }: KeyDetail): Lifecycle | null {
  return lifecycle.state === "known" ? lifecycle.value : last_known_lifecycle;
}
