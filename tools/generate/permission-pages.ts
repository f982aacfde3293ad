/** The pages on permissions: one for each cloud, and an index of them. */
import type { Check } from "../../src/check/define-check.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { CallTable } from "../../src/model/call.ts";
import type { Provider } from "../../src/model/resource.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import { code, page, table } from "./markdown.ts";
import { type PermissionCost, permissionCosts } from "./permission-costs.ts";
import { type GrantText, grantTexts } from "./permission-grant-texts.ts";
import { neededFor } from "./permission-lists.ts";

const folder = "docs/permissions";
const clouds = { aws: "AWS", gcp: "Google Cloud", azure: "Azure" } as const satisfies Record<Provider, string>;

export function permissionPages(checks: readonly Check[]): readonly GeneratedFile[] {
  const providers = Object.keys(clouds) as Provider[];
  return [index(), ...providers.map((provider) => cloudPage(provider, checks))];
}

function index(): GeneratedFile {
  const rows = Object.entries(clouds).map(([cloud, name]) => [
    `[${name}](${cloud}.md)`,
    grantTexts[cloud as Provider].documents.map((document) => `[${document}](${document})`).join(", "),
    `[terraform/${cloud}](terraform/${cloud}/main.tf)`,
  ]);
  return {
    path: `${folder}/README.md`,
    text: page(
      pageNote("the tables of calls in src/collect"),
      "# Permissions",
      "Every permission that the service uses, and no other: the same tables name what is missing where something cannot be read. None of them lets anybody use or change a key. A test scans simulated clouds with exactly what is granted here, and with each permission left out in turn: what needs it is unreadable then, the permission is named, and everything else is judged as before.",
      table(["Cloud", "To grant by hand", "To grant with Terraform"], rows),
      "Each page says who reads, what to grant where and how, which call needs which permission, and what it costs to withhold one.",
    ),
  };
}

function cloudPage(provider: Provider, checks: readonly Check[]): GeneratedFile {
  const { reader, documents, commands, terraform, notes, withheld }: GrantText = grantTexts[provider];
  return {
    path: `${folder}/${provider}.md`,
    text: page(
      pageNote(`src/collect/${provider}/calls.ts and the checks`),
      `# Permissions in ${clouds[provider]}`,
      "Nothing here lets anybody use or change a key.",
      "## Who reads",
      reader,
      "## What to grant",
      [...documents.map(what), ...notes].map((one) => `- ${one}`).join("\n"),
      "## By hand",
      `\`\`\`sh\n${commands}\n\`\`\``,
      "## With Terraform",
      `[terraform/${provider}](terraform/${provider}/main.tf) is a module that grants the same; [its variables](terraform/${provider}/variables.tf) say what it takes.`,
      `\`\`\`hcl\n${terraform}\n\`\`\``,
      "## What is called",
      `Each call with what it needs, the facts that it tells, and [the lane](../configuration.md) in which it is made. A call with a switch is made only where the switch is on.`,
      callTable(provider),
      "## What a missing permission costs",
      `A permission that is missing is no failure: its facts are unreadable, \`scan\` and \`/summary\` name it, and every other fact is read and judged as before. Of the checks in its row, those that these facts decide are \`unknown\`, and what was concluded before stands.`,
      costTable(permissionCosts(provider, checks), ofProvider(provider, checks)),
      withheld,
    ),
  };

  function what(document: string): string {
    return `[${document}](${document}): ${grantTexts[provider].about[document] ?? ""}`;
  }
}

function callTable(provider: Provider): string {
  const calls: CallTable = callTables[provider];
  const rows = Object.entries(calls).map(([name, call]) => [
    code(name),
    neededFor(call).map(code).join(" or "),
    [...call.facts, ...(call.leads_to ?? [])].map(code).join(", "),
    call.lane,
    call.switch === undefined ? "" : code(`reads.${call.switch}`),
  ]);
  return table(["Call", "Permission", "Facts", "Lane", "Switch"], rows);
}

function costTable(costs: readonly PermissionCost[], all: number): string {
  const rows = costs.map(({ permission, everything, facts, checks }) => [
    code(permission),
    everything ? "every fact" : facts.map(code).join(", "),
    checks.length === all ? "every check" : checks.length === 0 ? "none" : checks.map(linked).join(", "),
  ]);
  return table(["Permission", "Facts", "Checks"], rows);
}

function linked({ id }: Check): string {
  return `[${id}](../checks/${id}.md)`;
}

function ofProvider(provider: Provider, checks: readonly Check[]): number {
  return checks.filter(({ id }) => id.startsWith(`${provider}/`)).length;
}
