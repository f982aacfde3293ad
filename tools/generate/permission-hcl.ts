/** A local value that is a list, as `terraform fmt` leaves it. */
export function localList(name: string, items: readonly string[]): string {
  return `  ${name} = [\n${items.map((item) => `    "${item}",`).join("\n")}\n  ]`;
}
