{{/*
What the schema of the values cannot say: rules between several of them. Every mistake at once, each with what to do.
*/}}
{{- define "keyposture.refuseInconsistencies" -}}
{{- $found := concat
  (include "keyposture.configMistakes" . | fromYamlArray)
  (include "keyposture.identityMistakes" . | fromYamlArray)
  (include "keyposture.monitoringMistakes" . | fromYamlArray) }}
{{- if $found }}
{{- fail (printf "\n- %s" (join "\n- " $found)) }}
{{- end }}
{{- end }}

{{- define "keyposture.configMistakes" -}}
{{- $found := list }}
{{- $config := .Values.config }}
{{- if not (hasPrefix "/var/lib/keyposture/" $config.database) }}
{{- $found = append $found "config.database has to lie on the volume, in /var/lib/keyposture/: nothing else can be written" }}
{{- end }}
{{- if not (include "keyposture.isLoopback" $config.server.host) }}
{{- if not (or .Values.tokens.existingSecret (eq (default "none" $config.server.auth) "tokens")) }}
{{- $found = append $found "config.server.host may be other than loopback only where the API asks for tokens: name a secret under tokens.existingSecret, or set config.server.auth to tokens" }}
{{- end }}
{{- end }}
{{- if and .Values.tokens.existingSecret $config.server.tokens_file }}
{{- $found = append $found "tokens.existingSecret says where the tokens are: leave config.server.tokens_file out" }}
{{- end }}
{{- if and .Values.tokens.existingSecret (eq (default "tokens" $config.server.auth) "none") }}
{{- $found = append $found "tokens.existingSecret makes the API ask for tokens: leave config.server.auth out, or set it to tokens" }}
{{- end }}
{{- range $name := list "server" "metrics" }}
{{- if eq (int (get $config $name).port) 0 }}
{{- $found = append $found (printf "config.%s.port has to be named: of one that the system chooses nobody else knows" $name) }}
{{- end }}
{{- end }}
{{- if and $config.metrics.enabled (ne (int $config.metrics.port) 0) (eq (int $config.metrics.port) (int $config.server.port)) }}
{{- $found = append $found "config.server.port and config.metrics.port have to differ" }}
{{- end }}
{{- if not .Values.extraEnvFrom }}
{{- $known := list }}
{{- range .Values.extraEnv }}
{{- $known = append $known .name }}
{{- end }}
{{- range regexFindAll "\\$?\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" (toYaml $config) -1 | uniq }}
{{- $name := trimPrefix "${" . | trimSuffix "}" }}
{{- if not (or (hasPrefix "$$" .) (has $name $known)) }}
{{- $found = append $found (printf "config asks for the variable %s of the environment: set it under extraEnv, or bring it by extraEnvFrom" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{- define "keyposture.identityMistakes" -}}
{{- $found := list }}
{{- $account := .Values.serviceAccount }}
{{- if and (not $account.create) (not $account.name) }}
{{- $found = append $found "serviceAccount.name is needed where serviceAccount.create is false" }}
{{- end }}
{{- with .Values.cloudIdentity.aws }}
{{- if and .enabled (eq .mode "irsa") (not .roleArn) $account.create }}
{{- $found = append $found "cloudIdentity.aws.roleArn is needed with mode irsa" }}
{{- end }}
{{- if and .enabled (eq .mode "podIdentity") .roleArn }}
{{- $found = append $found "cloudIdentity.aws.roleArn has no meaning with mode podIdentity: the pod identity association names the role" }}
{{- end }}
{{- if and (not .enabled) .roleArn }}
{{- $found = append $found "cloudIdentity.aws.roleArn is set, but cloudIdentity.aws.enabled is false" }}
{{- end }}
{{- if and .enabled .roleArn (not $account.create) }}
{{- $found = append $found "cloudIdentity.aws.roleArn cannot be put on a service account that the chart does not make: annotate yours with eks.amazonaws.com/role-arn, and leave roleArn empty" }}
{{- end }}
{{- end }}
{{- with .Values.cloudIdentity.gcp }}
{{- if and (not .enabled) .gsa }}
{{- $found = append $found "cloudIdentity.gcp.gsa is set, but cloudIdentity.gcp.enabled is false" }}
{{- end }}
{{- if and .enabled .gsa (not $account.create) }}
{{- $found = append $found "cloudIdentity.gcp.gsa cannot be put on a service account that the chart does not make: annotate yours with iam.gke.io/gcp-service-account, and leave gsa empty" }}
{{- end }}
{{- end }}
{{- with .Values.cloudIdentity.azure }}
{{- if and .enabled (not .clientId) $account.create }}
{{- $found = append $found "cloudIdentity.azure.clientId is needed" }}
{{- end }}
{{- if and (not .enabled) (or .clientId .tenantId) }}
{{- $found = append $found "cloudIdentity.azure.clientId or tenantId is set, but cloudIdentity.azure.enabled is false" }}
{{- end }}
{{- if and .enabled (or .clientId .tenantId) (not $account.create) }}
{{- $found = append $found "cloudIdentity.azure.clientId and tenantId cannot be put on a service account that the chart does not make: annotate yours with azure.workload.identity/client-id, and leave both empty" }}
{{- end }}
{{- end }}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.egress.allowMetadata) }}
{{- if or .Values.cloudIdentity.gcp.enabled (and .Values.cloudIdentity.aws.enabled (eq .Values.cloudIdentity.aws.mode "podIdentity")) }}
{{- $found = append $found "networkPolicy.egress.allowMetadata has to be true: the pod's identity comes from a metadata service" }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{- define "keyposture.monitoringMistakes" -}}
{{- $found := list }}
{{- $ports := include "keyposture.openPorts" . | fromYaml }}
{{- if and .Values.serviceMonitor.enabled (not $ports.metrics) }}
{{- $found = append $found "serviceMonitor.enabled takes config.metrics.enabled, and a config.metrics.host other than loopback" }}
{{- end }}
{{- $alerts := list }}
{{- range (.Files.Get "rules/keyposture.rules.yml" | fromYaml).groups }}
{{- range .rules }}
{{- $alerts = append $alerts .alert }}
{{- end }}
{{- end }}
{{- range concat .Values.prometheusRule.disabledAlerts (keys .Values.prometheusRule.severities | sortAlpha) }}
{{- if not (has . $alerts) }}
{{- $found = append $found (printf "prometheusRule names an alert that there is not: %s" .) }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}
