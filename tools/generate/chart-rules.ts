// What the values of the Helm chart may be, as JSON Schema, where their default does not tell.

const texts = { type: "object", additionalProperties: { type: "string" } };
const mappings = { type: "array", items: { type: "object" } };
const fromOne = { type: "integer", minimum: 1 };
const duration = { type: "string", pattern: "^([0-9]+(ms|s|m|h))+$" };
const uuidOrNothing = { type: "string", pattern: "^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$" };

function oneOf(...values: readonly string[]) {
  return { type: "string", enum: values };
}

function fields(required: readonly string[], properties: Readonly<Record<string, object>>) {
  return { type: "object", additionalProperties: false, required, properties };
}

const text = { type: "string", minLength: 1 };
const reference = fields(["name"], { name: text, optional: { type: "boolean" } });
const variable = fields(["name"], { name: text, value: { type: "string" }, valueFrom: { type: "object" } });

/** By the path of a value. What Kubernetes itself looks at (`affinity`, a security context) is left to it. */
export const chartRules: Readonly<Record<string, object>> = {
  replicaCount: { type: "integer", const: 1 },
  "image.repository": text,
  "image.digest": { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
  "image.pullPolicy": oneOf("Always", "IfNotPresent", "Never"),
  imagePullSecrets: { type: "array", items: fields(["name"], { name: text }) },
  commonLabels: texts,
  extraEnv: { type: "array", items: variable },
  extraEnvFrom: {
    type: "array",
    items: fields([], { prefix: text, secretRef: reference, configMapRef: reference }),
  },
  extraVolumes: mappings,
  extraVolumeMounts: mappings,
  "tokens.key": text,
  "cloudIdentity.aws.mode": oneOf("irsa", "podIdentity"),
  "cloudIdentity.aws.roleArn": { type: "string", pattern: "^(arn:aws[a-z-]*:iam::[0-9]{12}:role/.+)?$" },
  "cloudIdentity.gcp.gsa": { type: "string", pattern: "^([^@ ]+@[^@ ]+\\.gserviceaccount\\.com)?$" },
  "cloudIdentity.azure.clientId": uuidOrNothing,
  "cloudIdentity.azure.tenantId": uuidOrNothing,
  "serviceAccount.annotations": texts,
  "serviceAccount.labels": texts,
  "persistence.size": { type: "string", pattern: "^[0-9]+(Mi|Gi|Ti|M|G|T)$" },
  "persistence.accessModes": { type: "array", minItems: 1, items: oneOf("ReadWriteOnce", "ReadWriteOncePod") },
  podAnnotations: texts,
  podLabels: texts,
  "service.type": oneOf("ClusterIP", "NodePort", "LoadBalancer"),
  "service.annotations": texts,
  "startupProbe.periodSeconds": fromOne,
  "startupProbe.failureThreshold": fromOne,
  "livenessProbe.periodSeconds": fromOne,
  "livenessProbe.failureThreshold": fromOne,
  "readinessProbe.periodSeconds": fromOne,
  "readinessProbe.failureThreshold": fromOne,
  "networkPolicy.ingress.from": mappings,
  "networkPolicy.egress.extra": mappings,
  "serviceMonitor.interval": duration,
  "serviceMonitor.scrapeTimeout": duration,
  "serviceMonitor.labels": texts,
  "serviceMonitor.relabelings": mappings,
  "serviceMonitor.metricRelabelings": mappings,
  "prometheusRule.labels": texts,
  "prometheusRule.runbookUrl": { type: "string", pattern: "^https?://" },
  "prometheusRule.disabledAlerts": { type: "array", items: text },
  "prometheusRule.severities": { type: "object", additionalProperties: oneOf("critical", "warning", "info") },
  "grafana.dashboard.sidecarLabel": text,
  "grafana.dashboard.annotations": texts,
  nodeSelector: texts,
  tolerations: mappings,
};
