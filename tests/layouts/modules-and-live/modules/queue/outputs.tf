output "url" {
  description = "Where messages are sent to."
  value       = aws_sqs_queue.main.url
}
