{{- define "tonight.name" -}}
{{ if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "tonight.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tonight.labels" -}}
{{ include "tonight.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "tonight.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- /* The Secret of the database's URL: the one that is named, or the operator's. */ -}}
{{- define "tonight.databaseSecret" -}}
{{ if .Values.postgresql.enabled }}{{ include "tonight.name" . }}-database-app{{ else }}{{ .Values.secrets.databaseUrl.name }}{{ end }}
{{- end }}

{{- define "tonight.databaseKey" -}}
{{ if .Values.postgresql.enabled }}uri{{ else }}{{ .Values.secrets.databaseUrl.key }}{{ end }}
{{- end }}

{{- define "tonight.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "tonight.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "tonight.environment" -}}
- {name: WEB_CONCURRENCY, value: {{ .Values.workers | quote }}}
- {name: TONIGHT_METRICS_HOST, value: "0.0.0.0"}
- {name: TONIGHT_DRAIN_SECONDS, value: {{ .Values.drainSeconds | quote }}}
- {name: TONIGHT_SHUTDOWN_SECONDS, value: {{ .Values.shutdownSeconds | quote }}}
{{- if include "tonight.databaseSecret" . }}
- {name: TONIGHT_DATABASE_URL_FILE, value: /run/secrets/tonight/database-url}
{{- end }}
{{- if .Values.secrets.signingKeys.name }}
- {name: TONIGHT_SIGNING_KEYS_FILE, value: /run/secrets/tonight/signing-keys}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{- define "tonight.mounts" -}}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
- {name: secrets, mountPath: /run/secrets/tonight, readOnly: true}
{{- end }}

{{- define "tonight.volumes" -}}
- name: data
  {{- if .Values.data.claim }}
  persistentVolumeClaim: {claimName: {{ .Values.data.claim }}}
  {{- else }}
  emptyDir: {sizeLimit: 2Gi}
  {{- end }}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- if include "tonight.databaseSecret" . }}
      - secret:
          name: {{ include "tonight.databaseSecret" . }}
          items: [{key: {{ include "tonight.databaseKey" . }}, path: database-url}]
      {{- end }}
      {{- with .Values.secrets.signingKeys }}
      {{- if .name }}
      - secret:
          name: {{ .name }}
          items: [{key: {{ .key }}, path: signing-keys}]
      {{- end }}
      {{- end }}
      - downwardAPI:
          items: [{path: pod, fieldRef: {fieldPath: metadata.name}}]
{{- end }}

{{- /* A pod that runs one command and ends; takes (dict "root" . "name" "command" ...). */ -}}
{{- define "tonight.jobPod" -}}
{{- $root := .root -}}
metadata:
  labels:
    app.kubernetes.io/name: {{ $root.Chart.Name }}-{{ .name }}
    app.kubernetes.io/instance: {{ $root.Release.Name }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    {{- include "tonight.podSecurity" $root | nindent 4 }}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets: {{ toJson . }}
  {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector: {{ toJson . }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations: {{ toJson . }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "tonight.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      command: {{ toJson .command }}
      env:
        {{- include "tonight.environment" $root | nindent 8 }}
        {{- if .backups }}
        - {name: TONIGHT_BACKUP_DIR, value: /backups}
        {{- end }}
      securityContext:
        {{- include "tonight.containerSecurity" $root | nindent 8 }}
      resources:
        requests: {cpu: 100m, memory: 256Mi}
        limits: {memory: 1Gi}
      volumeMounts:
        {{- include "tonight.mounts" $root | nindent 8 }}
        {{- if .backups }}
        - {name: backups, mountPath: /backups}
        {{- end }}
  volumes:
    {{- include "tonight.volumes" $root | nindent 4 }}
    {{- if .backups }}
    - name: backups
      persistentVolumeClaim: {claimName: {{ .backups }}}
    {{- end }}
{{- end }}
