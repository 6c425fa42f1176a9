output "key_arn" {
  description = "ARN of the key."
  value       = module.kms.key_arn
}
