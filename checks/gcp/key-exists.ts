import { shellWord } from "../../src/access/shell-word.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const keyExists = defineCheck({
  id: "gcp/key-exists",
  title: "The key exists and its project is active",
  resource: "gcp.kms-key",
  severity: "critical",
  why: "Without the key nobody can read the workspace data under it, and Anthropic keeps no copy. A project that is being deleted takes its keys with it.",
  remediation:
    "Restore the project (`gcloud projects undelete …`) while that is possible; where the key itself is gone, correct its registration, or register the key that Anthropic uses now.",
  references: [
    "https://cloud.google.com/resource-manager/docs/creating-managing-projects#shutting_down_projects",
    "https://cloud.google.com/kms/docs/resource-hierarchy",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12(1)", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  reads: ["registered_key"],
  // Either can prove the failure alone: in a project that is being deleted, keys are refused and not told.
  passNeeds: ["existence", "project"],
  // Says how it is known that the key is not there.
  mayRead: ["read_name"],
  evaluate({ registered_key: { name, project: id }, existence, project, read_name }) {
    const state = project.state === "known" ? project.value.state : null;
    const there = existence.state === "known" ? existence.value : null;
    const evidence = { key: name, existence: there, project_state: state };
    if (state !== null && state !== "ACTIVE") {
      return { outcome: "fail", message: `the project ${id} is in state ${state}: its keys go with it`, evidence };
    }
    if (there === "absent") {
      const why = read_name.state === "unreadable" && read_name.reason === "not-found" ? `: ${read_name.detail}` : "";
      return { outcome: "fail", message: `there is no such key${why}`, evidence };
    }
    return { outcome: "pass", message: "the key exists, and its project is active", evidence };
  },

  commands({ project }) {
    const isLeaving = project.state === "known" && project.value.state === "DELETE_REQUESTED";
    return isLeaving ? [`gcloud projects undelete ${shellWord(project.value.id)}`] : [];
  },
});
