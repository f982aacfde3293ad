import { configReference } from "../../src/config/config-reference.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import { code, page, table } from "./markdown.ts";

/** Every name that a configuration file may hold. */
export function configurationPage(): GeneratedFile {
  const rows = configReference().map(({ path, type, standard, required, description }) => [
    code(path),
    type,
    required ? "required" : standard === null ? "" : code(standard),
    description,
  ]);
  return {
    path: "docs/configuration.md",
    text: page(
      pageNote("src/config/config-schema.ts"),
      "# Configuration",
      "A YAML file: `--config`, else `KEYPOSTURE_CONFIG`, else `./keyposture.yaml`. A name that is not listed here is " +
        "refused. `[]` stands for each item of a list, `<name>` for a name of your own. `serve --check-config` tells every " +
        "mistake.",
      "In a text, `${NAME}` stands for a variable of the environment, which is how what is secret stays out of the file, and " +
        "`$${` for `${` itself; a variable that is not set is a mistake. A duration is a whole number with a unit: `500ms`, " +
        "`60s`, `15m`, `24h`, `30d`; that of a lane lies between `1s` and `24d`. A date is written `2026-07-01`. Relative " +
        "paths are taken from the working directory.",
      table(["Name", "Value", "Default", ""], rows),
    ),
  };
}
