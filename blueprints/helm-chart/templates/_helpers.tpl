{{/*
Names, labels and references. Every chart carries the same helpers; what differs comes from .Chart and .Values.
*/}}

{{/*
Name of the application: the first half of the selector.
*/}}
{{- define "chart.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
Name of every object, at most 63 characters. A release that is called after the application, or begins
with its name, needs nothing added; any other release comes first, so that two of them never meet.
*/}}
{{- define "chart.fullname" -}}
{{- $name := include "chart.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if or (eq .Release.Name $name) (hasPrefix (printf "%s-" $name) .Release.Name) }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/*
Labels that select the Pods. A Deployment cannot change its selector: these never change after the first release.
*/}}
{{- define "chart.selectorLabels" -}}
app.kubernetes.io/name: {{ include "chart.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/*
Labels that select nothing, on every object and Pod.
*/}}
{{- define "chart.commonLabels" -}}
app.kubernetes.io/version: {{ regexReplaceAll "[^A-Za-z0-9._-]+" .Chart.AppVersion "-" | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/part-of: {{ .Values.partOf | default (include "chart.name" .) | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Labels of every object. Pods go without the version of the chart, so that it alone restarts nothing.
*/}}
{{- define "chart.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." }}
{{ include "chart.selectorLabels" . }}
{{ include "chart.commonLabels" . }}
{{- end }}

{{/*
Labels of the objects of `helm test`: no selector of the application matches them.
*/}}
{{- define "chart.testSelectorLabels" -}}
app.kubernetes.io/name: {{ include "chart.name" . | trunc 58 | trimSuffix "-" }}-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "chart.testName" -}}
{{ include "chart.fullname" . | trunc 58 | trimSuffix "-" }}-test
{{- end }}

{{- define "chart.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "chart.fullname" .) }}
{{- else }}
{{- required "serviceAccount.create is false: set serviceAccount.name to the ServiceAccount that Pods run as" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/*
Reference of an image; a digest is what the cluster pulls, the tag beside it is for people.
Takes a dict: image (repository, tag, digest), defaultTag, key (where it stands in values.yaml).
*/}}
{{- define "chart.imageReference" -}}
{{- $tag := .image.tag | default .defaultTag }}
{{- if .image.digest }}
{{- printf "%s:%s@%s" .image.repository $tag .image.digest }}
{{- else if eq $tag "latest" }}
{{- fail (printf "%s.tag is latest, which names no version: set %s.tag to a release, or %s.digest" .key .key .key) }}
{{- else }}
{{- printf "%s:%s" .image.repository $tag }}
{{- end }}
{{- end }}

{{- define "chart.image" -}}
{{- include "chart.imageReference" (dict "image" .Values.image "defaultTag" .Chart.AppVersion "key" "image") }}
{{- end }}

{{- define "chart.claimName" -}}
{{- .Values.persistence.existingClaim | default (include "chart.fullname" .) }}
{{- end }}

{{/*
Pattern of the names of the Pods. Kubernetes cuts them to 63 characters, which takes the suffixes off long names.
*/}}
{{- define "chart.podPattern" -}}
{{- $fullname := include "chart.fullname" . }}
{{- ternary (printf "%s-[a-z0-9]+-[a-z0-9]{5}" $fullname) (printf "%s.+" (trunc 46 $fullname)) (le (len $fullname) 46) }}
{{- end }}
