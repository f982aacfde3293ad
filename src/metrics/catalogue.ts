// Every metric family of our own. Names, types and labels are a public contract: alerts and dashboards are built on them.

export interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds in seconds, of a histogram. */
  readonly buckets?: readonly number[];
}

const cached = "Cached; see keyposture_key_last_observed_timestamp_seconds.";

export const catalogue = {
  key_info: {
    name: "keyposture_key_info",
    type: "gauge",
    // And a label label_<name> for each of metrics.key_labels.
    labels: ["provider", "key", "account", "location", "resource", "protection_level", "key_spec", "origin"],
    help: "Static attributes of a monitored key.",
  },
  key_state: {
    name: "keyposture_key_state",
    type: "gauge",
    labels: ["provider", "key", "state"],
    help: `Lifecycle state of the key or of its primary/current version. The last known state stays 1 beside unknown while it cannot be read. ${cached}`,
  },
  check_failing: {
    name: "keyposture_check_failing",
    type: "gauge",
    labels: ["provider", "key", "check", "severity"],
    help: `1 if the posture check fails on the key and no acceptance is active. Stays 1 until the check passes, also while it cannot be evaluated. ${cached}`,
  },
  key_unknown_checks: {
    name: "keyposture_key_unknown_checks",
    type: "gauge",
    labels: ["provider", "key"],
    help: `Number of applicable checks that could not be evaluated at the last scan. ${cached}`,
  },
  key_score: {
    name: "keyposture_key_score",
    type: "gauge",
    labels: ["provider", "key"],
    help: `Posture score of the key, 0 to 100. Unknown checks count as not passed; at most 39 while a critical check fails. Absent while no check applies. ${cached}`,
  },
  key_last_observed: {
    name: "keyposture_key_last_observed_timestamp_seconds",
    type: "gauge",
    labels: ["provider", "key"],
    help: "Time of the last successful read of the key state from the provider. 0 before the first.",
  },
  key_scan_interval: {
    name: "keyposture_key_scan_interval_seconds",
    type: "gauge",
    labels: ["provider", "key"],
    help: "Effective fast interval of the key: the longer of the configured one and what the scope's budget allows.",
  },
  findings: {
    name: "keyposture_findings",
    type: "gauge",
    labels: ["provider", "severity", "status"],
    help: "Findings by state (always emitted). unknown counts those whose newest outcome decides nothing, whatever their status.",
  },
  scan_interval: {
    name: "keyposture_scan_interval_seconds",
    type: "gauge",
    labels: ["lane"],
    help: "Configured scan interval.",
  },
  scan_last_success: {
    name: "keyposture_scan_last_success_timestamp_seconds",
    type: "gauge",
    labels: ["provider", "scope", "lane"],
    help: "Last scan of the scope that came to its end and broke on a fault of the service for none of its keys. Refused reads are no faults. 0 before the first.",
  },
  scan_runs: {
    name: "keyposture_scan_runs_total",
    type: "counter",
    labels: ["provider", "scope", "lane"],
    help: "Scans of the scope that ended, well or not.",
  },
  scan_failures: {
    name: "keyposture_scan_failures_total",
    type: "counter",
    labels: ["provider", "scope", "lane", "reason"],
    help: "Scans of the scope that failed, wholly or for some of its keys. Refused reads are no failures: see keyposture_unreadable_facts_total.",
  },
  scan_duration: {
    name: "keyposture_scan_duration_seconds",
    type: "histogram",
    labels: ["provider", "lane"],
    help: "Duration of one scope scan.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 60],
  },
  provider_requests: {
    name: "keyposture_provider_requests_total",
    type: "counter",
    labels: ["provider", "api"],
    help: "Provider API calls, each attempt counted.",
  },
  provider_request_failures: {
    name: "keyposture_provider_request_failures_total",
    type: "counter",
    labels: ["provider", "api", "code"],
    help: "Provider API calls that got no answer, by reason.",
  },
  provider_throttles: {
    name: "keyposture_provider_throttles_total",
    type: "counter",
    labels: ["provider", "api"],
    help: "Provider API calls that were throttled.",
  },
  provider_request_duration: {
    name: "keyposture_provider_request_duration_seconds",
    type: "histogram",
    labels: ["provider", "api"],
    help: "Provider API latency of each attempt, waiting for the budget excluded.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3, 5, 10],
  },
  unreadable_facts: {
    name: "keyposture_unreadable_facts_total",
    type: "counter",
    labels: ["provider", "scope", "call", "reason"],
    help: "Reads that were refused or failed, by reason.",
  },
  build_info: {
    name: "keyposture_build_info",
    type: "gauge",
    labels: ["version", "nodeversion"],
    help: "Version of the service and of Node.js.",
  },
} as const satisfies Record<string, Metric>;
