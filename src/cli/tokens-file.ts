import type { Logger } from "../audit/logger.ts";
import { readTokensFile } from "../config/tokens-file.ts";
import type { StoredToken } from "../model/token.ts";

export interface OpenTokensFile {
  /** As they were read last. */
  tokens(): readonly StoredToken[];
  /** Kept until the service ends: nothing is written into the file. */
  used(id: string, at: number): void;
  /** Reads the file anew. One that is broken or gone is logged, once, and what was read before it still holds. */
  look(): Promise<void>;
  /** Looks every half minute, until `close`. */
  watch(): void;
  close(): void;
}

/** Watching for changes would miss some: Kubernetes puts a secret in place by turning a link around. */
const interval = 30_000;

/** Reads the file that server.tokens_file names. Throws an OperatorError where it is broken. */
export async function openTokensFile(path: string, log: Logger): Promise<OpenTokensFile> {
  const first = await readTokensFile(path);
  if (!first.ok) throw first.error;
  let { tokens } = first;
  let timer: NodeJS.Timeout | undefined;
  let fault: string | undefined;
  const uses = new Map<string, number>();

  async function look(): Promise<void> {
    const read = await readTokensFile(path);
    const before = fault;
    fault = read.ok ? undefined : [read.error.detail, ...read.error.errors.map(({ detail }) => detail)].join("; ");
    if (!read.ok) {
      if (fault !== before) log.error({ fault }, "the file of tokens is broken: the tokens read before it still hold");
      return;
    }
    if (JSON.stringify(read.tokens) === JSON.stringify(tokens)) return;
    ({ tokens } = read);
    log.info({ tokens: tokens.map(({ name }) => name) }, "the file of tokens was read again");
  }

  return {
    tokens: () => tokens.map((token) => ({ ...token, last_used_at: uses.get(token.id) ?? null })),
    used: (id, at) => void uses.set(id, at),
    look,
    watch() {
      timer = setInterval(() => {
        look().catch((error: unknown) => log.error({ err: error }, "the file of tokens could not be read again"));
      }, interval).unref();
    },
    close: () => clearInterval(timer),
  };
}
