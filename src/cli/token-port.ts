import type { Logger } from "../audit/logger.ts";
import type { TokenPort } from "../http/ports.ts";
import type { Tokens } from "../store/store.ts";
import type { OpenTokensFile } from "./tokens-file.ts";

/** The tokens of the database and those of the file, for the API. What is changed about them is logged. */
export function createTokenPort(tokens: Tokens, file: OpenTokensFile | undefined, log: Logger): TokenPort {
  const ofFile = () => file?.tokens() ?? [];
  return {
    find: tokens.find,
    ofFile,
    async list() {
      const all = [...(await tokens.list()), ...ofFile()];
      return all.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    },
    async create(token, at) {
      const created = await tokens.create(token, at);
      const { id: token_id, name: token_name, role } = token;
      if (created) log.info({ token_id, token_name, role }, "a token was created");
      return created;
    },
    async revoke(id, at) {
      const revoked = await tokens.revoke(id, at);
      if (revoked) log.info({ token_id: id }, "a token was revoked");
      return revoked;
    },
    async used(id, at) {
      if (ofFile().some((token) => token.id === id)) file?.used(id, at);
      else await tokens.used(id, at);
    },
  };
}
