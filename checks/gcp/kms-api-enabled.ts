import { shellWord } from "../../src/access/shell-word.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const kmsApiEnabled = defineCheck({
  id: "gcp/kms-api-enabled",
  title: "The Cloud KMS API is enabled in the key's project",
  resource: "gcp.kms-key",
  severity: "high",
  why: "With the API switched off in the project, Cloud KMS answers nobody about its keys, Anthropic included.",
  remediation: "Enable the API (`gcloud services enable cloudkms.googleapis.com --project …`).",
  references: [
    "https://cloud.google.com/kms/docs/create-encryption-keys",
    "https://cloud.google.com/service-usage/docs/enable-disable",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  reads: ["registered_key"],
  mayRead: ["kms_service", "existence", "project"],
  evaluate({ registered_key: { project }, kms_service, existence, project: told }) {
    if (kms_service.state === "unreadable") {
      if (existence.state === "known") {
        const message = `Cloud KMS answers about the keys of ${project}: its API is enabled`;
        return { outcome: "pass", message, evidence: { service: "cloudkms.googleapis.com", state: null } };
      }
      const names = [project, ...(told.state === "known" ? [told.value.id, told.value.number] : [])];
      if (existence.reason === "api-disabled" && names.includes(projectIn(existence.detail) ?? "")) {
        const message = `Cloud KMS answers that its API is switched off: ${existence.detail}`;
        return { outcome: "fail", message, evidence: { service: "cloudkms.googleapis.com", state: null } };
      }
      return {
        outcome: "undecided",
        on: [
          { name: "kms_service", why: kms_service },
          { name: "existence", why: existence },
        ],
        message: "whether the API is enabled could not be read",
      };
    }
    const { state } = kms_service.value;
    const evidence = { service: "cloudkms.googleapis.com", state };
    return state === "ENABLED"
      ? { outcome: "pass", message: `the Cloud KMS API is enabled in ${project}`, evidence }
      : { outcome: "fail", message: `the Cloud KMS API is in state ${state} in ${project}`, evidence };
  },

  commands: ({ registered_key: { project } }) => [
    `gcloud services enable cloudkms.googleapis.com --project ${shellWord(project)}`,
  ],
});

/**
 * Where the API is switched off, as the answer says: that may be the project on whose quota the requests are made, and
 * then nothing is said of the key's. Nor is anything said of Cloud KMS where another API is off on the way to it, such as
 * that of the service account to be impersonated. What the details of the answer tell begins the text; older answers have
 * no details, and this sentence. https://cloud.google.com/service-usage/docs/error-reason
 */
function projectIn(detail: string): string | undefined {
  const [, service, consumer] =
    /^SERVICE_DISABLED: (\S+) is not enabled in (?:projects\/(\S+)|a project): /.exec(detail) ?? [];
  if (service !== undefined && service !== "cloudkms.googleapis.com") return undefined;
  return consumer ?? /\bKMS\b\S* API has not been used in project ([a-z0-9.:-]+) before/.exec(detail)?.[1];
}
