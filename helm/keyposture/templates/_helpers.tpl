{{- define "keyposture.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 52 characters: the controller adds a hash of ten to the name of a StatefulSet for a label of its pods. */}}
{{- define "keyposture.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := include "keyposture.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "keyposture.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "keyposture.selectorLabels" -}}
app.kubernetes.io/name: {{ include "keyposture.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "keyposture.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "keyposture.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name, namespace and labels of an object. */}}
{{- define "keyposture.metadata" -}}
name: {{ include "keyposture.fullname" . }}
namespace: {{ include "keyposture.namespace" . }}
labels:
  {{- include "keyposture.labels" . | nindent 2 }}
{{- end }}

{{- define "keyposture.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "keyposture.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "keyposture.image" -}}
{{- with .Values.image }}
{{- $name := empty .registry | ternary .repository (printf "%s/%s" .registry .repository) }}
{{- if .digest }}
{{- printf "%s@%s" $name .digest }}
{{- else }}
{{- printf "%s:%s" $name (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The configuration of the service, as it is written to its file. */}}
{{- define "keyposture.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if .Values.tokens.existingSecret }}
{{- $file := printf "/etc/keyposture-tokens/%s" .Values.tokens.key }}
{{- $_ := set $config "server" (merge (dict "auth" "tokens" "tokens_file" $file) $config.server) }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{/* Whether a host can be reached from this pod only: "true" or nothing. */}}
{{- define "keyposture.isLoopback" -}}
{{- if or (eq . "localhost") (eq . "::1") (hasPrefix "127." .) }}true{{ end }}
{{- end }}

{{/* The ports that can be reached from outside the pod, by name. */}}
{{- define "keyposture.openPorts" -}}
{{- $ports := dict }}
{{- with .Values.config.server }}
{{- if not (include "keyposture.isLoopback" .host) }}
{{- $_ := set $ports "http" (int .port) }}
{{- end }}
{{- end }}
{{- with .Values.config.metrics }}
{{- if and .enabled (not (include "keyposture.isLoopback" .host)) }}
{{- $_ := set $ports "metrics" (int .port) }}
{{- end }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{/* How a probe asks: by the kubelet where a port with these answers is open, else from inside the pod. */}}
{{- define "keyposture.probe" -}}
{{- $ports := include "keyposture.openPorts" .root | fromYaml }}
{{- $metrics := .root.Values.config.metrics.enabled }}
{{- if and $metrics $ports.metrics }}
httpGet:
  path: {{ .path }}
  port: metrics
timeoutSeconds: 5
{{- else if and (not $metrics) $ports.http }}
httpGet:
  path: {{ .path }}
  port: http
timeoutSeconds: 5
{{- else }}
exec:
  command: [keyposture, healthcheck{{ if eq .path "/readyz" }}, --ready{{ end }}]
timeoutSeconds: 10
{{- end }}
{{ toYaml .timing }}
{{- end }}
