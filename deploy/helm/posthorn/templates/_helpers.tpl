{{/* The services; each is an image, a Deployment, a Secret. */}}
{{- define "posthorn.services" -}}
gateway registry router dispatcher ledger alerts
{{- end }}

{{- define "posthorn.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Those below take a dict of `root` and `service`. */}}
{{- define "posthorn.name" -}}
{{ include "posthorn.fullname" .root }}-{{ .service }}
{{- end }}

{{- define "posthorn.selector" -}}
app.kubernetes.io/name: posthorn
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "posthorn.labels" -}}
{{ include "posthorn.selector" . }}
{{ include "posthorn.commonLabels" .root }}
{{- end }}

{{- define "posthorn.commonLabels" -}}
app.kubernetes.io/part-of: posthorn
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* What a service has: its own over the defaults, as YAML. */}}
{{- define "posthorn.settings" -}}
{{- $own := index .root.Values.services .service | default dict -}}
{{- toYaml (mergeOverwrite (deepCopy .root.Values.defaults) $own) -}}
{{- end }}

{{/* Where the gateway is reached, from inside the cluster and through its ingress: no destination of webhooks. */}}
{{- define "posthorn.publicUrls" -}}
{{- $name := include "posthorn.name" (dict "root" . "service" "gateway") }}
{{- $port := .Values.gateway.service.port }}
{{- $urls := list }}
{{- range list "" (printf ".%s" .Release.Namespace) (printf ".%s.svc" .Release.Namespace) (printf ".%s.svc.cluster.local" .Release.Namespace) }}
{{- $urls = append $urls (printf "http://%s%s:%v" $name . $port) }}
{{- end }}
{{- if .Values.gateway.ingress.enabled }}
{{- range .Values.gateway.ingress.hosts }}
{{- if .host }}
{{- $urls = append $urls (printf "https://%s" .host) }}
{{- end }}
{{- end }}
{{- end }}
{{- join "," $urls }}
{{- end }}
