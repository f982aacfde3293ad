/** The call tables turned round: which call tells a fact. */
import type { Call, CallTable } from "../model/call.ts";
import type { Provider } from "../model/resource.ts";
import type { SubjectRef } from "./store.ts";

export interface CallOfFact {
  readonly name: string;
  readonly call: Call;
}

export interface CallIndex {
  /** Throws a TypeError where the provider has no such call for such a subject. */
  call(subject: SubjectRef, name: string): Call;
  calls(provider: Provider): readonly CallOfFact[];
  ofFact(provider: Provider, fact: string): CallOfFact | undefined;
}

/** Throws a TypeError where two calls tell the same fact: there would be two answers to how it was seen. */
export function indexCalls(tables: Readonly<Record<Provider, CallTable>>): CallIndex {
  const calls = new Map<string, readonly CallOfFact[]>();
  const byFact = new Map<string, CallOfFact>();
  for (const [provider, table] of Object.entries(tables)) {
    const entries = Object.entries(table).map(([name, call]) => ({ name, call }));
    calls.set(provider, entries);
    for (const entry of entries) {
      for (const fact of entry.call.facts) {
        const other = byFact.get(`${provider} ${fact}`);
        if (other !== undefined || fact === "registration") {
          throw new TypeError(`the fact ${fact} is told by ${entry.name} and by ${other?.name ?? "the registration"}`);
        }
        byFact.set(`${provider} ${fact}`, entry);
      }
    }
  }
  return {
    call({ kind, provider }, name) {
      const call = tables[provider][name];
      if (call === undefined || call.subject !== kind) {
        throw new TypeError(`${name} is no call that ${provider} answers about a ${kind}`);
      }
      return call;
    },
    calls: (provider) => calls.get(provider) ?? [],
    ofFact: (provider, fact) => byFact.get(`${provider} ${fact}`),
  };
}
