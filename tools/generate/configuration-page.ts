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
        "refused. `[]` stands for each item of a list, `<name>` for a name of your own.",
      table(["Name", "Value", "Default", ""], rows),
    ),
  };
}
