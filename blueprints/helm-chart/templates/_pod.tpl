{{/*
Annotations of the Deployment. Without a digest a scanner is right to ask for one, so the reason stands beside it.
*/}}
{{- define "chart.deploymentAnnotations" -}}
{{- if not .Values.image.digest }}
checkov.io/skip1: CKV_K8S_43=The chart names a release by its tag, whoever deploys it pins image.digest
{{- end }}
{{- with .Values.deploymentAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "chart.podAnnotations" -}}
{{- with .Values.config }}
checksum/config: {{ toJson . | sha256sum }}
{{- end }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Update strategy; rollingUpdate belongs to RollingUpdate alone. A volume of one node cannot follow a second Pod.
*/}}
{{- define "chart.strategy" -}}
{{- $shared := or (has "ReadWriteMany" .Values.persistence.accessModes) (has "ReadOnlyMany" .Values.persistence.accessModes) }}
{{- if and .Values.persistence.enabled (not $shared) }}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) (ne .Values.strategy.type "Recreate") }}
{{- fail (printf "persistence.accessModes is %s, a volume for one node: set replicaCount to 1, strategy.type to Recreate and leave autoscaling off, or use ReadWriteMany" (join ", " .Values.persistence.accessModes)) }}
{{- end }}
{{- end }}
type: {{ .Values.strategy.type }}
{{- if eq .Values.strategy.type "RollingUpdate" }}
rollingUpdate:
  {{- toYaml .Values.strategy.rollingUpdate | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Environment from the ConfigMap of this chart, then Secrets, then what the values add: the last one wins.
*/}}
{{- define "chart.envFrom" -}}
{{- if .Values.config }}
- configMapRef:
    name: {{ include "chart.fullname" . }}
{{- end }}
{{- if .Values.externalSecret.enabled }}
- secretRef:
    name: {{ include "chart.fullname" . }}
{{- end }}
{{- with .Values.existingSecret }}
- secretRef:
    name: {{ . }}
{{- end }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "chart.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.persistence.enabled }}
- name: data
  mountPath: {{ .Values.persistence.mountPath }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "chart.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.tmpSizeLimit }}
{{- if .Values.persistence.enabled }}
- name: data
  persistentVolumeClaim:
    claimName: {{ include "chart.claimName" . }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Affinity of the values, or else one Pod a host wherever there are hosts enough.
*/}}
{{- define "chart.affinity" -}}
{{- if .Values.affinity }}
{{- toYaml .Values.affinity }}
{{- else -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "chart.selectorLabels" . | nindent 12 }}
{{- end }}
{{- end }}

{{/*
One constraint for each topology key, counted within one revision so that a rollout cannot skew it.
*/}}
{{- define "chart.topologySpread" -}}
{{- range .Values.topologySpread.keys }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
  labelSelector:
    matchLabels:
      {{- include "chart.selectorLabels" $ | nindent 6 }}
  matchLabelKeys:
    - pod-template-hash
{{- end }}
{{- end }}
