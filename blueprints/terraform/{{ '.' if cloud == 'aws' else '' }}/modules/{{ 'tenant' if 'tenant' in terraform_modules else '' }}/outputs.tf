output "bucket_name" {
  description = "Name of the tenant's bucket."
  value       = aws_s3_bucket.this.id
}

output "bucket_arn" {
  description = "ARN of the tenant's bucket."
  value       = aws_s3_bucket.this.arn
}

output "secrets_prefix" {
  description = "What the names of the tenant's secrets begin with, the last slash included."
  value       = local.secrets_prefix
}

output "role_arn" {
  description = "ARN of the IAM role of the tenant's pods; null without a cluster or service accounts."
  value       = one(aws_iam_role.workload[*].arn)
}
