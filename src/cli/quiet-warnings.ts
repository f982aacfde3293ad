/** What packages warn of on stderr though a refusal says the same in its place, and better: by the warning's name. */
const saidElsewhere: ReadonlySet<string> = new Set([
  // Where nothing answers for Google's metadata server as it would: https://github.com/googleapis/gcp-metadata
  "MetadataLookupWarning",
]);

/** From now on Node prints warnings as it did, but for those that are said elsewhere. */
export function quietWarnings(): void {
  // Node prints by a listener of its own; there is no switch for one name while the process runs.
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (saidElsewhere.has(warning.name)) return;
    for (const print of printers) print.call(process, warning);
  });
}
