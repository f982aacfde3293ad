/** What `lint` can be told of a key's registration, and which option tells what a message asks for. */
import { InvalidArgumentError } from "commander";
import { type RegistrationFields, registrationSchema } from "../config/registration-schema.ts";
import type { Outcome } from "../model/outcome.ts";

/** By the names of the configuration, in which messages speak. */
const settable = [
  "in_use_since",
  "role_arn",
  "azure.tenant_id",
  "azure.client_id",
  "azure.service_principal_object_id",
  "azure.vault_resource_id",
  "azure.dedicated_vault",
] as const;
const lists = {
  organizations: "--organization",
  compartments: "--compartment",
  expected_principals: "--expect-principal",
} as const;

export const setOptionForm = `<name>=<value>, with one of ${settable.join(", ")}`;

/** `--set <name>=<value>`; may be given several times. */
export function setOption(text: string, before: RegistrationFields = {}): RegistrationFields {
  const name = settable.find((one) => text.startsWith(`${one}=`));
  if (name === undefined) throw new InvalidArgumentError(`Expected ${setOptionForm}.`);
  const written = text.slice(name.length + 1);
  const value = written === "true" || written === "false" ? written === "true" : written;
  const [field = "", part] = name.split(".");
  const fields = { ...before, [field]: part === undefined ? value : { ...before.azure, [part]: value } };
  const parsed = registrationSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Expected ${parsed.error.issues[0]?.message ?? "another value"}.`);
}

const named = new RegExp(
  `\`(${Object.keys(lists).join("|")})\`|(?<![\\w.])(${settable.join("|").replaceAll(".", "\\.")})(?!\\w)`,
  "g",
);

/** How to say what messages name as a setting, as sentences: one for each setting. */
export function settingHints(outcomes: readonly Outcome[]): readonly string[] {
  const open = outcomes.filter(({ outcome }) => outcome !== "pass");
  const asked = open.flatMap(({ check, message }) =>
    [...message.matchAll(named)].map(([, list, single]) => ({ check, setting: list ?? single ?? "" })),
  );
  const sentences = [...Map.groupBy(asked, ({ setting }) => setting)].map(([setting, of]) => {
    const checks = [...new Set(of.map(({ check }) => check))].join(", ");
    const option = isList(setting) ? `\`${setting}\` is said with ${lists[setting]}` : `say --set ${setting}=…`;
    return `For ${checks}: ${option}.`;
  });
  const beyond = open.some(({ message }) => /\breads\.[a-z]/.test(message));
  return beyond ? [...sentences, "What is under `reads:` is looked at by scans; lint looks nothing up."] : sentences;
}

function isList(setting: string): setting is keyof typeof lists {
  return Object.hasOwn(lists, setting);
}
