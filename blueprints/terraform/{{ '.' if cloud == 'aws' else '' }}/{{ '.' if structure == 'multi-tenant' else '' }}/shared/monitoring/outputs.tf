output "alerts_topic_arn" {
  description = "Topic that alarms and findings are published to."
  value       = aws_sns_topic.alerts.arn
}
