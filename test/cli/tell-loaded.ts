/** Imported before a command: says on standard error, as one line at its end, what the command has loaded. */
import { registerHooks } from "node:module";

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    const [, path = url] = /\/(node_modules\/(?:@[^/]+\/)?[^/]+|src\/[^/]+|checks)\//.exec(url) ?? [];
    loaded.add(path.replace("node_modules/", ""));
    return next(url, context);
  },
});

process.on("exit", () => process.stderr.write(`\nloaded ${JSON.stringify([...loaded])}\n`));
