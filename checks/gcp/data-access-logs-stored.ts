import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { flag } from "../../src/access/gcp/gcloud.ts";
import { recordedMethods, takesKmsDataAccess } from "../../src/access/gcp/log-filter.ts";
import { maybe, no, not, type Tri, yes } from "../../src/access/three-valued.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import type { Fact } from "../../src/model/fact.ts";
import type { GcpLogExclusion, GcpLogSink, GcpProject, GcpRegisteredKey } from "../../src/model/gcp.ts";

export const dataAccessLogsStored = defineCheck({
  id: "gcp/data-access-logs-stored",
  title: "Data access logs of Cloud KMS are kept",
  resource: "gcp.kms-key",
  severity: "medium",
  why: "A record that no sink takes, or that an exclusion drops, is lost before anybody can look at it.",
  remediation:
    "Enable the `_Default` sink (`gcloud logging sinks update _Default --no-disabled`), or make another one that takes `cloudaudit.googleapis.com/data_access`, and remove the exclusion that drops it.",
  references: [
    "https://cloud.google.com/logging/docs/routing/overview",
    "https://cloud.google.com/logging/docs/exclusions",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "AU-11", basis: "judgement" },
    { framework: "NIST SP 800-53", version: "r5", id: "AU-9", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "LOG-02", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "10.3.2", basis: "seen" },
  ],

  scope: existingGcpKey,

  reads: ["log_sinks", "log_exclusions", "registered_key"],
  mayRead: ["project"],
  evaluate({ log_sinks, log_exclusions, registered_key, project }) {
    const projects = namesOf(project, registered_key);
    const kinds = recordedMethods.map((method) => ({
      method,
      sinks: log_sinks.map((sink) => ({ name: sink.name, keeps: keeps(sink, log_exclusions, projects, method) })),
    }));
    const named = (found: typeof kinds, wanted: Tri) => [
      ...new Set(
        found.flatMap(({ sinks }) => sinks.flatMap(({ name, keeps: answer }) => (answer === wanted ? name : []))),
      ),
    ];
    const lost = kinds.filter(({ sinks }) => sinks.every(({ keeps: answer }) => answer === no));
    const unsure = kinds.filter(({ sinks }) => !sinks.some(({ keeps: answer }) => answer === yes));
    const evidence = { sinks: log_sinks.map(({ name, destination, disabled }) => ({ name, destination, disabled })) };
    if (unsure.length === 0) {
      return { outcome: "pass", message: `kept by the sink ${named(kinds, yes).join(", ")}`, evidence };
    }
    if (lost.length === 0) {
      const open = named(unsure, maybe).map((name) => `the filters of ${name}`);
      const message = `whether the logs are kept hangs on ${open.join(", ")}, which ask for more than is known here`;
      return { outcome: "undecided", on: open, message };
    }
    const told = log_sinks.map(({ name, disabled }) => `${name} ${disabled ? "is disabled" : "does not take them"}`);
    const why = told.length === 0 ? "the project has no sink" : told.join(", ");
    const what = lost.length === kinds.length ? "" : `, for ${lost.map(({ method }) => method).join(", ")}`;
    return { outcome: "fail", message: `no sink keeps data access logs of Cloud KMS${what}: ${why}`, evidence };
  },

  commands({ log_sinks, log_exclusions, registered_key, project }) {
    const projects = namesOf(project, registered_key);
    const wouldKeep = log_sinks.some(
      (sink) =>
        sink.name === "_Default" &&
        recordedMethods.every(
          (method) => keeps({ ...sink, disabled: false }, log_exclusions, projects, method) === yes,
        ),
    );
    return wouldKeep
      ? [`gcloud logging sinks update _Default --no-disabled ${flag("project", registered_key.project)}`]
      : [];
  },
});

function namesOf(project: Fact<GcpProject>, { project: registered }: GcpRegisteredKey): readonly string[] {
  return project.state === "known" ? [project.value.id, project.value.number] : [registered];
}

/** The project's own exclusions are an older form of those of `_Default`. */
function keeps(
  sink: GcpLogSink,
  older: readonly GcpLogExclusion[],
  projects: readonly string[],
  method: (typeof recordedMethods)[number],
): Tri {
  if (sink.disabled) return no;
  const exclusions = [...sink.exclusions, ...(sink.name === "_Default" ? older : [])].filter(
    ({ disabled }) => !disabled,
  );
  const answers = [
    takesKmsDataAccess(sink.filter, projects, method),
    ...exclusions.map(({ filter }) => not(takesKmsDataAccess(filter, projects, method))),
  ];
  return Math.min(...answers) as Tri;
}
