import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const keyName = /^projects\/([^/]+)\/(locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+)$/;

export const registeredNameIsKey = defineCheck({
  id: "gcp/registered-name-is-key",
  title: "What is registered is the full name of the key itself",
  resource: "gcp.kms-key",
  severity: "high",
  why: "With the name of one version Anthropic would go on using that version after a rotation, and with another key's name what is judged here would not be the key that Anthropic uses.",
  remediation:
    "Register the key's own name, with Anthropic and here (`gcloud kms keys describe … --format 'value(name)'`), without `/cryptoKeyVersions/…`.",
  references: ["https://cloud.google.com/kms/docs/getting-resource-ids"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.9", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  passNeeds: ["read_name"],
  mayRead: ["project"],
  evaluate({ registered_key: { name }, read_name, project }) {
    const registered = keyName.exec(name);
    const read = read_name.state === "known" ? read_name.value : null;
    const evidence = { registered: name, read };
    if (registered === null) {
      return { outcome: "fail", message: `${name} is not the full name of a key`, evidence };
    }
    const answered = read === null ? null : keyName.exec(read);
    if (read === null || read === name) {
      return { outcome: "pass", message: "the registered name is the one of the key that was read", evidence };
    }
    const other = {
      outcome: "fail",
      message: `the key that answered is ${read}, and ${name} is registered`,
      evidence,
    } as const;
    if (answered === null || answered[2] !== registered[2]) return other;
    // A project has an id and a number, and both name it.
    if (project.state === "unreadable") {
      return { outcome: "undecided", on: ["project"], message: `${read} and ${name} may be of one project` };
    }
    const names = [project.value.id, project.value.number];
    return names.includes(answered[1] ?? "") && names.includes(registered[1] ?? "")
      ? { outcome: "pass", message: "the registered name is the one of the key that was read", evidence }
      : other;
  },
});
