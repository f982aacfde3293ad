/** Whose identity everything is read with. */
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { DefaultAzureCredential } from "@azure/identity";
import type { Clock } from "../clock.ts";
import { Refused } from "../refusal.ts";
import { type RememberedCredentials, rememberCredentials } from "../remember-credentials.ts";
import type { Turn } from "../turn.ts";
import { refusedToken } from "./refused-token.ts";

/** What a token is for, e.g. `https://management.azure.com`. */
export type Audience = string;

export interface SdkCredentials {
  /** For the clients: gives the tokens that were made sure of, and waits for nothing. */
  readonly credential: TokenCredential;
  /** Makes sure of a token that is good for a while. Throws `Refused` where none is to be had. */
  ensure(audience: Audience, turn: Turn): Promise<IssuedToken>;
}

export interface IssuedToken {
  /** Says that the token is not accepted any more, whatever it promised: the next to ask has another. */
  expired(): void;
}

interface Token {
  readonly token: string;
  readonly expiration: Date;
}

/** How long the search for credentials may take, in milliseconds: some of their sources are programs. */
const tokenTimeout = 30_000;

/**
 * The default chain: the environment, workload identity, a managed identity, and the tools of a developer's machine.
 * https://learn.microsoft.com/en-us/azure/developer/javascript/sdk/authentication/credential-chains#defaultazurecredential-overview
 */
export function createSdkCredentials(clock: Clock, authorityHost: string): SdkCredentials {
  let chain: DefaultAzureCredential | undefined;
  const tokens = new Map<Audience, RememberedCredentials<Token>>();

  async function tokenFor(audience: Audience): Promise<Token> {
    try {
      chain ??= new DefaultAzureCredential({ authorityHost, retryOptions: { maxRetries: 0 } });
      const abortSignal = AbortSignal.timeout(tokenTimeout);
      const { token, expiresOnTimestamp } = await chain.getToken(scopeOf(audience), { abortSignal });
      return { token, expiration: new Date(expiresOnTimestamp) };
    } catch (error) {
      throw refusedToken(error);
    }
  }

  return {
    credential: {
      getToken(scopes): Promise<AccessToken> {
        const [scope = ""] = [scopes].flat();
        const [, remembered] = [...tokens].find(([audience]) => scopeOf(audience) === scope) ?? [];
        if (remembered === undefined) return Promise.reject(strangeAudience(scope));
        // Its end is watched here: the clients are to ask for it each time.
        return Promise.resolve({ token: remembered.latest().token, expiresOnTimestamp: 0 });
      },
    },
    async ensure(audience, turn) {
      const remembered = tokens.get(audience) ?? rememberCredentials(clock, () => tokenFor(audience));
      tokens.set(audience, remembered);
      await remembered.ensure(turn);
      const issued = remembered.latest();
      return {
        expired() {
          // It remembers tokens of its own.
          chain = undefined;
          remembered.expired(issued);
        },
      };
    },
  };
}

/** Nothing that would open anything: for a local server. */
export function localCredentials(): SdkCredentials {
  return {
    credential: { getToken: () => Promise.resolve({ token: "local", expiresOnTimestamp: 0 }) },
    ensure: () => Promise.resolve({ expired() {} }),
  };
}

function scopeOf(audience: Audience): string {
  return `${audience}/.default`;
}

/** A vault's challenge says for whom its token is to be: that is no other than for Key Vault. */
function strangeAudience(scope: string): Refused {
  const detail = `a token for ${scope} is asked for, where none belongs`;
  return new Refused({ reason: "malformed", detail, again: "no", permission: null });
}
