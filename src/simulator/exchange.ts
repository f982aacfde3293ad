// One call from its arrival to what becomes of it, the same for every wire.
import type { EventEmitter } from "node:events";
import type { ReceivedCall } from "./cloud.ts";
import type { Gate, Spoil } from "./gate.ts";
import type { Random } from "./random.ts";

/** What a wire can do with a call that it has received. */
export interface Wire<Answer> {
  /** Emits `close` when the client leaves. */
  readonly stream: EventEmitter;
  readonly spoil: Spoil<Answer>;
  readonly send: (answer: Answer) => void;
  /** Announces the whole answer, sends half of it, and breaks the connection. */
  readonly truncate: (answer: Answer) => void;
  readonly reset: () => void;
}

/** Holds a call as long as the rules say, and does with it what they say then. */
export async function exchange<Answer>(
  call: ReceivedCall<Answer>,
  wire: Wire<Answer>,
  gate: Gate,
  random: Random,
): Promise<void> {
  const ms = gate.arrive(call, random);
  if (ms > 0 && !(await held(wire.stream, ms))) {
    return;
  }
  const delivery = gate.deliver(call, wire.spoil);
  switch (delivery.kind) {
    case "hang":
      return;
    case "reset":
      wire.reset();
      return;
    case "truncated":
      wire.truncate(delivery.answer);
      return;
    case "send":
      wire.send(delivery.answer);
      return;
  }
}

/** Waits, and tells whether the client was still there at the end. */
function held(stream: EventEmitter, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stream.off("close", gone);
      resolve(true);
    }, ms);
    function gone(): void {
      clearTimeout(timer);
      resolve(false);
    }
    stream.once("close", gone);
  });
}
