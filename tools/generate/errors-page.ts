import { errorCodes } from "../../src/errors/error-codes.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import { page } from "./markdown.ts";

/** Every code that an operator can meet. */
export function errorsPage(): GeneratedFile {
  const sections = Object.entries(errorCodes).flatMap(([name, { title, status, exit, meaning, remedy }]) => {
    const seen = [
      ...(status === null ? [] : [`HTTP status ${status}`]),
      ...(exit === null ? [] : [`exit code ${exit}`]),
    ];
    return [`## ${name}`, `**${title}** (${seen.join(", ")})`, meaning, `What to do: ${remedy}`];
  });
  return {
    path: "docs/errors.md",
    text: page(
      pageNote("src/errors"),
      "# Errors",
      "The codes of messages on the command line and of problem documents over HTTP. A code never changes its meaning.",
      ...sections,
    ),
  };
}
