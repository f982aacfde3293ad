// Which account an access key id belongs to.
import { sampleAccount } from "./resources.ts";

export interface Identity {
  readonly account: string;
  readonly caller: string;
}

/**
 * Who an access key id is. One that ends in twelve digits belongs to that account, so that a test can be in any
 * account without asking; every other one belongs to the sample account.
 */
export class Sessions {
  #callers = new Map<string, string>();

  /** Makes the access key id of an assumed role. */
  open(account: string, caller: string): string {
    const number = String(this.#callers.size + 1).padStart(4, "0");
    const accessKeyId = `ASIA${number}${account}`;
    this.#callers.set(accessKeyId, caller);
    return accessKeyId;
  }

  identify(accessKeyId: string): Identity {
    const account = /\d{12}$/.exec(accessKeyId)?.[0] ?? sampleAccount;
    return { account, caller: this.#callers.get(accessKeyId) ?? `arn:aws:iam::${account}:user/keyposture` };
  }

  clear(): void {
    this.#callers.clear();
  }
}
