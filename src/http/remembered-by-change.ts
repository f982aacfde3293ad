import type { StorePort } from "./ports.ts";

/** What follows from conclusions and registrations alone is worked out once for each change of them. */
export function rememberedByChange<T>(store: Pick<StorePort, "changeSeq">, work: () => Promise<T>): () => Promise<T> {
  let remembered: { readonly seq: number; readonly value: T } | undefined;
  return async () => {
    const seq = await store.changeSeq();
    if (remembered?.seq !== seq) remembered = { seq, value: await work() };
    return remembered.value;
  };
}
